"""Another noise behind an example each time that it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.loudness import levels_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["mix"]


def mix(
    example: NDArray[np.float32], noise: NDArray[np.float32], snr_db: float, first: int = 0
) -> NDArray[np.float32]:
    """The powers of both added, band by band, at the example's loudness.

    Sounds that know nothing of each other add up so on average; no waveform is needed.

    Args:
        example: natural-log levels of bands, ``[frames, bands]``.
        noise: the same of a noise, ``[any, bands]``; repeated where it is shorter.
        snr_db: how much more power the example has on average.
        first: frame of the noise to begin with.

    Returns:
        ``[frames, bands]``.
    """
    rows = (first + np.arange(len(example))) % len(noise)
    power, other = np.exp(example), np.exp(noise[rows])
    mean = power.mean()
    other *= mean / max(float(other.mean()), 1e-12) * 10 ** (-snr_db / 10)
    return levels_at(mean, power + other)
