"""Google's speech embedding, which knows words from millions of voices."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from voxtrait.model_file.session import start_session
from voxtrait.training.teachers.base import Teacher

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["SpeechEmbedding"]

SAMPLES = 20_000  # 1.25 s, with the word in the middle
FRAMES, HOP = 76, 8  # of 10 ms: one embedding's, and from one embedding to the next
OUTER = 0.005  # share of the energy before and behind what is taken for the word
PEAK, HISS = 0.5, 1e-4  # of full scale
FULL_SCALE = 32767  # its spectra are of 16-bit numbers
SCALE, OFFSET = 0.1, 2.0  # from decibels to what its convolutions were trained on


class SpeechEmbedding(Teacher):
    """Six embeddings of 0.76 s each, 0.08 s apart, over one word.

    J. Lin, K. Kilgour, D. Roblek and M. Sharifi, "Training Keyword Spotters with Limited and
    Synthesized Speech Data", 2020, arXiv:2002.01322: 330,000 weights trained to tell groups of
    keywords apart in 200 million clips, Apache-2.0. The openWakeWord project put it into ONNX, and
    torchaudio's mel spectrogram before it.
    """

    style: ClassVar[str] = "word"
    width: ClassVar[int] = 6 * 96
    files: ClassVar[Mapping[str, str]] = {
        "melspectrogram.onnx": "ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f",
        "embedding_model.onnx": "ba754db3cd768a524c655ea90655ee5e6055a43b8dfd29366a11e93716ae9e51",
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.spectra, self.embeddings = (
            start_session(data, name, threads=1) for name, data in self.data.items()
        )

    def lesson(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Teacher.lesson`; ``[576]``."""
        sound = _centred(waveform) * FULL_SCALE
        (spectra,) = self.spectra.run(None, {"input": sound[None]})
        frames = spectra.reshape(-1, spectra.shape[-1]) * SCALE + OFFSET
        windows = np.lib.stride_tricks.sliding_window_view(frames, FRAMES, axis=0)[::HOP]
        pieces = windows.transpose(0, 2, 1)[..., None].astype(np.float32)
        (embeddings,) = self.embeddings.run(None, {"input_1": pieces})
        return np.asarray(embeddings, np.float32).reshape(self.width)


def _centred(waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """1.25 s with the middle of the sound in their middle, at one level, with a hiss behind."""
    energy = np.cumsum(waveform.astype(np.float64) ** 2)
    whole = float(energy[-1]) if len(energy) else 0.0
    first, last = np.searchsorted(energy, [OUTER * whole, (1 - OUTER) * whole])
    start = int(first + last) // 2 - SAMPLES // 2
    piece = np.zeros(SAMPLES, np.float32)
    begin, end = max(0, start), min(len(waveform), start + SAMPLES)
    piece[begin - start : end - start] = waveform[begin:end]
    piece *= np.float32(PEAK / (float(np.abs(piece).max()) + 1e-9))
    hiss = np.random.default_rng(0).normal(size=SAMPLES)
    return piece + np.float32(HISS) * hiss.astype(np.float32)
