"""Where the frames of an MPEG audio stream (layers I to III) lie, and what lies between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.audio.source import Source

__all__ = ["Form", "Run", "find_runs", "frame_header", "id3_size"]

GARBAGE = 1 << 20  # bytes before the first frame of a file without a tag that are searched for it
MAX_TRIES = 200_000  # places that look like a frame, over the whole file
CHUNK = 1 << 20
CONFIRMED = 3  # frames in a row make a stream; fewer may be chance
TAGS = (b"TAG", b"ID3", b"APETAGEX", b"LYRICSBEGIN")
BITRATES = {  # kbit/s by index 1 to 14
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


# Bitrates of index 0 (free) and 15 are not followed; neither begins a false frame in a run of 0xFF.
HEADER = re.compile(rb"\xff[\xe2-\xff][\x10-\xef]", re.DOTALL)


class Form(NamedTuple):
    """What all frames of a run share."""

    version: int  # 1, 2, or 25 for the unofficial 2.5
    layer: int
    rate: int
    samples: int  # a frame


@dataclass(slots=True)
class Run:
    """Frames of one form and number of channels."""

    form: Form
    channels: int
    spans: list[tuple[int, int]] = field(default_factory=list)
    frames: int = 0
    skipped: int = 0  # bytes between its frames, or after its last, that are no frames
    cut: bool = False  # the file ends within its last frame


def id3_size(head: bytes) -> int:
    """Bytes of an ID3v2 tag that begins so; 0 if none does."""
    if head[:3] != b"ID3" or len(head) < 10 or max(head[6:10]) > 127:
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return size + (20 if head[5] & 0x10 else 10)


@lru_cache(maxsize=1 << 13)
def frame_header(second: int, third: int) -> tuple[Form, int] | None:
    """Form and bytes of a frame by the second and third byte of its header; ``None`` if invalid."""
    version = {0: 25, 2: 2, 3: 1}.get(second >> 3 & 3, 0)
    layer = 4 - (second >> 1 & 3)
    index, rate_code = third >> 4, third >> 2 & 3
    if second < 0xE0 or not version or layer == 4 or rate_code == 3 or not 1 <= index <= 14:
        return None
    rate = (44100, 48000, 32000)[rate_code] // {1: 1, 2: 2, 25: 4}[version]
    bits = 1000 * BITRATES[min(version, 2), layer][index - 1]
    padding = third >> 1 & 1
    if layer == 1:
        return Form(version, 1, rate, 384), (12 * bits // rate + padding) * 4
    samples = 576 if layer == 3 and version != 1 else 1152
    return Form(version, layer, rate, samples), samples // 8 * bits // rate + padding


class Scanner:
    """Walks from frame to frame through stretches of a source."""

    def __init__(self, source: Source, spans: Sequence[tuple[int, int]]) -> None:
        self.source, self.spans = source, spans
        self.runs: list[Run] = []
        self.end = 0
        self.tries = 0
        self._base, self._data = 0, b""

    def scan(self) -> list[Run]:
        """All runs, in order; none where neither a tag nor a stream is in the first mebibyte."""
        for start, end in self.spans:
            self.end = end
            tagged = self._bytes(start, 3) == b"ID3"
            found = self._behind_tag(start) if tagged else self._resync(start, start + GARBAGE)
            while found is not None:
                found = self._walk(found)
        return self.runs

    def _bytes(self, position: int, count: int) -> bytes:
        within = position - self._base
        if within < 0 or within + count > len(self._data):
            self._base, self._data = position, self.source.at(position, CHUNK)
            within = 0
        return self._data[within : min(within + count, self.end - self._base)]

    def _header(self, position: int) -> tuple[Form, int, int] | None:
        """Form, channels and bytes of a frame that begins here."""
        head = self._bytes(position, 4)
        if len(head) < 4 or head[0] != 0xFF:
            return None
        known = frame_header(head[1], head[2])
        return known and (known[0], 1 if head[3] >> 6 == 3 else 2, known[1])

    def _walk(self, position: int) -> int | None:
        """Follow frames of one form; where the next stream begins, if one does."""
        first = self._header(position)
        assert first is not None
        form, channels = first[0], first[1]
        run = self.runs[-1] if self.runs else None
        if run is None or (run.form, run.channels) != (form, channels):
            run = Run(form, channels)
            self.runs.append(run)
        start = position
        while True:
            header = self._header(position)
            if header is None or header[:2] != (form, channels):
                break
            if position + header[2] > self.end:
                run.cut = True
                break
            position += header[2]
            run.frames += 1
        if position > start:
            run.spans.append((start, position))
        return None if run.cut else self._leave(run, position)

    def _leave(self, run: Run, position: int) -> int | None:
        rest = self._bytes(position, 128)
        if not rest.strip(b"\0") and position + len(rest) == self.end:
            return None
        if rest.startswith(TAGS):
            return self._behind_tag(position)
        found = self._resync(position, self.end)
        if found is not None:
            run.skipped += found - position
        elif self._bytes(position, CHUNK).strip(b"\0"):
            run.skipped += self.end - position
        return found

    def _behind_tag(self, position: int) -> int | None:
        """Where frames begin behind a tag, or within what a tag of a wrong size claims."""
        behind = position + id3_size(self._bytes(position, 10))
        if position < behind < self.end and self._stream_begins(behind):
            return behind
        return self._resync(position + 3, self.end)

    def _resync(self, position: int, last: int) -> int | None:
        """The first place before ``last`` where frames follow one another."""
        last = min(self.end, last)
        while (position := self._looks_like_frame(position, last)) >= 0:
            self.tries += 1
            if self.tries > MAX_TRIES:
                return None
            if self._stream_begins(position):
                return position
            position += 1
        return None

    def _looks_like_frame(self, position: int, last: int) -> int:
        while position < last:
            self._bytes(position, 4)
            found = HEADER.search(self._data, position - self._base)
            if found is not None:
                return self._base + found.start() if self._base + found.start() < last else -1
            # The last two bytes may begin a header that the next chunk completes.
            position = max(position + 1, self._base + len(self._data) - 2)
        return -1

    def _stream_begins(self, position: int) -> bool:
        first = None
        for _ in range(CONFIRMED):
            header = self._header(position)
            if header is None or (first is not None and header[:2] != first):
                return False
            first = header[:2]
            position += header[2]
            if position >= self.end:
                # Up to the very end of the file: one whole frame is enough.
                return position == self.end
        return True


def find_runs(source: Source, spans: Sequence[tuple[int, int]]) -> list[Run]:
    """All frames of an MPEG stream, as runs of one form each.

    Args:
        source: the recording.
        spans: ``(start, end)`` offsets in which to look; tags and garbage in front are skipped.
    """
    return Scanner(source, spans).scan()
