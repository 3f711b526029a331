"""One channel out of several, and blocks of the length that was asked for."""

from __future__ import annotations

import itertools
import operator
from typing import TYPE_CHECKING, SupportsIndex, TypeAlias

import numpy as np
from numpy.typing import NDArray

from voxtrait.audio.warning import warn_missing
from voxtrait.errors import AudioOutOfBounds, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voxtrait.audio.track import Block

__all__ = ["Channel", "Mixer", "Waveform", "channel_number", "cut", "gather"]

Waveform: TypeAlias = NDArray[np.float32]
Channel: TypeAlias = SupportsIndex | str
"""``"mix"`` for the mean of all channels, or the number of one, from 0."""

CANCELLED = 1e-3  # of the channels' power: where no more is left in their mean, it is no mono sound


def channel_number(channel: Channel) -> int | None:
    """The channel's number, ``None`` for the mean of all.

    Raises:
        UsageError: neither ``"mix"`` nor a number from 0.
    """
    if channel == "mix":
        return None
    try:
        number = operator.index(channel)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if number < 0 or isinstance(channel, bool):
        raise UsageError(f"The channel {channel!r} is unknown.", "Say 'mix', or 0, 1, 2, ...")
    return number


class Mixer:
    """One channel of each block, or the mean of all: ``[frames, channels]`` -> ``[frames]``.

    Args:
        channel: the number of one, from 0; ``None`` for the mean.
        name: of the recording, for what is said about it.
    """

    def __init__(self, channel: int | None, name: str) -> None:
        self.channel, self.name = channel, name
        self._lost = self._kept = 0.0  # power of the channels, and of their mean

    def __call__(self, block: Block) -> Waveform:
        """The block in mono.

        Raises:
            UsageError: there is no such channel.
        """
        channels = block.shape[1]
        if self.channel is not None:
            if self.channel >= channels:
                raise UsageError(
                    f"{self.name} has {channels} channel{'s' * (channels > 1)}, counted from 0; "
                    f"there is no channel {self.channel}.",
                    "Choose another, or 'mix'.",
                )
            return block[:, self.channel]
        if channels == 1:
            return block[:, 0]
        # A sum by columns is several times as fast as a mean over a short axis.
        mixed = block[:, 0] + block[:, 1]
        for other in range(2, channels):
            mixed += block[:, other]
        mixed *= np.float32(1 / channels)
        self._lost += float(np.vdot(block, block)) / channels
        self._kept += float(np.vdot(mixed, mixed))
        return mixed

    def finish(self) -> None:
        """Warn where hardly anything is left in the mean: channels of opposite polarity."""
        if self._kept < CANCELLED * self._lost:
            warn_missing(
                self.name, "its channels cancel each other out; choose one of them, say channel 0."
            )


def gather(pieces: Iterable[Waveform], most: float) -> Waveform:
    """All pieces, of which there is at least one, as one array.

    It grows in place: joining the pieces at the end would need their memory twice.

    Args:
        pieces: of any lengths.
        most: samples that are kept.

    Raises:
        AudioOutOfBounds: there are more.
    """
    rest = iter(pieces)
    first, second = next(rest), next(rest, None)
    if second is None and len(first) <= most:
        # A short recording needs no copy, unless it is a small part of what was allocated.
        spare = first.base is not None and first.base.nbytes > 2 * first.nbytes
        return first.copy() if spare else np.ascontiguousarray(first)
    whole = np.empty(0, np.float32)
    filled = 0
    for piece in itertools.chain([first], [] if second is None else [second], rest):
        if filled + len(piece) > most:
            raise AudioOutOfBounds(
                f"The recording has more than {most:.0f} samples.",
                "Read it with audio.stream, or allow more with max_seconds.",
            )
        if filled + len(piece) > len(whole):
            size = len(piece) if not filled else 3 * (filled + len(piece)) // 2
            whole.resize(size, refcheck=False)
        whole[filled : filled + len(piece)] = piece
        filled += len(piece)
    whole.resize(filled, refcheck=False)
    return whole


def cut(pieces: Iterable[Waveform], size: int) -> Iterator[Waveform]:
    """Pieces of any lengths as blocks of ``size`` samples, the last one shorter."""
    held: list[Waveform] = []
    count = 0
    for piece in pieces:
        rest = piece
        while count + len(rest) >= size:
            yield np.concatenate([*held, rest[: size - count]])
            rest, held, count = rest[size - count :], [], 0
        if len(rest):
            held.append(rest)
            count += len(rest)
    if held:
        yield np.concatenate(held)
