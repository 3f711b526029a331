"""Several recordings in one file, one behind the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.audio.track import Block, Track

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voxtrait.audio.source import Source

__all__ = ["joined"]


def joined(source: Source, tracks: Sequence[Track]) -> Track:
    """All of them as one; of one alone, that one.

    Args:
        source: the file, for messages.
        tracks: its recordings in order, at least one.

    Raises:
        UnreadableAudio: their sample rates differ.
    """
    if len(tracks) == 1:
        return tracks[0]
    rate = tracks[0].sample_rate
    for track in tracks:
        if track.sample_rate != rate:
            raise source.refuse(
                f"is a chain of {len(tracks)} recordings, of {rate} and {track.sample_rate} Hz",
                "Cut it there, or convert it with: ffmpeg -i FILE OUT.wav",
            )

    def blocks() -> Iterator[Block]:
        for track in tracks:
            yield from track.blocks()

    frames = [track.frames for track in tracks]
    return Track(rate, tracks[0].channels, sum(frames) if all(frames) else 0, blocks)
