"""From a recording to its waveform, at once or block by block."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from voxtrait.audio.bounds import MAX_LEVEL, check_levels, check_seconds, peak, too_long
from voxtrait.audio.formats import open_track
from voxtrait.audio.mono import Mixer, channel_number, cut, gather
from voxtrait.audio.opening import open_source
from voxtrait.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from types import TracebackType

    from voxtrait.audio.mono import Channel, Waveform
    from voxtrait.audio.source import AudioSource, Source
    from voxtrait.audio.track import Track

__all__ = ["AudioStream", "open_stream", "probe", "read", "stream"]

HOUR = 3600.0
READ_RATE = 96_000  # `read` keeps as many samples as this rate has in `max_seconds`


class AudioStream:
    """A recording that is decoded while it is iterated over, once, in constant memory.

    Iterating gives mono float32 blocks ``[samples]`` of ``block_seconds``, the last one shorter;
    it may raise ``AudioError`` where the damage lies, and warns (``AudioWarning``) at the end about
    what is missing. A context manager: leaving it closes the file.

    Args:
        sample_rate: Hz.
    """

    def __init__(
        self, source: Source, track: Track, size: int, max_seconds: float, channel: Channel
    ) -> None:
        self.sample_rate = track.sample_rate
        self._source = source
        pieces = _mono(source, track, max_seconds, channel_number(channel))
        # The first block is decoded now, so that most errors come before anybody waits for sound.
        first = next(pieces, None)
        if first is None:
            raise source.refuse("holds no samples", "Record it again.")
        self._decoding = pieces
        whole = itertools.chain([first], pieces)
        self._blocks = cut(whole, size) if size else whole

    def __iter__(self) -> Iterator[Waveform]:
        return self._blocks

    def __enter__(self) -> AudioStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop decoding and close what was opened."""
        self._decoding.close()
        self._source.close()


def read(
    source: AudioSource, *, max_seconds: float = HOUR, channel: Channel = "mix"
) -> tuple[Waveform, int]:
    """A whole recording.

    The format is told by the content alone, so that a path and its bytes give the same samples.
    What is damaged or cut short is never dropped silently: it raises, or warns (``AudioWarning``).

    Args:
        source: a path, the bytes of a file, or a binary file object (left open).
        max_seconds: longer recordings are refused; also more samples than 96 kHz would have.
        channel: ``"mix"`` for the mean of all channels, or the number of one, from 0.

    Returns:
        The waveform, float32 mono ``[samples]`` with full scale at 1.0, and its rate in Hz.

    Raises:
        MissingAudio: no such file, or it may not be opened.
        UnreadableAudio: not audio, damaged, or without samples.
        AudioOutOfBounds: too long; a rate outside 4 to 384 kHz; more than 32 channels; samples that
            are not finite or far above full scale.
        MissingExtra: the format needs PyAV.
        UsageError: a channel that the recording does not have, or ``max_seconds`` not above 0.
    """
    with _open(source, 0, max_seconds, channel) as opened:
        waveform = gather(opened, max_seconds * READ_RATE)
    return waveform, opened.sample_rate


def open_stream(
    source: AudioSource,
    *,
    block_seconds: float = 10.0,
    max_seconds: float = HOUR,
    channel: Channel = "mix",
) -> AudioStream:
    """A recording in blocks, so that an hour of it never sits in memory.

    Args:
        source: as for `read`.
        block_seconds: length of the blocks, above 0 and at most an hour.
        max_seconds: longer recordings raise while they are read, or at once where that is known.
        channel: as for `read`.

    Raises:
        AudioError: and the others of `read`, now or while iterating.
    """
    if not 0 < block_seconds <= HOUR:
        raise UsageError(
            f"block_seconds is {block_seconds}; it must be above 0 and at most {HOUR:g}.",
            "Leave it out for blocks of 10 s.",
        )
    return _open(source, block_seconds, max_seconds, channel)


def stream(
    source: AudioSource,
    *,
    block_seconds: float = 10.0,
    max_seconds: float = HOUR,
    channel: Channel = "mix",
) -> Iterator[tuple[Waveform, int]]:
    """The blocks of `open_stream`, each with its sample rate: ``(float32 [samples], Hz)``.

    Raises:
        AudioError: and the others of `read`, while iterating.
    """
    with open_stream(
        source, block_seconds=block_seconds, max_seconds=max_seconds, channel=channel
    ) as opened:
        for block in opened:
            yield block, opened.sample_rate


def probe(source: AudioSource) -> tuple[float, int]:
    """Duration in seconds and sample rate in Hz, without decoding.

    Returns:
        The duration is 0.0 where the header does not say or cannot be believed.

    Raises:
        AudioError: as for `read`, as far as a header tells.
    """
    opened = open_source(source)
    try:
        track = open_track(opened)
        return track.frames / track.sample_rate, track.sample_rate
    finally:
        opened.close()


def _open(
    source: AudioSource, block_seconds: float, max_seconds: float, channel: Channel
) -> AudioStream:
    check_seconds(max_seconds)
    opened = open_source(source)
    try:
        track = open_track(opened)
        size = max(1, round(block_seconds * track.sample_rate)) if block_seconds else 0
        return AudioStream(opened, track, size, max_seconds, channel)
    except BaseException:
        opened.close()
        raise


def _mono(
    source: Source, track: Track, max_seconds: float, channel: int | None
) -> Generator[Waveform, None, None]:
    """Decode, check and mix down."""
    limit = max_seconds * track.sample_rate
    if track.exact and track.frames > limit:
        raise too_long(source.name, max_seconds)
    found, mixer = 0, Mixer(channel, source.name)
    for block in track.blocks():
        found += len(block)
        if found > limit:
            raise too_long(source.name, max_seconds)
        if track.levels == "written":
            check_levels(block, source.name)
        elif track.levels == "decoded" and not peak(block) <= MAX_LEVEL:
            raise source.refuse("is damaged: it decodes to absurd samples", "Copy it again.")
        yield mixer(block)
    mixer.finish()
