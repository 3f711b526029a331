"""What hides parts of an example from the network, so that it relies on no part alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from voxtrait.features.log_mel import FLOOR

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SILENCE", "mask", "narrow", "pass_band"]

SILENCE = math.log(FLOOR)  # what the front end gives for digital silence


def pass_band(bands: int, rng: np.random.Generator) -> slice:
    """The bands that a telephone or an 8 kHz file lets through; half of them keep the lowest.

    On the mel scale up to 8 kHz 300 Hz lie at 0.14, 3.4 kHz at 0.70 and 4 kHz at 0.76.

    Args:
        bands: how many there are, from low to high.
        rng: draws where they end.
    """
    low = round(bands * rng.uniform(0.0, 0.17)) if rng.random() < 0.5 else 0
    return slice(low, round(bands * rng.uniform(0.66, 0.85)))


def narrow(example: NDArray[np.float32], kept: slice) -> None:
    """All bands but those kept fall silent, in place; levels ``[frames, bands]``."""
    example[:, : kept.start] = SILENCE
    example[:, kept.stop :] = SILENCE


def mask(example: NDArray[np.float32], bands: int, frames: int, rng: np.random.Generator) -> None:
    """Two stretches of bands and one of time become the example's mean, in place.

    SpecAugment (Park et al., 2019, arXiv:1904.08779).

    Args:
        example: ``[frames, bands]``.
        bands: most that a stretch of bands covers, at most all of them.
        frames: most that the stretch of time covers; a quarter of the example at most.
        rng: draws how long and where they are.
    """
    fill = example.mean()
    # One call of the generator for all: seven would take longer than the rest.
    draws = rng.random(6).tolist()
    for wide, place in (draws[:2], draws[2:4]):
        width = int(wide * (bands + 1))
        low = int(place * (example.shape[1] - width + 1))
        example[:, low : low + width] = fill
    long = int(draws[4] * (min(frames, len(example) // 4) + 1))
    first = int(draws[5] * (len(example) - long + 1))
    example[first : first + long] = fill
