"""MP3 and its elder layers: frames are found here, and libmpg123 decodes nothing but frames.

Left alone, libsndfile estimates the length of files without a Xing header and stops there, stops
where the form of frames changes, and answers a file by its name but not its bytes where garbage
precedes the first frame. So the decoder gets the frames of one form, behind a header that says how
many they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voxtrait.audio import sndfile
from voxtrait.audio.mpeg_frames import Run, find_runs, frame_header
from voxtrait.audio.splice import Part, Splice
from voxtrait.audio.track import Block, Track
from voxtrait.audio.warning import warn_missing, warn_short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voxtrait.audio.source import Source

__all__ = ["find_mpeg", "open_mpeg"]

DECODER_DELAY = 529  # samples, of every layer III decoder
TAG = re.compile(rb"Xing|Info|VBRI")
VBRI = 36  # bytes from the beginning of a frame to Fraunhofer's tag
CHUNK, AROUND = 1 << 20, 64


def open_mpeg(source: Source, spans: Sequence[tuple[int, int]] = ()) -> Track:
    """An MPEG audio stream.

    Args:
        source: the recording.
        spans: ``(start, end)`` offsets of the stream; the whole file by default.

    Raises:
        UnreadableAudio: no stream is found, or its sample rate changes.
    """
    track = find_mpeg(source, spans)
    if track is None:
        raise source.refuse("is not an MP3 file: no frames follow one another in it")
    return track


def find_mpeg(source: Source, spans: Sequence[tuple[int, int]] = ()) -> Track | None:
    """The same, with ``None`` for a file in which no stream is found."""
    runs = [run for run in find_runs(source, spans or [(0, source.size)]) if run.frames]
    if not runs:
        return None
    _check_rates(source, runs)
    promised = sum(_promised(source, run) for run in runs)
    opened = [_open_run(source, run) for run in runs]
    rate = opened[0].sample_rate
    frames = sum(track.frames for track in opened)

    def blocks() -> Iterator[Block]:
        for track in opened:
            yield from track.blocks()
        there = sum(run.frames for run in runs)
        if there < promised:
            samples = runs[0].form.samples
            warn_short(source.name, rate, promised * samples, there * samples)
        elif any(run.cut for run in runs):
            warn_missing(source.name, "the file was cut short within its last MP3 frame.")
        if skipped := sum(run.skipped for run in runs):
            warn_missing(
                source.name, f"{skipped} bytes between MP3 frames are damaged; their sound is lost."
            )

    return Track(rate, opened[0].channels, frames, blocks)


def _check_rates(source: Source, runs: Sequence[Run]) -> None:
    first = runs[0].form
    seconds = 0.0
    for run in runs:
        if run.form.rate != first.rate:
            raise source.refuse(
                f"changes its sample rate from {first.rate} to {run.form.rate} Hz "
                f"after {seconds:.2f} s",
                "Cut it there, or convert it with: ffmpeg -i FILE OUT.wav",
            )
        seconds += run.frames * run.form.samples / run.form.rate


def _open_run(source: Source, run: Run) -> Track:
    parts: list[Part] = list(run.spans)
    frames = 0
    if run.form.layer == 3:
        parts = _with_count(source, run)
    else:
        frames = run.frames * run.form.samples
    # The decoder drops up to a frame at the start, and mutes what refers to bits that were cut off.
    return sndfile.open_sound(
        source, Splice(source, parts), frames=frames, tolerated=2 * run.form.samples
    )


def _tag_offset(source: Source, run: Run) -> tuple[bytearray, int]:
    """The first frame, and where in it a Xing tag begins; 0 without one."""
    start = run.spans[0][0]
    head = source.at(start, 4)
    header = frame_header(head[1], head[2])
    assert header is not None
    frame = bytearray(source.at(start, header[1]))
    offset = _side_info(run)
    for at in (offset, offset + 2):  # behind a checksum, some encoders shift it
        if bytes(frame[at : at + 4]) in (b"Xing", b"Info") and len(frame) >= at + 16:
            return frame, at
    return frame, 0


def _promised(source: Source, run: Run) -> int:
    """Frames by the tags of the files that were joined, the tags' own among them; 0 without."""
    frames = 0
    for start, end in run.spans if run.form.layer == 3 else ():
        for first in range(start, end, CHUNK):
            base = max(start, first - AROUND)  # a tag's frame begins before it
            data = source.at(base, min(first + CHUNK + AROUND, end) - base)
            for found in TAG.finditer(data, first - base, first - base + CHUNK):
                frames += _count(data, found.start(), run)
    return frames


def _count(data: bytes, at: int, run: Run) -> int:
    """Frames that a tag at this place of the data tells; 0 where it is none."""
    fraunhofer = data.startswith(b"VBRI", at)
    begin = at - (VBRI if fraunhofer else _side_info(run))
    for head in (data[max(b, 0) : b + 4] for b in (begin, begin - 2)):  # behind a checksum
        known = frame_header(head[1], head[2]) if len(head) == 4 and head[0] == 0xFF else None
        if known is not None and known[0] == run.form and len(data) >= at + 18:
            if fraunhofer:
                return int.from_bytes(data[at + 14 : at + 18], "big")
            if data[at + 7] & 1:
                return int.from_bytes(data[at + 8 : at + 12], "big") + 1
    return 0


def _with_count(source: Source, run: Run) -> list[Part]:
    """The run's spans behind a Xing frame with the right count of frames and bytes."""
    (start, end), *others = run.spans
    frame, at = _tag_offset(source, run)
    size = sum(last - first for first, last in run.spans)
    if at and frame[at + 7] & 1:
        frame[6:at] = bytes(at - 6)  # libmpg123 takes it for a tag only behind zeros
        # Kept otherwise: encoders note in it how much silence they added.
        frame[at + 8 : at + 12] = (run.frames - 1).to_bytes(4, "big")
        if frame[at + 7] & 2:
            frame[at + 12 : at + 16] = size.to_bytes(8, "big")[4:]
        return [bytes(frame), (start + len(frame), end), *others]
    return [*_lead_in(bytes(frame[:4]), run), *run.spans]


def _lead_in(like: bytes, run: Run) -> list[bytes]:
    """A Xing frame that says how many frames follow, and one frame of silence.

    With a Xing frame, libmpg123 cuts off what it takes for the delay of encoder and decoder. Told a
    delay that makes it one frame in all, it cuts off the silence and leaves the sound alone.
    """
    offset = _side_info(run)
    second = like[1] | 1  # without a checksum
    for index in range(1, 15):
        third = index << 4 | like[2] & 0x0C
        header = frame_header(second, third)
        if header is not None and header[1] >= offset + 48:
            break
    assert header is not None
    silence = bytes([0xFF, second, third, like[3]]).ljust(header[1], b"\0")
    tag = b"Xing" + (1).to_bytes(4, "big") + (run.frames + 1).to_bytes(4, "big")
    delay = (run.form.samples - DECODER_DELAY) << 12  # 12 bits, then 12 of padding at the end
    tag += b"LAME".ljust(21, b"\0") + delay.to_bytes(3, "big")
    return [(silence[:offset] + tag).ljust(header[1], b"\0"), silence]


def _side_info(run: Run) -> int:
    """Bytes of a layer III frame's header and side information, behind which a tag stands."""
    if run.form.version == 1:
        return 4 + (17 if run.channels == 1 else 32)
    return 4 + (9 if run.channels == 1 else 17)
