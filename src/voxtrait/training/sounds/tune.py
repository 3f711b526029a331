"""Notes and chords, one after the other, struck or blown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.augment.waveform import SAMPLE_RATE, log_uniform
from voxtrait.training.sounds.wave import periodic, random_timbre

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxtrait.training.augment.waveform import Waveform

__all__ = ["tune"]

CHORDS = ((0,), (0,), (0,), (0, 7), (0, 4, 7), (0, 3, 7), (0, 4, 7, 12), (0, 5, 9, 14))  # semitones
LOWEST_HZ, HIGHEST_HZ = 60.0, 1600.0
LONGEST_NOTE = 4.0  # seconds; a steady sound is one long note


def tune(samples: int, rng: np.random.Generator) -> Waveform:
    """Notes of one instrument at an even beat, ``[samples]``.

    The pitch walks in semitones from note to note. A note fades like a string (half of the
    instruments) or is held; it may have vibrato.
    """
    line = np.zeros(samples, np.float32)
    timbre = random_timbre(rng)
    chord = CHORDS[rng.integers(len(CHORDS))]
    beat = log_uniform(0.1, LONGEST_NOTE, rng)
    legato = rng.uniform(0.5, 1.1)
    fade = log_uniform(0.05, 1.5, rng) if rng.random() < 0.5 else 0.0
    attack = log_uniform(0.002, 0.12, rng)
    depth, rate = (rng.uniform(0.002, 0.02), rng.uniform(4, 7)) if rng.random() < 0.3 else (0, 1)
    height = log_uniform(LOWEST_HZ, HIGHEST_HZ / 2, rng)
    at = int(rng.uniform(0, 0.3) * beat * SAMPLE_RATE)
    while at < samples:
        length = min(int(legato * beat * SAMPLE_RATE) + 1, samples - at)
        time = np.arange(length) / SAMPLE_RATE
        vibrato = 1 + depth * np.sin(2 * np.pi * rate * time)
        note = sum(
            periodic(min(height * 2 ** (step / 12), HIGHEST_HZ) * vibrato, timbre, rng)
            for step in chord
        )
        line[at : at + length] += note * _envelope(time, attack, fade) * rng.uniform(0.5, 1)
        at += int(beat * rng.choice([1, 1, 1, 2, 0.5]) * SAMPLE_RATE)
        height *= 2 ** (rng.integers(-5, 6) / 12)
        height = float(np.clip(height, LOWEST_HZ, HIGHEST_HZ / 2))
    return line


def _envelope(time: NDArray[np.float64], attack: float, fade: float) -> NDArray[np.float32]:
    """Up within the attack, then away with the fade's time constant, or held; 0 at the end."""
    level = np.minimum(time / attack, 1.0)
    level *= np.exp(-time / fade) if fade else 1.0
    level *= np.minimum((time[-1] - time) / 0.02, 1.0)  # ends without a click
    return level.astype(np.float32)
