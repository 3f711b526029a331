"""How likely each frame of a stream is speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from voxtrait.speech.tape import Tape

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SAMPLE_RATE", "FrameModel", "FrameStream"]

SAMPLE_RATE = 16_000
BLOCK_SECONDS = 10
OVERLAP_SECONDS = 1


class FrameModel(Protocol):
    """What a stream must know of a detector.

    Attributes:
        hop: samples from one frame to the next.
        threshold: the probability from which a frame is speech.
        sure: the one that some frame must reach in a recording too long to be one word; see
            `voxtrait.speech.stream.SpeechStream`.
    """

    hop: int
    threshold: float
    sure: float

    def ask(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities of one block, ``[samples]`` to ``[1 + samples // hop]``."""


class FrameStream:
    """Samples in, probabilities out, in constant memory.

    A recording of up to 10 s is one block. A longer one is asked about in blocks of 10 s that
    overlap by 1 s, of which each side's half is left to the neighbour; the last block is moved
    back to be a whole one, since the network judges levels by what surrounds them. The answer
    does not depend on how the samples are divided into pushes.
    """

    def __init__(self, detector: FrameModel) -> None:
        self._detector = detector
        self._tape = Tape()
        self._next = 0  # where the next block starts
        self._frames = 0  # how many were given

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Go on with samples ``[n]``, and give the frames that are settled by now."""
        self._tape.push(samples)
        block, overlap = BLOCK_SECONDS * SAMPLE_RATE, OVERLAP_SECONDS * SAMPLE_RATE
        found = []
        # Strictly more than a block: only then is it known not to be the last one.
        while self._tape.end > self._next + block:
            end = self._next + block
            found.append(self._ask(self._next, end, (end - overlap // 2) // self._detector.hop))
            # The last block may start anywhere after this one.
            self._tape.forget(self._next)
            self._next += block - overlap
        return np.concatenate(found) if found else np.zeros(0, np.float32)

    def finish(self) -> NDArray[np.float32]:
        """The frames up to the end of the stream."""
        end, hop = self._tape.end, self._detector.hop
        if not end:
            return np.zeros(0, np.float32)
        start = max(0, -(-(end - BLOCK_SECONDS * SAMPLE_RATE) // hop) * hop)
        return self._ask(start, end, 1 + end // hop)

    def _ask(self, start: int, end: int, limit: int) -> NDArray[np.float32]:
        first = start // self._detector.hop
        frames = self._detector.ask(self._tape.cut(start, end))[
            self._frames - first : limit - first
        ]
        self._frames = limit
        return frames
