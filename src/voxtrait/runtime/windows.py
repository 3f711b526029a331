"""Speech cut into the pieces a network is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.speech.tape import Tape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["WindowCutter"]


class WindowCutter:
    """Samples in, windows out, the same however the samples are divided into pushes.

    While a window and a hop wait, one window is taken. The rest is one window if it fits; if not
    it is shared by two of the same length that overlap as all others do, so that no window is a
    short end: with ``hop == seconds`` these are its halves.

    Args:
        length: samples of a window.
        hop: samples from the start of one to the next, at most ``length``.
    """

    def __init__(self, length: int, hop: int) -> None:
        self.length, self.hop = length, hop
        self._tape = Tape()
        self._next = 0

    def push(self, samples: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Go on with samples ``[n]``, and give the windows that are settled by now."""
        self._tape.push(samples)
        found = []
        while self._tape.end - self._next >= self.length + self.hop:
            found.append(self._tape.cut(self._next, self._next + self.length))
            self._next += self.hop
        self._tape.forget(self._next)
        return found

    def finish(self) -> list[NDArray[np.float32]]:
        """The windows of the rest."""
        start, end = self._next, self._tape.end
        rest = end - start
        if not rest:
            return []
        if rest <= self.length:
            return [self._tape.cut(start, end)]
        each = -(-(rest + self.length - self.hop) // 2)
        return [self._tape.cut(start, start + each), self._tape.cut(end - each, end)]
