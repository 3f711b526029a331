"""Ogg files: every link of a chain is decoded, one after the other (RFC 3533)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxtrait.audio import media, sndfile
from voxtrait.audio.chain import joined
from voxtrait.audio.splice import Part, Splice

if TYPE_CHECKING:
    from voxtrait.audio.source import Source
    from voxtrait.audio.track import Track

__all__ = ["open_ogg"]

CHUNK = 1 << 18
DECODED = (b"\x01vorbis", b"OpusHead")  # what libsndfile reads
CONTINUED, FIRST, LAST = 1, 2, 4  # flags of a page
LONGEST_PAGE = 27 + 255 + 255 * 255
MAX_LINKS = 10_000
PATIENCE = 10_000_000  # bytes checked in vain, beyond twice the file
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))  # the bits of a byte


@dataclass(slots=True)
class Stream:
    """Pages of one serial number."""

    sequence: int
    ended: bool = False  # its last page says that it is the last


@dataclass(slots=True)
class Link:
    """One recording of a chain."""

    start: int
    end: int
    codec: bytes
    streams: dict[int, Stream]  # that run side by side: a skeleton or a film adds its own
    lost: int = 0  # pages that are missing by their numbers
    data: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing is missing at its end."""
        return all(stream.ended for stream in self.streams.values())


@dataclass(slots=True)
class Chain:
    """What the pages of a file belong to."""

    links: list[Link]
    strays: int = 0  # pages of a recording whose first page is not there


def open_ogg(source: Source) -> Track:
    """An Ogg file.

    Raises:
        UnreadableAudio: its first page is not whole, or a chain whose sample rate changes.
        MissingExtra: of another codec, or with several streams, which need PyAV.
    """
    chain = find_links(source)
    links = chain.links
    if not links:
        raise source.refuse("is an Ogg file without a whole first page")
    told = [f"a recording of {chain.strays} Ogg pages has no first one."] if chain.strays else []
    tracks = [_open_link(source, link) for link in links]
    return joined(source, tracks).lacking(source.name, told)


def _open_link(source: Source, link: Link) -> Track:
    span = (link.start, link.end)
    if len(link.streams) > 1 or not link.codec.startswith(DECODED):
        track = media.open_media(source, f"an Ogg file of {_describe(link)}", span)
    else:
        track = sndfile.open_sound(source, Splice(source, _with_rate(source, link)))
    told = [f"{link.lost} Ogg pages are missing."] if link.lost else []
    told += [] if link.ended else ["it has no last Ogg page: it was cut short."]
    return track.lacking(source.name, told)


def _with_rate(source: Source, link: Link) -> list[Part]:
    """The link; one of Opus whose header does not say its rate, which is legal, says 48 kHz."""
    whole: list[Part] = [(link.start, link.end)]
    if not link.codec.startswith(b"OpusHead"):
        return whole
    page = bytearray(_page_at(source.at(link.start, LONGEST_PAGE), 0))
    at = 27 + page[26] + 12
    if any(page[at : at + 4]):
        return whole
    page[at : at + 4] = (48_000).to_bytes(4, "little")  # else libsndfile decodes to 8 kHz
    page[22:26] = _checksum(bytes(page))
    return [bytes(page), (link.start + len(page), link.end)]


def find_links(source: Source) -> Chain:
    """Walk the pages; garbage between them is skipped.

    Neither a page that is cut off counts, nor one whose checksum is wrong, which no decoder takes:
    it is missing by the others' numbers.

    Raises:
        UnreadableAudio: too many recordings, or too much that only looks like pages.
    """
    chain = Chain([])
    patience = PATIENCE + 2 * source.size
    position = 0
    data, base = b"", 0
    while position + 27 <= source.size:
        if position + LONGEST_PAGE > base + len(data) and base + len(data) < source.size:
            data, base = source.at(position, CHUNK), position
        page = _page_at(data, position - base)
        if page and _checksum(page) == page[22:26]:
            _add_page(chain, page, position)
            position += len(page)
            if len(chain.links) > MAX_LINKS:
                raise source.refuse(f"is a chain of more than {MAX_LINKS} recordings")
            continue
        patience -= len(page)
        if patience < 0:
            raise source.refuse("is an Ogg file of damaged pages: it is damaged, or a trap")
        found = data.find(b"OggS", position - base + 1)
        position = base + (found if found >= 0 else max(len(data) - 3, position - base + 1))
    return chain


def _page_at(data: bytes, at: int) -> bytes:
    """What would be a page by the head that begins there; empty where none does."""
    head = data[at : at + 27]
    if len(head) < 27 or head[:5] != b"OggS\0" or head[5] > FIRST | LAST | CONTINUED:
        return b""
    segments = head[26]
    return data[at : at + 27 + segments + sum(data[at + 27 : at + 27 + segments])]


def _checksum(page: bytes) -> bytes:
    """CRC-32 of the page with its own place left empty, as RFC 3533 has it: highest bit first.

    zlib's begins with the lowest bit, and inverts what it begins and ends with.
    """
    mirrored = (page[:22] + bytes(4) + page[26:]).translate(REVERSED)
    crc = zlib.crc32(mirrored, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return crc.to_bytes(4, "big").translate(REVERSED)


def _add_page(chain: Chain, page: bytes, position: int) -> None:
    flags, serial = page[5], int.from_bytes(page[14:18], "little")
    sequence, end = int.from_bytes(page[18:22], "little"), position + len(page)
    link = chain.links[-1] if chain.links else None
    if flags & FIRST:
        if link is None or link.data or serial in link.streams:
            codec = page[27 + page[26] :][:8]
            link = Link(position, end, codec, {})
            chain.links.append(link)
        link.streams[serial] = Stream(sequence, bool(flags & LAST))
        link.end = end
        return
    stream = link.streams.get(serial) if link else None
    if link is None or stream is None or stream.ended:
        chain.strays += 1
        return
    link.data, link.end = True, end
    link.lost += max(0, sequence - stream.sequence - 1)
    stream.sequence, stream.ended = sequence, bool(flags & LAST)


def _describe(link: Link) -> str:
    if len(link.streams) > 1:
        return f"{len(link.streams)} streams"
    name = link.codec.strip(b"\x7f\x80\x01 \0").decode("ascii", "replace")
    return name if name.isprintable() else "an unknown codec"
