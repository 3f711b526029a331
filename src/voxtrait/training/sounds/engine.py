"""Things that turn: motors, shavers, mains hum, insects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.augment.waveform import log_uniform
from voxtrait.training.sounds.wave import periodic, random_timbre, slow

if TYPE_CHECKING:
    from voxtrait.training.augment.waveform import Waveform

__all__ = ["engine"]


def engine(samples: int, rng: np.random.Generator) -> Waveform:
    """A pulse of slowly changing rate under noise, ``[samples]``; no vowel changes in it."""
    wander = slow(samples, log_uniform(0.1, 1.5, rng), rng) - 0.5
    frequency = log_uniform(15, 400, rng) * 2 ** (rng.uniform(0, 0.4) * wander)
    turning = periodic(frequency, random_timbre(rng), rng)
    level = 1 - rng.uniform(0, 0.7) * slow(samples, log_uniform(0.2, 2, rng), rng)
    noise = rng.uniform(0, 0.7) * rng.standard_normal(samples)
    return ((turning + noise) * level).astype(np.float32)
