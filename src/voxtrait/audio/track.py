"""A recording that is open and about to be decoded: what every format is turned into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from voxtrait.audio.warning import warn_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["BLOCK", "Block", "Track"]

Block: TypeAlias = NDArray[np.float32]

BLOCK = 1 << 18
"""Samples, over all channels, that are decoded at a time: 1 MiB, whatever a header claims."""


class Track(NamedTuple):
    """The sound of one file.

    Args:
        sample_rate: Hz.
        channels: of the first block; a later one of a chained file may differ.
        frames: samples a channel; 0 where nobody knows before decoding.
        blocks: starts decoding; blocks are ``[frames, channels]``, at most ``BLOCK`` samples each
            or a packet of the format. Warns at the end about what is missing.
        exact: ``frames`` was counted from bytes that are there, not read from a header.
        levels: ``"bounded"`` where samples cannot leave -1 to 1, so that nobody needs to look;
            ``"written"`` where the file's floats are whatever somebody wrote; else ``"decoded"``.
    """

    sample_rate: int
    channels: int
    frames: int
    blocks: Callable[[], Iterator[Block]]
    exact: bool = False
    levels: Literal["bounded", "written", "decoded"] = "decoded"

    def lacking(self, name: str, missing: Sequence[str]) -> Track:
        """The same, but warning at its end of what of the recording ``name`` is missing."""
        if not missing:
            return self

        def blocks() -> Iterator[Block]:
            yield from self.blocks()
            for what in missing:
                warn_missing(name, what)

        return self._replace(blocks=blocks)
