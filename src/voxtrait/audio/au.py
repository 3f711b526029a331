"""AU files, of Sun and NeXT: a header of six numbers."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from voxtrait.audio import media
from voxtrait.audio.pcm import Encoding, pcm_track
from voxtrait.audio.surplus import warn_surplus

if TYPE_CHECKING:
    from voxtrait.audio.source import Source
    from voxtrait.audio.track import Track

__all__ = ["is_au", "open_au"]

UNKNOWN = 0x7FFF0000  # bytes; what writes to a pipe claims that, or more


def is_au(head: bytes) -> bool:
    """Whether a file that begins with these bytes is AU, of either byte order."""
    return head[:4] in (b".snd", b"dns.")


def open_au(source: Source) -> Track:
    """An AU file.

    Raises:
        UnreadableAudio: cut within its header, or without samples.
        AudioOutOfBounds: its sample rate or number of channels.
        MissingExtra: compressed in a way that needs PyAV.
    """
    head = source.at(0, 24)
    if len(head) < 24:
        raise source.refuse("is an AU file cut within its header")
    big = head[:4] == b".snd"
    offset, size, code, rate, channels = struct.unpack((">" if big else "<") + "4x5I", head)
    encoding = _encoding(code, big=big)
    if encoding is None:
        return media.open_media(source, f"an AU file of encoding {code}")
    start = min(max(offset, 24), source.size)
    there = source.size - start
    # Huge sizes say that the writer did not know; 0 says the same where samples follow.
    promised = there if size == 0 or size >= UNKNOWN else size
    warn_surplus(source, there - promised, rate * channels * encoding.width)
    return pcm_track(
        source, encoding, rate, channels, [(start, start + min(there, promised))], promised
    )


def _encoding(code: int, *, big: bool) -> Encoding | None:
    order = ">" if big else "<"
    if code in (1, 27):
        return Encoding("ulaw" if code == 1 else "alaw", 1)
    if 2 <= code <= 5:
        return Encoding("signed", code - 1, order)  # type: ignore[arg-type]
    if code in (6, 7):
        return Encoding("float", 4 if code == 6 else 8, order)  # type: ignore[arg-type]
    return None
