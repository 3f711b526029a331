"""Resemblyzer's voice encoder, which tells thousands of voices apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils import vector_to_parameters

from voxtrait.training.energy import keep_speech, speech_frames
from voxtrait.training.teachers.base import Teacher

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["VoiceEmbedding"]

RATE = 16_000
SAMPLES = 8 * RATE  # of speech; more of a voice changes little
SOFTEST = 10 ** (-30 / 20)  # of full scale, root mean square
BANDS, FFT, HOP = 40, 400, 160
FRAMES, STEP = 160, 80  # of one embedding, and from one to the next
WIDTH, LAYERS = 256, 3
# The file is a checkpoint of 2019: pickled objects, which nothing here reads, then the numbers of
# each tensor as they lie in memory. Where in these very bytes, and how many:
LSTM, MATRIX, OFFSET = (269_883, 1_357_824), (7_731, WIDTH**2), (6_699, WIDTH)


class VoiceEmbedding(Teacher):
    """The mean embedding of a voice over windows of 1.6 s, 0.8 s apart.

    L. Wan, Q. Wang, A. Papir and I. Lopez Moreno, "Generalized End-to-End Loss for Speaker
    Verification", ICASSP 2018, arXiv:1710.10467, as Resemblyzer 0.1.4 ships it: 1.4 million
    weights, trained on VoxCeleb 1 and 2 and LibriSpeech train-other-500, Apache-2.0.
    """

    style: ClassVar[str] = "recording"
    width: ClassVar[int] = WIDTH
    files: ClassVar[Mapping[str, str]] = {
        "pretrained.pt": "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e",
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.filters = mel_filters()
        self.window = torch.hann_window(FFT)
        self.lstm = nn.LSTM(BANDS, WIDTH, LAYERS, batch_first=True)
        self.linear = nn.Linear(WIDTH, WIDTH)
        # All weights of the LSTM lie before all of its biases.
        named = sorted(self.lstm.named_parameters(), key=lambda one: one[0].startswith("bias"))
        vector_to_parameters(self._numbers(LSTM), [tensor for _, tensor in named])
        vector_to_parameters(self._numbers(MATRIX), [self.linear.weight])
        vector_to_parameters(self._numbers(OFFSET), [self.linear.bias])

    def lesson(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Teacher.lesson`; ``[256]``, none below 0."""
        with torch.inference_mode():
            powers = self.powers(torch.from_numpy(_prepared(waveform)))
            missing = max(0, FRAMES - len(powers))
            windows = nn.functional.pad(powers, (0, 0, 0, missing)).unfold(0, FRAMES, STEP)
            _, (last, _) = self.lstm(windows.transpose(1, 2))
            embeddings = normalize(torch.relu(self.linear(last[-1])))
        return np.asarray(embeddings.mean(dim=0).numpy(), np.float32)

    def powers(self, sound: Tensor) -> Tensor:
        """Power of 40 mel bands every 10 ms, ``[1 + samples // 160, 40]``."""
        spectrum = torch.stft(
            sound,
            FFT,
            HOP,
            window=self.window,
            pad_mode="constant",
            return_complex=True,
        )
        return (self.filters @ spectrum.abs().square()).T

    def _numbers(self, place: tuple[int, int]) -> Tensor:
        start, count = place
        values = np.frombuffer(self.data["pretrained.pt"], "<f4", count, start)
        return torch.from_numpy(values.astype(np.float32))


def _prepared(waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """The first seconds of speech, raised to a level that was trained on."""
    sound = keep_speech(waveform, speech_frames(waveform))[:SAMPLES]
    level = float(np.sqrt(np.square(sound, dtype=np.float64).mean())) if len(sound) else 0.0
    return np.ascontiguousarray(sound * np.float32(max(1.0, SOFTEST / max(level, 1e-6))))


def mel_filters() -> Tensor:
    """M. Slaney's triangles of equal area from 0 to 8,000 Hz, as librosa's: ``[40, 201]``.

    His mel scale ("Auditory Toolbox", 1998) is linear up to 1,000 Hz and logarithmic above.
    """
    knee, step = 15.0, np.log(6.4) / 27
    mels = np.linspace(0, knee + np.log(8) / step, BANDS + 2)
    edges = np.where(mels < knee, mels * 200 / 3, 1000 * np.exp(step * (mels - knee)))
    bins = np.linspace(0, RATE / 2, FFT // 2 + 1)
    low, middle, high = (edges[i : i + BANDS, None] for i in range(3))
    triangles = np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle))
    filters = np.maximum(triangles, 0) * 2 / (high - low)
    return torch.from_numpy(filters.astype(np.float32))
