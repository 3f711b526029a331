"""Bytes behind the end of the sound that may be more of it.

A recorder that stopped before it was done leaves a size in the header that is too small, and
``cat a.wav b.wav`` puts a whole file where the first one ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.audio.warning import warn_missing

if TYPE_CHECKING:
    import struct
    from collections.abc import Collection

    from voxtrait.audio.source import Source

__all__ = ["surplus", "warn_surplus"]

LEAST_S = 0.05
MAX_CHUNKS = 1000


def surplus(
    source: Source,
    position: int,
    header: struct.Struct,
    files: Collection[bytes],
    *,
    padded: bool,
) -> int:
    """Bytes up to the end of the file that are no chunks, or another file.

    Args:
        source: the recording.
        position: behind the chunk of the sound.
        header: of a chunk: its name and size.
        files: names that a file begins with.
        padded: chunks begin at even offsets.
    """
    for _ in range(MAX_CHUNKS):
        head = source.at(position, header.size)
        name = head[:4]
        if len(name) < 4 or name.startswith(b"ID3"):
            return 0
        if name in files:
            return source.size - position
        if not name.replace(b" ", b"").replace(b"_", b"").isalnum():
            return source.size - position
        size = header.unpack(head)[1] if len(head) == header.size else -1
        if size < 0:
            return 0
        position += header.size + size + (size % 2 if padded else 0)
    return 0


def warn_surplus(source: Source, more: int, bytes_a_second: float) -> None:
    """Say that the last bytes of a file are not read, which may be sound; zeros are none."""
    seconds = more / max(bytes_a_second, 1)
    if seconds >= LEAST_S and any(source.at(source.size - more, 1 << 16)):
        warn_missing(
            source.name,
            f"its header tells where the sound ends, but {more} more bytes follow, enough"
            f" for {seconds:.2f} s, which are not read; if a recorder stopped before it was done, "
            "repair the header with an audio editor; if files were joined, cut them apart.",
        )
