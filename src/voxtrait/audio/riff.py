"""The chunks of a RIFF/WAVE file, believed only as far as the file's bytes bear them out."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Literal, NamedTuple

from voxtrait.audio.surplus import surplus

if TYPE_CHECKING:
    from voxtrait.audio.source import Source

__all__ = ["WaveLayout", "is_wave", "read_layout"]

MAX_CHUNKS = 100_000
KNOWN = {b"data", b"fmt ", b"fact", b"LIST", b"cue ", b"bext", b"id3 ", b"PEAK", b"smpl", b"inst"}
WAVES = (b"RIFF", b"RIFX", b"RF64", b"BW64")


class WaveLayout(NamedTuple):
    """Where a WAVE file keeps what.

    Args:
        order: ``"<"``, or ``">"`` for RIFX.
        format: the ``fmt `` chunk's content, at most 64 kB of it.
        spans: ``(start, end)`` of the samples of every ``data`` chunk, cut at the end of the file.
        promised: bytes that these chunks claim; as many as are there where they claim nothing.
        surplus: bytes behind the last of them, up to the file's end, that are neither chunks nor
            tags: sound, where a recorder stopped before it wrote how much there is.
    """

    order: Literal["<", ">"]
    format: bytes
    spans: tuple[tuple[int, int], ...]
    promised: int
    surplus: int


def is_wave(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a WAVE file."""
    return head[:4] in WAVES and head[8:12] == b"WAVE"


def read_layout(source: Source) -> WaveLayout:
    """Walk the chunks.

    A ``data`` size of 0, ``0xFFFFFFFF`` or another placeholder of programs that write to a pipe is
    decided by the bytes behind it; several ``data`` chunks are joined; a missing padding byte after
    a chunk of odd size is noticed. Sizes inside ``LIST`` chunks are never looked at.

    Raises:
        UnreadableAudio: no ``fmt `` or ``data`` chunk, or too many chunks.
    """
    order: Literal["<", ">"] = ">" if source.at(0, 4) == b"RIFX" else "<"
    format_, long_size = b"", 0
    spans: list[tuple[int, int]] = []
    promised = 0
    position = 12
    wild = ""
    chained: bool | None = None  # asked once: every chunk asking again would take quadratic time
    for _ in range(MAX_CHUNKS):
        header = source.at(position, 8)
        if len(header) < 8:
            break
        name, size = header[:4], struct.unpack(order + "I", header[4:])[0]
        start = position + 8
        if name == b"data":
            if size == 0 and chained is None:
                chained = _chunks_follow(source, start, order)
            size = _data_size(size, source.size - start, long_size, empty=bool(chained))
            spans.append((start, min(start + size, source.size)))
            promised += size
        elif name == b"fmt " and not format_:
            format_ = source.at(start, min(size, 1 << 16))
        elif name == b"ds64":
            long_size = struct.unpack(order + "8xQ", source.at(start, 16).ljust(16, b"\0"))[0]
        if start + size > source.size:
            wild = f"its {_show(name)} chunk claims {size} bytes, {source.size - start} are there"
        position = _next_chunk(source, start, size)
    else:
        raise source.refuse(f"has more than {MAX_CHUNKS} chunks: it is damaged, or a trap")
    if not format_:
        raise source.refuse(f"is a WAV file without a format ({wild or 'no fmt chunk'})")
    if not spans:
        raise source.refuse(f"is a WAV file without samples ({wild or 'no data chunk'})")
    start, end = spans[-1]
    behind = _next_chunk(source, start, end - start)
    more = surplus(source, behind, struct.Struct(order + "4sI"), WAVES, padded=True)
    return WaveLayout(order, format_, tuple(spans), promised, more)


def _data_size(size: int, there: int, long_size: int, *, empty: bool) -> int:
    """How many bytes a ``data`` chunk really claims, of which ``there`` follow in the file."""
    if size == 0xFFFFFFFF and long_size and _plausible(long_size, there):
        return long_size
    if _is_placeholder(size) or (size == 0 and not empty):
        return there
    return size


def _plausible(long_size: int, there: int) -> bool:
    # A claim of a thousand times what is there is a placeholder or a broken ds64, not a cut file.
    return long_size <= max(1000 * there, 1 << 32)


def _is_placeholder(size: int) -> bool:
    # What programs write that cannot seek back: all ones (ffmpeg), 0x7FFFF000 (sox, espeak-ng),
    # 0x80000000 (arecord), each less a header.
    return size > 0xFFFFFF00 or 0x7FFFEF00 <= size <= 0x80000100


def _chunks_follow(source: Source, position: int, order: str) -> bool:
    """Whether a chain of chunks leads from here exactly to the end of the file."""
    for _ in range(MAX_CHUNKS):
        if position == source.size:
            return True
        header = source.at(position, 8)
        if len(header) < 8 or not _is_name(header[:4]):
            return False
        size = struct.unpack(order + "I", header[4:])[0]
        position += 8 + size + size % 2
        if position > source.size:
            return position == source.size + 1  # only the padding of the last chunk is missing
    return True  # so many that the walk itself refuses them


def _next_chunk(source: Source, start: int, size: int) -> int:
    end = start + size
    if size % 2 == 0:
        return end
    unpadded, padded = source.at(end, 4), source.at(end + 1, 4)
    return end if unpadded in KNOWN and padded not in KNOWN else end + 1


def _is_name(name: bytes) -> bool:
    return all(32 <= c < 127 for c in name)


def _show(name: bytes) -> str:
    return name.decode("ascii").strip() if _is_name(name) else name.hex()
