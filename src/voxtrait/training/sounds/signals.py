"""What machines call with: beeps and sirens."""

from __future__ import annotations

import numpy as np

from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform, log_uniform
from voxtrait.training.sounds.wave import periodic, random_timbre

__all__ = ["signal", "siren"]

EDGE = 80  # samples in which a beep begins or ends: 5 ms


def signal(samples: int, rng: np.random.Generator) -> Waveform:
    """One or two tones, on and off at an even beat (telephone, alarm) or held, ``[samples]``."""
    time = np.arange(samples) / SAMPLE_RATE
    tones = [log_uniform(200, 4000, rng) for _ in range(rng.integers(1, 3))]
    line = sum(np.sin(2 * np.pi * (tone * time + rng.random())) for tone in tones)
    if rng.random() < 0.8:
        beat, share = log_uniform(0.06, 1.5, rng), rng.uniform(0.3, 0.8)
        on = ((time / beat + rng.random()) % 1 < share).astype(np.float64)
        line = line * np.convolve(on, np.full(EDGE, 1 / EDGE), mode="same")[:samples]
    return np.asarray(line, np.float32)


def siren(samples: int, rng: np.random.Generator) -> Waveform:
    """A tone that rises and falls, or jumps, again and again, ``[samples]``."""
    turns = np.arange(samples) / SAMPLE_RATE * log_uniform(0.15, 8, rng) + rng.random()
    course = (
        np.sin(2 * np.pi * turns),
        2 * np.abs(2 * (turns % 1) - 1) - 1,
        2 * (turns % 1) - 1,
        np.sign(np.sin(2 * np.pi * turns)),
    )[rng.integers(4)]
    frequency = log_uniform(150, 2000, rng) * 2 ** (rng.uniform(0.1, 1.0) * course)
    return periodic(np.minimum(frequency, 3500.0), random_timbre(rng), rng)
