"""The last seconds of a stream of samples, found by their place in the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Tape"]


class Tape:
    """Samples are put on at the end, read anywhere, and forgotten from the front.

    Attributes:
        end: samples ever put on.
    """

    def __init__(self) -> None:
        self.end = 0
        self._chunks: list[NDArray[np.float32]] = []
        self._start = 0

    def push(self, samples: NDArray[np.float32]) -> None:
        """Put samples on at the end, ``[n]``."""
        if len(samples):
            self._chunks.append(samples)
            self.end += len(samples)

    def cut(self, start: int, end: int) -> NDArray[np.float32]:
        """The samples from ``start`` to before ``end``, counted from the stream's beginning.

        Raises:
            IndexError: some of them are forgotten or have not come yet.
        """
        if not self._start <= start <= end <= self.end:
            raise IndexError(f"{start} to {end} of {self._start} to {self.end}")
        if len(self._chunks) > 1:
            self._chunks = [np.concatenate(self._chunks)]
        if not self._chunks:
            return np.zeros(0, np.float32)
        return self._chunks[0][start - self._start : end - self._start]

    def forget(self, before: int) -> None:
        """Drop whole chunks that lie before a sample.

        What is dropped late costs memory of one chunk; what is copied each time costs time.
        """
        while self._chunks and self._start + len(self._chunks[0]) <= before:
            self._start += len(self._chunks.pop(0))
        if self._chunks and before - self._start > len(self._chunks[0]) // 2:
            self._chunks[0] = self._chunks[0][before - self._start :].copy()
            self._start = before
