"""AIFF and AIFF-C: FORM chunks of the Macintosh."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from voxtrait.audio import media
from voxtrait.audio.pcm import Encoding, pcm_track
from voxtrait.audio.surplus import surplus, warn_surplus
from voxtrait.audio.warning import warn_cut

if TYPE_CHECKING:
    from voxtrait.audio.source import Source
    from voxtrait.audio.track import Track

__all__ = ["is_aiff", "open_aiff"]

MAX_CHUNKS = 100_000
CHUNK = struct.Struct(">4sI")
ENCODINGS = {
    b"raw ": Encoding("unsigned", 1),
    b"alaw": Encoding("alaw", 1),
    b"ALAW": Encoding("alaw", 1),
    b"ulaw": Encoding("ulaw", 1),
    b"ULAW": Encoding("ulaw", 1),
    b"fl32": Encoding("float", 4, ">"),
    b"FL32": Encoding("float", 4, ">"),
    b"fl64": Encoding("float", 8, ">"),
    b"FL64": Encoding("float", 8, ">"),
    b"in24": Encoding("signed", 3, ">"),
    b"in32": Encoding("signed", 4, ">"),
    b"42n1": Encoding("signed", 3, "<"),
    b"42ni": Encoding("signed", 3, "<"),
    b"23ni": Encoding("signed", 4, "<"),
}


def is_aiff(head: bytes) -> bool:
    """Whether a file that begins with these bytes is AIFF or AIFF-C."""
    return head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC")


def open_aiff(source: Source) -> Track:
    """An AIFF or AIFF-C file.

    Raises:
        UnreadableAudio: no COMM or SSND chunk, or one that makes no sense.
        AudioOutOfBounds: its sample rate or number of channels.
        MissingExtra: compressed in a way that needs PyAV.
    """
    common, span, end = _walk(source)
    if len(common) < 18 or span is None:
        raise source.refuse("is an AIFF file without its COMM or SSND chunk")
    channels, frames, bits = struct.unpack(">hIh", common[:8])
    rate = extended(common[8:18])
    kind = common[18:22] if len(common) >= 22 else b"NONE"
    encoding = ENCODINGS.get(kind)
    if kind in (b"NONE", b"twos", b"sowt"):
        if not 1 <= bits <= 64:
            raise source.refuse(f"has samples of {bits} bits; 1 to 64 are known")
        encoding = Encoding("signed", (bits + 7) // 8, "<" if kind == b"sowt" else ">")
    if encoding is None:
        warn_cut(source.name, end - span[0], span[1] - span[0])  # ffmpeg does not say so
        return media.open_media(source, f"an AIFF-C file of encoding {ascii(kind)[2:-1]}")
    promised = max(frames * encoding.width * channels, 0)
    more = surplus(source, end + end % 2, CHUNK, (b"FORM",), padded=True)
    warn_surplus(source, more, rate * encoding.width * channels)
    return pcm_track(source, encoding, round(rate), channels, [span], promised)


def _walk(source: Source) -> tuple[bytes, tuple[int, int] | None, int]:
    """The content of COMM, where the samples of SSND lie, and where they would end if whole."""
    common, span, end, position = b"", None, 0, 12
    for _ in range(MAX_CHUNKS):
        header = source.at(position, 8)
        if len(header) < 8:
            return common, span, end
        name, size = struct.unpack(">4sI", header)
        start = position + 8
        if name == b"COMM" and not common:
            common = source.at(start, min(size, 1024))
        elif name == b"SSND" and span is None:
            first = start + 8 + int.from_bytes(source.at(start, 4), "big")
            # Programs that write to a pipe leave no size, or the largest.
            end = start + size if 8 < size < 0x7FFF0000 else source.size
            span = (min(first, source.size), max(first, min(end, source.size)))
            span = (span[0], max(span[0], min(span[1], source.size)))
            size = end - start
        position = start + size + size % 2
    raise source.refuse(f"has more than {MAX_CHUNKS} chunks: it is damaged, or a trap")


def extended(raw: bytes) -> float:
    """An 80-bit float of IEEE 754: sign and exponent in 16 bits, then a mantissa of 64.

    Args:
        raw: its 10 bytes, big-endian.
    """
    exponent, mantissa = struct.unpack(">hQ", raw)
    if exponent < 0 or exponent > 16383 + 64:
        return 0.0  # negative, infinite or no number: no sample rate
    return float(mantissa * 2.0 ** (exponent - 16383 - 63))
