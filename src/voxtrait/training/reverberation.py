"""Another room around an example each time that it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.augment.waveform import log_uniform
from voxtrait.training.loudness import levels_at
from voxtrait.training.prepared import FRAMES_A_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["reverberate"]

RT60 = (0.2, 2.5)  # seconds in which what was said falls by 60 dB, of the lowest band
HIGHEST = (0.4, 1.0)  # of the highest band, as a share of that: air and curtains
DIRECT_DB = (-6.0, 12.0)  # ratio of direct to reverberant energy
COLOUR_DB = 2.0  # standard deviation over the bands: a mouth does not speak to all sides alike
# Of the power in one band and frame of a tail: that of the mean of three bins' exponentials.
SHAPE = 3.0


def reverberate(example: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Smear the power of every band over what follows, as a room does, at the same loudness.

    A room's tail is decaying noise (Polack, 1988), so that its power adds to that of the voice, on
    average, as this does (Lebart, Boucher and Denbigh, 2001); no waveform is needed.

    Args:
        example: natural-log levels of bands, ``[frames, bands]``.
        rng: draws the room.

    Returns:
        ``[frames, bands]``; what rings on behind the last frame is cut.
    """
    frames, bands = example.shape
    power = np.exp(example)
    longest = log_uniform(*RT60, rng)
    seconds = longest * np.linspace(1.0, rng.uniform(*HIGHEST), bands)
    keeps = (10 ** (-6 / (seconds * FRAMES_A_SECOND))).astype(np.float32)
    wet = 10 ** (-rng.uniform(*DIRECT_DB) / 10)
    tail = np.zeros_like(power)
    for now in range(1, frames):
        tail[now] = keeps * tail[now - 1] + (1 - keeps) * power[now - 1]
    tail *= np.float32(wet) * rng.standard_gamma(SHAPE, tail.shape, np.float32) / SHAPE
    colour = np.power(10, rng.normal(0, COLOUR_DB, bands) / 10).astype(np.float32)
    return levels_at(power.mean(), power * colour + tail)
