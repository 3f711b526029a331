"""Things that rush, rub and scrape: noise that comes and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.augment import band_limit
from voxtrait.training.augment.waveform import log_uniform
from voxtrait.training.sounds.wave import slow

if TYPE_CHECKING:
    from voxtrait.training.augment.waveform import Waveform

__all__ = ["gusts"]


def gusts(samples: int, rng: np.random.Generator) -> Waveform:
    """Noise of some band that swells and fades 0.3 to 10 times a second, ``[samples]``."""
    noise = rng.standard_normal(samples).astype(np.float32)
    band = band_limit(noise, rng, low_hz=(60.0, 1500.0), high_hz=(300.0, 7500.0))
    level = slow(samples, log_uniform(0.3, 10, rng), rng) ** rng.uniform(0.5, 4)
    return (band * level).astype(np.float32)
