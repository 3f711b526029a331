"""Where the bytes of a recording come from: a path, bytes, or a file object."""

from __future__ import annotations

import os
from typing import BinaryIO, TypeAlias

from voxtrait.errors import UnreadableAudio

__all__ = ["AudioSource", "Source", "describe", "printable"]

AudioSource: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO

ANOTHER_FILE = "Give a WAV, FLAC, MP3 or Ogg file."


class Source:
    """Random access to the bytes of one recording.

    Args:
        name: how messages call it, printable.
        size: bytes.
        data: the whole content, where it is in memory.
        file: else the file it is read from.
        owned: whether ``close`` closes the file.
    """

    __slots__ = ("data", "file", "name", "owned", "size")

    def __init__(
        self,
        name: str,
        size: int,
        *,
        data: bytes | None = None,
        file: BinaryIO | None = None,
        owned: bool = False,
    ) -> None:
        self.name, self.size, self.data, self.file, self.owned = name, size, data, file, owned

    def at(self, offset: int, count: int) -> bytes:
        """Up to ``count`` bytes from ``offset``; fewer at the end.

        Raises:
            UnreadableAudio: the disk, or the file object, failed.
        """
        if self.data is not None:
            return self.data[offset : offset + count]
        assert self.file is not None
        try:
            self.file.seek(offset)
            data = self.file.read(count)
            while 0 < len(data) < count and (more := self.file.read(count - len(data))):
                data += more  # a raw file may give less than is asked for
            return data
        except Exception as error:
            raise self.refuse(f"cannot be read ({describe(error)})") from error

    def refuse(self, reason: str, hint: str = ANOTHER_FILE) -> UnreadableAudio:
        """The error to raise, whose message is the name and the reason."""
        return UnreadableAudio(f"{self.name} {reason}.", hint)

    def close(self) -> None:
        """Close the file if it was opened here."""
        if self.owned and self.file is not None:
            self.file.close()


def printable(name: str) -> str:
    """The name without line breaks, escape sequences and lone surrogates, which are spelled out."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def describe(error: Exception) -> str:
    """The system's own words for an error."""
    words = error.strerror if isinstance(error, OSError) else None
    return printable(words or str(error) or type(error).__name__)
