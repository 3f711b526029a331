"""Everything else, through PyAV (ffmpeg inside), where the ``media`` extra is installed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np

from voxtrait.audio.bounds import check_format
from voxtrait.audio.splice import Splice
from voxtrait.audio.track import BLOCK, Block, Track
from voxtrait.audio.warning import warn_cut, warn_missing, warn_short
from voxtrait.errors import BrokenPackage, MissingExtra, UnreadableAudio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxtrait.audio.source import Source

__all__ = ["has_media", "open_media"]

# No playlist among them: a file must not make ffmpeg open other files or the network. Nor those
# whose end ffmpeg takes as it comes, although their headers tell what is missing.
FORMATS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,asf_o,au,avi,caf,dsf,dts,eac3,flac,flv,loas,matroska,webm,"
    "mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,mpc,mpc8,ogg,rm,tak,tta,wav,wv"
)
OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "", "max_streams": "64"}
# Containers whose header says how long the sound is; the others' durations are guesses.
TIMED = {"mov", "matroska", "wav", "flac", "ogg", "caf", "asf", "avi", "flv"}
# Codecs with a checksum a block; unasked, ffmpeg gives noise for a damaged one.
CHECKED = {"ape", "flac", "tak", "tta", "wavpack"}
# Codecs of blocks of one size in files without a header: a shorter last one was cut.
EVEN = {"ac3", "eac3", "dca"}
PLANES = 8  # of more channels, PyAV reads planes that are not there, and the process dies
TOLERATED_S = 0.15  # encoders' own silence at both ends, counted by some containers


def has_media() -> bool:
    """Whether PyAV is installed."""
    from importlib.util import find_spec

    return find_spec("av") is not None


def open_media(
    source: Source, what: str, span: tuple[int, int] | None = None, *, frames: int = 0
) -> Track:
    """The first audio stream of any file that ffmpeg reads.

    Args:
        source: the recording.
        what: what it is, for messages: ``"an m4a file"``.
        span: ``(start, end)`` offsets of the file in the source; all of it by default.
        frames: samples a channel that were counted beforehand; 0 to go by the container.

    Raises:
        MissingExtra: PyAV is not installed.
        BrokenPackage: PyAV does not load.
        UnreadableAudio: ffmpeg cannot read it either, or it has no sound.
        AudioOutOfBounds: the sample rate or the number of channels.
    """
    if not has_media():
        raise MissingExtra(f"{source.name} is {what}, and reading that", "media")
    try:
        import av
    except (ImportError, OSError) as error:
        raise BrokenPackage("av", error) from error
    file = Splice(source, [span or (0, source.size)])
    stack = contextlib.ExitStack()
    try:
        container = stack.enter_context(
            av.open(file, mode="r", options=OPTIONS, metadata_errors="replace")
        )
        stream = next(iter(container.streams.audio), None)
        if stream is None or stream.codec_context is None:
            raise source.refuse(f"is {what} without sound that ffmpeg knows")
        stream.codec_context.thread_count = 1
        if stream.codec_context.name in CHECKED:
            stream.codec_context.options = {"err_detect": "crccheck+explode"}
        damaged: list[Exception] = []
        decoded = _decoded(container, stream, damaged)
        first = next((f for f in decoded if f.samples), None)
        if first is None and damaged:
            raise damaged[0]
        if first is None:
            raise source.refuse(f"is {what} that holds no samples")
        rate, channels = int(first.sample_rate), int(first.layout.nb_channels)
        check_format(source.name, rate, channels)
        names = set(container.format.name.split(","))
        if "avi" in names:  # ffmpeg makes up a length where the index at the end is gone
            whole = 8 + int.from_bytes(source.at(4, 4), "little")
            warn_cut(source.name, whole if whole < 1 << 32 else 0, source.size)
        _tell_tracks(source.name, len(container.streams.audio) - 1)
        known = names & TIMED
        promised = frames or (_promised(container, stream, rate) if known else 0)
    except (av.FFmpegError, OSError, ValueError, TypeError) as error:
        stack.close()
        raise file.error or source.refuse(f"looks like {what}, but cannot be decoded") from error
    except Exception:
        stack.close()
        raise
    tolerated = 0.0 if frames else TOLERATED_S * rate
    decoding = _Decoding(source, file, rate, first, decoded, damaged, promised, tolerated, stack)
    return Track(rate, channels, promised, decoding.blocks)


def _tell_tracks(name: str, others: int) -> None:
    if others:
        tracks = "another sound track" if others == 1 else f"{others} more sound tracks"
        warn_missing(name, f"it has {tracks}; only the first was listened to.")


def _decoded(container: Any, stream: Any, damaged: list[Exception]) -> Iterator[Any]:
    """The frames of all packets that can be decoded; why others cannot is added to ``damaged``."""
    import av

    even = stream.codec_context.name in EVEN
    least = last = 0
    for packet in container.demux(stream):
        if even and packet.size:
            least, last = min(last, least or last), packet.size
        try:
            yield from packet.decode()
        except av.FFmpegError as error:
            damaged.append(error.with_traceback(None))
    if last < least - 4:  # at 44.1 kHz every other one is longer by two bytes
        damaged.append(EOFError("the last block is cut short"))


class _Decoding:
    """The frames of an open container, gathered into blocks."""

    def __init__(
        self,
        source: Source,
        file: Splice,
        rate: int,
        first: Any,
        frames: Iterator[Any],
        damaged: list[Exception],
        promised: int,
        tolerated: float,
        stack: contextlib.ExitStack,
    ) -> None:
        self.source, self.file, self.rate, self.promised = source, file, rate, promised
        self.first, self.frames, self.damaged, self.stack = first, frames, damaged, stack
        self.tolerated = tolerated
        self.found = 0
        self.span = 0.0  # seconds from the first to the last time stamp
        self.failed = False

    def blocks(self) -> Iterator[Block]:
        with self.stack:
            held: list[Block] = []
            size = 0
            for block in self._decode():
                if held and (size + block.size > BLOCK or block.shape[1] != held[0].shape[1]):
                    yield np.concatenate(held)
                    held, size = [], 0
                held.append(block)
                size += block.size
            if held:
                yield np.concatenate(held)
        self._say_what_is_missing()

    def _decode(self) -> Iterator[Block]:
        import av

        origin = None
        frame = self.first
        while frame is not None:
            if frame.samples:
                if frame.sample_rate != self.rate:
                    raise self.source.refuse(
                        f"changes its sample rate from {self.rate} to {frame.sample_rate} Hz after "
                        f"{self.found / self.rate:.2f} s",
                        "Cut it there, or convert it with: ffmpeg -i FILE OUT.wav",
                    )
                self.found += frame.samples
                if frame.time is not None:
                    origin = frame.time if origin is None else origin
                    self.span = max(self.span, frame.time - origin + frame.samples / self.rate)
                yield as_float(frame)
            try:
                frame = next(self.frames, None)
            except (av.FFmpegError, OSError, ValueError):
                self.failed, frame = True, None

    def _say_what_is_missing(self) -> None:
        if self.file.error is not None:
            raise self.file.error
        # A hole in the middle shows in the time stamps, a missing end in the header.
        expected = max(self.promised, min(int(self.span * self.rate), 2 * self.found))
        if self.found < expected - self.tolerated:
            warn_short(self.source.name, self.rate, expected, self.found)
        elif self.damaged:
            warn_missing(self.source.name, f"{len(self.damaged)} packets of it are damaged.")
        elif self.failed:
            seconds = self.found / self.rate
            warn_missing(
                self.source.name, f"it is damaged after {seconds:.2f} s; the rest is lost."
            )


def _promised(container: Any, stream: Any, rate: int) -> int:
    """Samples a channel by the container's header, 0 where it does not say."""
    if stream.duration and stream.time_base:
        seconds = float(stream.duration * stream.time_base)
    else:
        seconds = (container.duration or 0) / 1e6
    return int(seconds * rate) if 0 < seconds < 86_400 else 0


def as_float(frame: Any) -> Block:
    """A frame's samples, ``[samples, channels]``, full scale at 1.0.

    Raises:
        UnreadableAudio: samples of a type that nobody has met.
    """
    channels = frame.layout.nb_channels
    if frame.format.is_planar and channels > PLANES:
        import av

        (frame,) = av.AudioResampler(format=frame.format.packed.name).resample(frame)
    values = frame.to_ndarray()
    values = values.T if frame.format.is_planar else values.reshape(-1, channels)
    kind, width = values.dtype.kind, values.dtype.itemsize
    if kind not in "fiu":
        raise UnreadableAudio(f"Samples of type {values.dtype} are unknown.", "Convert the file.")
    with np.errstate(over="ignore", invalid="ignore"):  # infinities are refused later
        samples: Block = values.astype(np.float32)
    if kind != "f":
        samples *= np.float32(2.0 ** (1 - 8 * width))
        if kind == "u":
            samples -= np.float32(1)
    return samples
