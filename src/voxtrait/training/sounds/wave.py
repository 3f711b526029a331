"""Periodic sound of any course of its pitch, and what the sounds have in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform

__all__ = ["Harmonics", "periodic", "random_timbre", "slow"]

Harmonics = NDArray[np.float64]  # amplitude of each harmonic, the fundamental first
TABLE = 4096  # samples of one period
MOST_HARMONICS = 60


def random_timbre(rng: np.random.Generator) -> Harmonics:
    """A timbre: a sine, or harmonics that fall off by 0 to 18 dB an octave, even or uneven."""
    if rng.random() < 0.15:
        return np.ones(1)
    numbers = np.arange(1, MOST_HARMONICS + 1)
    amplitudes = numbers ** -rng.uniform(0, 3) * rng.uniform(rng.uniform(0, 1), 1, len(numbers))
    if rng.random() < 0.25:
        amplitudes[1::2] *= rng.uniform(0, 0.3)
    return np.asarray(amplitudes)


def periodic(
    frequency: NDArray[np.float64], harmonics: Harmonics, rng: np.random.Generator
) -> Waveform:
    """A sound of these harmonics whose fundamental takes this course.

    Args:
        frequency: of the fundamental, in hertz, ``[samples]``, at least one.
        harmonics: amplitude of each harmonic; those above 8 kHz anywhere are left out.
        rng: draws the phases.

    Returns:
        ``[samples]``, its power about 1.
    """
    heard = max(1, min(len(harmonics), int(SAMPLE_RATE / 2 / max(float(frequency.max()), 1.0))))
    spectrum = np.zeros(TABLE // 2 + 1, np.complex128)
    spectrum[1 : heard + 1] = harmonics[:heard] * np.exp(2j * np.pi * rng.random(heard))
    table = np.fft.irfft(spectrum)
    table /= np.sqrt(np.mean(table**2)) + 1e-12
    phase = np.cumsum(frequency / SAMPLE_RATE) + rng.random()
    return table[(phase * TABLE).astype(np.int64) % TABLE].astype(np.float32)


def slow(samples: int, rate: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Something that wanders between 0 and 1, ``[samples]``, about ``rate`` turns a second."""
    knots = rng.random(2 + int(samples / SAMPLE_RATE * 2 * rate))
    return np.interp(np.linspace(0, len(knots) - 1, samples), np.arange(len(knots)), knots)
