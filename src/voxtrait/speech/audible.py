"""How much of a recording is more than its background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["audible_frames"]

BELOW_DB = 30.0
LASTING = 10  # frames: a click is louder than a voice, but does not last


def audible_frames(waveform: NDArray[np.float32], hop: int) -> int:
    """Frames that are at most 30 dB quieter than the tenth loudest; a constant offset is no sound.

    Args:
        waveform: ``[samples]``.
        hop: samples of a frame; what is left at the end is not counted.
    """
    whole = len(waveform) // hop
    if not whole:
        return 0
    frames = waveform[: whole * hop].reshape(whole, hop) - waveform.mean()
    power = np.einsum("fs,fs->f", frames, frames)
    place = max(whole - LASTING, 0)
    loudest = np.partition(power, place)[place]
    return int((power > loudest * 10 ** (-BELOW_DB / 10)).sum())
