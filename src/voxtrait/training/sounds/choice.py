"""Any of the computed sounds, or two at once, as an instrument of its own colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.augment import equalise
from voxtrait.training.sounds.blows import blows
from voxtrait.training.sounds.engine import engine
from voxtrait.training.sounds.gusts import gusts
from voxtrait.training.sounds.signals import signal, siren
from voxtrait.training.sounds.tune import tune

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxtrait.training.augment.waveform import Waveform

__all__ = ["SOUNDS", "computed_sound"]

# Each with its share; music is what is met most.
SOUNDS: dict[str, tuple[Callable[[int, np.random.Generator], Waveform], float]] = {
    "tune": (tune, 0.45),
    "signal": (signal, 0.1),
    "siren": (siren, 0.1),
    "blows": (blows, 0.15),
    "engine": (engine, 0.1),
    "gusts": (gusts, 0.1),
}
BOTH = 0.2  # share of the sounds that are two


def computed_sound(samples: int, rng: np.random.Generator) -> Waveform:
    """A sound without a voice.

    Args:
        samples: how long it is, at 16 kHz, at least 1.
        rng: every choice comes from it.

    Returns:
        ``[samples]``, its loudest sample at 1; a short one may fall into a rest and be silent.
    """
    made = _one(samples, rng)
    if rng.random() < BOTH:
        made = made + np.float32(rng.uniform(0.1, 1)) * _one(samples, rng)
    return _loudest_at_1(equalise(made, rng, 15.0))


def _one(samples: int, rng: np.random.Generator) -> Waveform:
    makers, shares = zip(*SOUNDS.values(), strict=True)
    make = makers[rng.choice(len(makers), p=shares)]
    return _loudest_at_1(make(samples, rng))


def _loudest_at_1(sound: Waveform) -> Waveform:
    return sound / np.float32(max(float(np.abs(sound).max(initial=0)), 1e-6))
