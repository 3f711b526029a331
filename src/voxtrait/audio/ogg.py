"""Ogg files: every link of a chain is decoded, one after the other (RFC 3533)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxtrait.audio import media, sndfile
from voxtrait.audio.splice import Splice
from voxtrait.audio.track import Block, Track
from voxtrait.audio.warning import warn_missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxtrait.audio.source import Source

__all__ = ["open_ogg"]

CHUNK = 1 << 18
DECODED = (b"\x01vorbis", b"OpusHead")  # what libsndfile reads
FIRST, LAST = 2, 4  # flags of a page
LONGEST_PAGE = 27 + 255 + 255 * 255
MAX_LINKS = 10_000
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))  # the bits of a byte


@dataclass(slots=True)
class Link:
    """One stream of a chain."""

    start: int
    end: int
    serial: int
    codec: bytes
    streams: int = 1  # that run side by side: a skeleton or a film adds its own
    sequence: int = 0
    ended: bool = False  # its last page says that it is the last
    lost: int = 0  # pages that are missing by their numbers
    data: bool = False


def open_ogg(source: Source) -> Track:
    """An Ogg file.

    Raises:
        UnreadableAudio: its first page is not whole, or a chain whose sample rate changes.
        MissingExtra: of another codec, or with several streams, which need PyAV.
    """
    links = find_links(source)
    if not links:
        raise source.refuse("is an Ogg file without a whole first page")
    tracks = [_open_link(source, link) for link in links]
    rate = tracks[0].sample_rate
    for track in tracks:
        if track.sample_rate != rate:
            raise source.refuse(
                f"is a chain of {len(links)} recordings, of {rate} and {track.sample_rate} Hz",
                "Cut it there, or convert it with: ffmpeg -i FILE OUT.wav",
            )

    def blocks() -> Iterator[Block]:
        for track, link in zip(tracks, links, strict=True):
            yield from track.blocks()
            if link.lost:
                warn_missing(source.name, f"{link.lost} Ogg pages are missing.")
            if not link.ended:
                warn_missing(source.name, "it has no last Ogg page: it was cut short.")

    frames = [track.frames for track in tracks]
    return Track(rate, tracks[0].channels, sum(frames) if all(frames) else 0, blocks)


def _open_link(source: Source, link: Link) -> Track:
    span = (link.start, link.end)
    if link.streams > 1 or not link.codec.startswith(DECODED):
        return media.open_media(source, f"an Ogg file of {_describe(link)}", span)
    return sndfile.open_sound(source, Splice(source, [span]))


def find_links(source: Source) -> list[Link]:
    """Walk the pages; garbage between them is skipped.

    Neither a page that is cut off counts, nor one whose checksum is wrong, which no decoder takes:
    it is missing by the others' numbers.
    """
    links: list[Link] = []
    position = 0
    data, base = b"", 0
    while position + 27 <= source.size:
        if position + LONGEST_PAGE > base + len(data) and base + len(data) < source.size:
            data, base = source.at(position, CHUNK), position
        page = _page(data, position - base)
        if page is None:
            found = data.find(b"OggS", position - base + 1)
            position = base + (found if found >= 0 else max(len(data) - 3, position - base + 1))
            continue
        _add_page(links, page, position)
        if len(links) > MAX_LINKS:
            raise source.refuse(f"is a chain of more than {MAX_LINKS} recordings")
        position += len(page)
    return links


def _page(data: bytes, at: int) -> bytes | None:
    """The whole page that begins there, if one does."""
    if data[at : at + 4] != b"OggS" or at + 27 > len(data):
        return None
    segments = data[at + 26]
    page = data[at : at + 27 + segments + sum(data[at + 27 : at + 27 + segments])]
    return page if _checksum(page) == page[22:26] else None


def _checksum(page: bytes) -> bytes:
    """CRC-32 of the page with its own place left empty, as RFC 3533 has it: highest bit first.

    zlib's begins with the lowest bit, and inverts what it begins and ends with.
    """
    mirrored = (page[:22] + bytes(4) + page[26:]).translate(REVERSED)
    crc = zlib.crc32(mirrored, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return crc.to_bytes(4, "big").translate(REVERSED)


def _add_page(links: list[Link], page: bytes, position: int) -> None:
    flags, serial = page[5], int.from_bytes(page[14:18], "little")
    sequence, end = int.from_bytes(page[18:22], "little"), position + len(page)
    link = links[-1] if links else None
    if flags & FIRST:
        if link is not None and not link.data and link.serial != serial:
            link.streams += 1
            link.end = end
            return
        codec = page[27 + page[26] :][:8]
        links.append(Link(position, end, serial, codec, sequence=sequence))
        return
    if link is None:
        return
    link.data = True
    link.end = end
    if serial == link.serial:
        link.lost += max(0, sequence - link.sequence - 1)
        link.sequence = sequence
        link.ended = bool(flags & LAST)


def _describe(link: Link) -> str:
    if link.streams > 1:
        return f"{link.streams} streams"
    name = link.codec.strip(b"\x7f\x80\x01 \0").decode("ascii", "replace")
    return name if name.isprintable() else "an unknown codec"
