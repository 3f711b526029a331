"""Things that are struck: drums, knocks, bells, dishes, clocks."""

from __future__ import annotations

import numpy as np

from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform, log_uniform

__all__ = ["blows"]

LONGEST = SAMPLE_RATE  # samples for which a blow is heard


def blows(samples: int, rng: np.random.Generator) -> Waveform:
    """The same thing struck again and again, evenly or as it comes, ``[samples]``.

    It rings with some modes, none a multiple of another, and gives a burst of noise, each with a
    decay of its own; the pitch may sink as that of a drum does.
    """
    time = np.arange(min(samples, LONGEST)) / SAMPLE_RATE
    one = rng.uniform(0, 1) * rng.standard_normal(len(time))
    one *= np.exp(-time / log_uniform(0.003, 0.15, rng))
    lowest, highest = sorted((log_uniform(50, 4000, rng), log_uniform(50, 6000, rng)))
    sinks = rng.uniform(0, 1.5) * np.exp(-time / log_uniform(0.01, 0.1, rng))
    for _ in range(rng.integers(0, 8)):
        phase = np.cumsum(log_uniform(lowest, highest, rng) * 2**sinks / SAMPLE_RATE)
        fading = np.exp(-time / log_uniform(0.01, 0.6, rng))
        one += rng.uniform(0.1, 1) * np.sin(2 * np.pi * phase) * fading
    line = np.zeros(samples)
    beat, even = log_uniform(0.08, 1.5, rng), rng.random() < 0.6
    at = int(rng.uniform(0, 0.3) * beat * SAMPLE_RATE)
    while at < samples:
        line[at : at + len(one)] += rng.uniform(0.3, 1) * one[: samples - at]
        at += 1 + int(SAMPLE_RATE * beat * (1.0 if even else rng.exponential()))
    return line.astype(np.float32)
