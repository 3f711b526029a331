"""FLAC files: how long they really are is read from their last frame, then libFLAC decodes them.

Streams that were written one behind the other are decoded in turn. A header may claim any number
of samples: none by encoders that write to a pipe, 2**36 - 1 by a trap, too few by a broken editor,
and libsndfile believes it. Here the frames decide (RFC 9639).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from voxtrait.audio import media, sndfile
from voxtrait.audio.bounds import check_format
from voxtrait.audio.chain import joined
from voxtrait.audio.splice import Part, Splice
from voxtrait.errors import AudioOutOfBounds, UnreadableAudio

if TYPE_CHECKING:
    from voxtrait.audio.source import Source
    from voxtrait.audio.track import Track

__all__ = ["open_flac"]

TAILS = (1 << 14, 1 << 18, 1 << 22)  # bytes before the end in which the last frame is looked for
# The beginning of a stream: its name, and the head of STREAMINFO as the last block or not.
MARKS = (b"fLaC\x00\x00\x00\x22", b"fLaC\x80\x00\x00\x22")
CHUNK = 1 << 20
MAX_STREAMS = 1_000
MAX_BLOCKS = 1_000  # of metadata
DECODED_BITS = (8, 16, 24)  # what libsndfile reads
RATES = (0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000)


class StreamInfo(NamedTuple):
    """The part of a FLAC file's header that decoding depends on."""

    block: int  # samples of every frame but the last, where all are alike
    rate: int
    channels: int
    bits: int
    frames: int  # samples a channel, 0 where the encoder did not know


def open_flac(source: Source, start: int = 0) -> Track:
    """A native FLAC file, whose ``fLaC`` stands at ``start``.

    Raises:
        UnreadableAudio: no STREAMINFO, or no frame; or streams whose sample rates differ.
        AudioOutOfBounds: its sample rate.
        MissingExtra: of 12, 20 or 32 bits, which need PyAV.
    """
    starts = find_streams(source, start)
    (first, *others) = zip(starts, [*starts[1:], source.size], strict=True)
    tracks = [_open_stream(source, *first)]
    broken = 0
    for span in others:
        try:
            tracks.append(_open_stream(source, *span))
        except (UnreadableAudio, AudioOutOfBounds):
            broken += 1
    told = [f"{broken} of the {len(starts)} FLAC streams in it are damaged."] if broken else []
    return joined(source, tracks).lacking(source.name, told)


def find_streams(source: Source, start: int) -> list[int]:
    """Where the streams of a file begin, the first of them at ``start``.

    Raises:
        UnreadableAudio: too many.
    """
    starts = [start]
    while (found := _next_mark(source, _after_metadata(source, starts[-1] + 42))) >= 0:
        starts.append(found)
        if len(starts) > MAX_STREAMS:
            raise source.refuse(f"is a chain of more than {MAX_STREAMS} FLAC recordings")
    return starts


def _next_mark(source: Source, position: int) -> int:
    """The first of `MARKS` from an offset on; -1 if there is none."""
    while len(data := source.at(position, CHUNK)) >= len(MARKS[0]):
        places = [place for mark in MARKS if (place := data.find(mark)) >= 0]
        if places:
            return position + min(places)
        position += len(data) - len(MARKS[0]) + 1  # one may stand on the border
    return -1


def _after_metadata(source: Source, start: int) -> int:
    """Past the blocks of metadata, the first of which ends at ``start``; a picture may be large."""
    head, position = source.at(start - 38, 4), start
    for _ in range(MAX_BLOCKS):
        if len(head) < 4 or head[0] & 0x80:  # the last block says that it is
            break
        head = source.at(position, 4)
        if head[:1] == b"\xff":  # a frame
            break
        position += 4 + int.from_bytes(head[1:], "big")
    return position if position < source.size else start


def _open_stream(source: Source, start: int, end: int) -> Track:
    head = source.at(start, min(42, end - start))
    if len(head) < 42 or head[4] & 0x7F != 0:
        raise source.refuse("is a FLAC file without its header")
    packed = int.from_bytes(head[18:26], "big")
    info = StreamInfo(
        block=int.from_bytes(head[10:12], "big"),
        rate=packed >> 44,
        channels=(packed >> 41 & 7) + 1,
        bits=(packed >> 36 & 31) + 1,
        frames=packed & (1 << 36) - 1,
    )
    check_format(source.name, info.rate, info.channels)
    found = last_sample(source, start + 42, end, info)
    if not found and not info.frames:
        raise source.refuse("is a FLAC file without sound", "Record it again.")
    frames = max(found, info.frames)
    if info.bits not in DECODED_BITS:
        what = f"a FLAC file of {info.bits} bits"
        return media.open_media(source, what, (start, end), frames=frames)
    parts: list[Part] = [(start, end)]
    # Bytes decide: too small a claim would end the decoding early. A claim too large is kept, and
    # what is missing of it told; but not to the decoder, which would seek there.
    if found and found != info.frames:
        packed = (packed >> 36 << 36) | found
        parts = [head[:18] + packed.to_bytes(8, "big") + head[26:], (start + 42, end)]
    return sndfile.open_sound(source, Splice(source, parts), frames=frames, tolerated=0)


def last_sample(source: Source, start: int, end: int, info: StreamInfo) -> int:
    """Samples a channel up to the end of the last frame that begins in a stream; 0 if none does.

    Args:
        source: the recording.
        start: no frame begins before this offset.
        end: of the stream.
        info: what every frame must agree with.
    """
    for tail in TAILS:
        offset = max(start, end - tail)
        ends: dict[int, int] = {}  # of frames, from the last one back: first sample, past last
        data = source.at(offset, max(0, end - offset))
        position = len(data)
        while (position := data.rfind(b"\xff", 0, position)) >= 0:
            span = frame_span(data[position : position + 17], info)
            if span is None:
                continue
            # What looks like a frame may be chance: the header, or a frame before it, must agree.
            if span[1] in ends or span[1] == info.frames or span[0] == 0:
                return ends.get(span[1], span[1])
            ends.setdefault(*span)
        if offset == start:
            break
    return 0


def frame_span(head: bytes, info: StreamInfo) -> tuple[int, int] | None:
    """The first sample of the frame that begins so, and the one after its last; ``None`` if none.

    Args:
        head: 17 bytes, fewer at the end of the file; a frame's header has at most 16.
        info: what the frame must agree with.
    """
    if len(head) < 6 or head[0] != 0xFF or head[1] & 0xFE != 0xF8 or head[3] & 1:
        return None
    size_code, rate_code, layout = head[2] >> 4, head[2] & 15, head[3] >> 4
    channels = layout + 1 if layout < 8 else 2
    if not size_code or rate_code == 15 or layout > 10 or channels != info.channels:
        return None
    if 0 < rate_code < 12 and RATES[rate_code] != info.rate:
        return None
    number, at = _coded_number(head)
    size, at = _block_size(size_code, head, at)
    at += {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if number < 0 or at >= len(head) or crc8(head[:at]) != head[at]:
        return None
    first = number if head[1] & 1 else number * info.block
    return first, first + size


def _coded_number(head: bytes) -> tuple[int, int]:
    """The number written as in UTF-8, up to 36 bits, and the offset after it; -1 if broken."""
    lead = head[4]
    if lead < 0x80:
        return lead, 5
    length = 8 - (~lead & 0xFF).bit_length()  # leading ones
    if not 2 <= length <= 7 or len(head) < 4 + length:
        return -1, 5
    value = lead & (0x7F >> length)
    for byte in head[5 : 4 + length]:
        if byte & 0xC0 != 0x80:
            return -1, 5
        value = value << 6 | byte & 0x3F
    return value, 4 + length


def _block_size(code: int, head: bytes, at: int) -> tuple[int, int]:
    if code == 1:
        return 192, at
    if code <= 5:
        return 144 << code, at
    if code >= 8:
        return 1 << code, at
    width = code - 5  # 6: one byte, 7: two
    return int.from_bytes(head[at : at + width], "big") + 1, at + width


def crc8(data: bytes) -> int:
    """The checksum of frame headers: x^8 + x^2 + x + 1, from 0."""
    table, crc = _crc_table(), 0
    for byte in data:
        crc = table[crc ^ byte]
    return crc


@lru_cache(maxsize=1)
def _crc_table() -> bytes:
    table = []
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
        table.append(crc)
    return bytes(table)
