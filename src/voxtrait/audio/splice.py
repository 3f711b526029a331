"""Several stretches of a source, and bytes of our own between them, seen as one file."""

from __future__ import annotations

import os
from bisect import bisect_right
from typing import TYPE_CHECKING, TypeAlias

from voxtrait.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.audio.source import Source

__all__ = ["Part", "Splice"]

Part: TypeAlias = bytes | tuple[int, int]

AHEAD = 1 << 16  # bytes


class Splice:
    """A read-only file made of parts, for C libraries that read through callbacks.

    No method raises: an exception inside a callback would be printed on standard error and lost. A
    failing disk ends the file early and is kept in ``error``.

    Args:
        source: what stretches are taken of.
        parts: bytes, or ``(start, end)`` offsets in the source, in order.
    """

    def __init__(self, source: Source, parts: Sequence[Part]) -> None:
        self.source = source
        self.parts = [p for p in parts if _length(p) > 0]
        self.starts: list[int] = []
        self.size = 0
        for part in self.parts:
            self.starts.append(self.size)
            self.size += _length(part)
        self.position = 0
        self.error: AudioError | None = None
        # Decoders ask for a frame at a time; they are answered from a larger piece.
        self._ahead, self._base = b"", 0

    def read(self, count: int = -1) -> bytes:
        """The next ``count`` bytes; fewer at the end; all that is left by default."""
        left = self.size - self.position
        left = left if count < 0 else min(count, left)
        if left >= AHEAD:
            piece = self._collect(left)
        else:
            if not 0 <= self.position - self._base <= len(self._ahead) - left:
                self._ahead, self._base = self._collect(AHEAD), self.position
            piece = self._ahead[self.position - self._base :][:left]
        self.position += len(piece)
        return piece

    def _collect(self, count: int) -> bytes:
        """``count`` bytes from the position on, which stays; fewer at the end."""
        pieces: list[bytes] = []
        at, end = self.position, min(self.position + count, self.size)
        while at < end and (piece := self._piece(at, end - at)):
            pieces.append(piece)
            at += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _piece(self, at: int, count: int) -> bytes:
        index = bisect_right(self.starts, at) - 1
        within = at - self.starts[index]
        part = self.parts[index]
        if isinstance(part, bytes):
            return part[within : within + count]
        try:
            return self.source.at(part[0] + within, min(count, part[1] - part[0] - within))
        except AudioError as error:
            self.error = error
            return b""

    def readinto(self, buffer: memoryview) -> int:
        """Fill the buffer; how many bytes were written to it."""
        count = len(buffer)
        within = self.position - self._base
        if 0 <= within <= len(self._ahead) - count:
            self.position += count
            buffer[:] = self._ahead[within : within + count]
            return count
        piece = self.read(count)
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move; a place outside the file is moved to its nearest end."""
        base = {os.SEEK_CUR: self.position, os.SEEK_END: self.size}.get(whence, 0)
        self.position = min(max(base + offset, 0), self.size)
        return self.position

    def tell(self) -> int:
        """Bytes from the start."""
        return self.position


def _length(part: Part) -> int:
    return len(part) if isinstance(part, bytes) else part[1] - part[0]
