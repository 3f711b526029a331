"""Core Audio Format: chunks with sizes of 64 bits."""

from __future__ import annotations

import contextlib
import struct
from typing import TYPE_CHECKING, Literal

from voxtrait.audio import media, sndfile
from voxtrait.audio.pcm import Encoding, pcm_track
from voxtrait.audio.splice import Splice
from voxtrait.audio.surplus import surplus, warn_surplus
from voxtrait.errors import UnreadableAudio

if TYPE_CHECKING:
    from voxtrait.audio.source import Source
    from voxtrait.audio.track import Track

__all__ = ["is_caf", "open_caf"]

MAX_CHUNKS = 100_000
CHUNK = struct.Struct(">4sq")
FLOAT, LITTLE = 1, 2  # flags of uncompressed samples


def is_caf(head: bytes) -> bool:
    """Whether a file that begins with these bytes is CAF."""
    return head[:4] == b"caff"


def open_caf(source: Source) -> Track:
    """A CAF file.

    Raises:
        UnreadableAudio: no desc or data chunk, or one that makes no sense.
        AudioOutOfBounds: its sample rate or number of channels.
        MissingExtra: compressed in a way that needs PyAV.
    """
    description, span, promised = _walk(source)
    if len(description) < 32 or span is None:
        raise source.refuse("is a CAF file without its desc or data chunk")
    rate, kind, flags, packet, _, channels, bits = struct.unpack(">d4s5I", description[:32])
    if not 0 <= rate < 2**31:
        rate = 0  # refused with the other impossible rates
    if kind == b"lpcm":
        encoding = _linear(source, flags, packet, channels, bits)
    elif kind in (b"alaw", b"ulaw"):
        encoding = Encoding("alaw" if kind == b"alaw" else "ulaw", 1)
    elif kind == b"alac":
        with contextlib.suppress(UnreadableAudio):  # libsndfile reads hardly any but its own
            return sndfile.open_sound(source, Splice(source, [(0, source.size)]))
        return media.open_media(source, "a CAF file of encoding alac")
    else:
        return media.open_media(source, f"a CAF file of encoding {ascii(kind)[2:-1]}")
    more = surplus(source, span[1], CHUNK, (b"caff",), padded=False)
    warn_surplus(source, more, rate * channels * encoding.width)
    return pcm_track(source, encoding, round(rate), channels, [span], promised)


def _linear(source: Source, flags: int, packet: int, channels: int, bits: int) -> Encoding:
    width, odd = divmod(packet, max(channels, 1))
    if odd or not (bits + 7) // 8 <= width <= 8 or not bits:
        raise source.refuse(
            f"contradicts itself: {channels} channels of {bits} bits in frames of {packet} bytes"
        )
    order: Literal["<", ">"] = "<" if flags & LITTLE else ">"
    if flags & FLOAT:
        if width not in (4, 8):
            raise source.refuse(f"has floats of {width} bytes; 4 or 8 are known")
        return Encoding("float", width, order)
    return Encoding("signed", width, order)


def _walk(source: Source) -> tuple[bytes, tuple[int, int] | None, int]:
    """The content of desc, where the samples of data lie, and how many bytes it claims."""
    description, span, promised, position = b"", None, 0, 8
    for _ in range(MAX_CHUNKS):
        header = source.at(position, 12)
        if len(header) < 12:
            return description, span, promised
        name, size = struct.unpack(">4sq", header)
        start = position + 12
        there = source.size - start
        if name == b"data" and span is None:
            size = there if size <= 0 else size  # -1: up to the end of the file
            first = min(start + 4, source.size)  # behind a count of edits
            span, promised = (first, max(first, start + min(size, there))), size - 4
        elif name == b"desc" and not description:
            description = source.at(start, 32)
        if not 0 <= size <= there:
            return description, span, promised
        position = start + size
    raise source.refuse(f"has more than {MAX_CHUNKS} chunks: it is damaged, or a trap")
