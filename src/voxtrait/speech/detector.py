"""The network that says how likely each 10 ms of a recording are speech."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.errors import WrongModel
from voxtrait.speech.frames import SAMPLE_RATE, FrameStream
from voxtrait.speech.stream import Segment, SpeechStream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxtrait.model_file import ModelFile

__all__ = ["SpeechDetector"]


class SpeechDetector:
    """Speech of a recording at 16 kHz, by a model file of kind ``frames``.

    Args:
        model: its graph has the output ``speech``: probabilities ``[batch, frames]``, frame ``t``
            centred at ``t * frame_seconds``, ``1 + samples // hop`` of them.
        threads: of each run.

    Raises:
        WrongModel: the model is none for speech, or not for 16 kHz.
    """

    def __init__(self, model: ModelFile, threads: int = 1) -> None:
        card = model.card
        if card.kind != "frames" or card.sample_rate != SAMPLE_RATE:
            raise WrongModel(
                f"The model {card.name} is of kind {card.kind} at {card.sample_rate} Hz; "
                f"a speech detector is of kind frames at {SAMPLE_RATE} Hz.",
                "Give the model as one of traits, or leave the detector out.",
            )
        self.model = model
        self.threads = threads
        self.threshold = card.threshold
        self.sure = card.sure or card.threshold
        self.hop = round(card.frame_seconds * SAMPLE_RATE)
        if SAMPLE_RATE % self.hop:
            raise WrongModel(
                f"The model {card.name} has frames of {card.frame_seconds:g} s; "
                "a whole number of them must make a second.",
                "Export the detector with frames of 0.01 s.",
            )

    def probabilities(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        """How likely each frame is speech, block by block as a stream would be asked.

        Args:
            waveform: ``[samples]`` at 16 kHz.

        Returns:
            ``[1 + samples // hop]``, 0 to 1; empty for an empty waveform.
        """
        stream = FrameStream(self)
        return np.concatenate([stream.push(waveform), stream.finish()])

    def segments(self, waveform: NDArray[np.float32]) -> list[Segment]:
        """Where somebody speaks; see :class:`~voxtrait.speech.stream.SpeechStream`.

        Args:
            waveform: ``[samples]`` at 16 kHz.
        """
        stream = SpeechStream(self)
        return [passage.segment for passage in [*stream.push(waveform), *stream.finish()]]

    def ask(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities of one block, ``[samples]`` to ``[frames]``, in one run of the graph."""
        lengths = np.array([len(waveform)], np.int64)
        found = self.model.run(waveform[None], lengths, self.threads)["speech"]
        need = (1, 1 + len(waveform) // self.hop)
        if found.shape != need:
            raise WrongModel(
                f"The model {self.model.card.name} gave frames of shape {found.shape} for "
                f"{len(waveform)} samples; its card needs {need}.",
                "Export it again: the graph and its card do not fit.",
            )
        frames: NDArray[np.float32] = found[0]
        return frames
