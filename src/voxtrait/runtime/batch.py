"""Pieces of speech waiting for a network, asked about together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from voxtrait import audio
from voxtrait.runtime.calibration import log_softmax
from voxtrait.speech import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from voxtrait.model_file import ModelFile

__all__ = ["Batch", "LogChances"]

LogChances: TypeAlias = "Mapping[str, NDArray[np.float64]]"
# Rows of one run, and how much longer than its shortest row the longest may be. Padding is
# computed like speech, so that it must stay cheaper than the runs it saves.
MOST_ROWS = 16
MOST_STRETCH = 1.1
# What may wait: few enough seconds that memory stays constant whatever is asked about.
MOST_WAITING = 60 * SAMPLE_RATE


class Piece(NamedTuple):
    """One row of a run to come.

    Args:
        waveform: ``[samples]`` at the model's rate.
        take: is given the log-probabilities by trait, each ``[labels]``.
    """

    waveform: NDArray[np.float32]
    take: Callable[[LogChances], None]


class Batch:
    """Collects pieces of speech and runs the networks on rows of similar length.

    Args:
        threads: of each run.
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self._waiting: dict[int, tuple[ModelFile, list[Piece]]] = {}
        self._samples = 0

    def ask(
        self, model: ModelFile, speech: NDArray[np.float32], take: Callable[[LogChances], None]
    ) -> None:
        """Ask a model about a piece of speech, now or later.

        Args:
            model: of kind ``traits``.
            speech: ``[samples]`` at 16 kHz.
            take: called with the log-probabilities by trait, each ``[labels]``, in no particular
                order.
        """
        piece = Piece(_fitting(model, speech), take)
        self._waiting.setdefault(id(model), (model, []))[1].append(piece)
        self._samples += len(piece.waveform)
        if self._samples > MOST_WAITING:
            self.run()

    def run(self) -> None:
        """Answer all that waits."""
        waiting, self._waiting, self._samples = self._waiting, {}, 0
        for model, pieces in waiting.values():
            pieces.sort(key=lambda piece: len(piece.waveform))
            first = 0
            for place in range(1, len(pieces) + 1):
                if place == len(pieces) or not _alike(pieces, first, place):
                    self._run(model, pieces[first:place])
                    first = place

    def _run(self, model: ModelFile, pieces: list[Piece]) -> None:
        lengths = np.array([len(piece.waveform) for piece in pieces], np.int64)
        rows = np.zeros((len(pieces), model.samples or lengths.max()), np.float32)
        for row, piece in zip(rows, pieces, strict=True):
            row[: len(piece.waveform)] = piece.waveform
        logits = model.run(rows, lengths, self.threads)
        # All rows in one call, the same to the bit: only one thread at a time can run Python.
        chances = {name: log_softmax(values) for name, values in logits.items()}
        for index, piece in enumerate(pieces):
            piece.take({name: values[index] for name, values in chances.items()})


def _alike(pieces: list[Piece], first: int, place: int) -> bool:
    """Whether a piece may share a run with those from ``first`` on."""
    stretch = len(pieces[place].waveform) / max(1, len(pieces[first].waveform))
    return place - first < MOST_ROWS and stretch <= MOST_STRETCH


def _fitting(model: ModelFile, speech: NDArray[np.float32]) -> NDArray[np.float32]:
    """Speech at the model's rate, its middle where the graph takes no more."""
    if model.card.sample_rate != SAMPLE_RATE:
        speech = audio.resample(speech, SAMPLE_RATE, model.card.sample_rate)
    if model.samples is None or len(speech) <= model.samples:
        return speech
    first = (len(speech) - model.samples) // 2
    return speech[first : first + model.samples]
