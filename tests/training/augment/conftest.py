"""A computed voice: pulses through formants, with a moving pitch and pauses."""

from __future__ import annotations

import numpy as np
import pytest

RATE = 16_000
FORMANTS = ((600.0, 80.0), (1300.0, 110.0), (2500.0, 160.0), (3600.0, 220.0))


def make_voice(hertz: float, seconds: float = 1.5, seed: int = 0) -> np.ndarray:
    """Vowels of a voice whose pitch swings by 8 %, 0.1 s of pause in front and at the end."""
    samples = int(seconds * RATE)
    time = np.arange(samples) / RATE
    contour = hertz * (1 + 0.08 * np.sin(2 * np.pi * 2 * time))
    phase = np.cumsum(contour) / RATE
    pulses = np.diff(np.floor(phase), prepend=0.0)
    rng = np.random.default_rng(seed)
    source = pulses + 0.01 * rng.standard_normal(samples)
    spectrum = np.fft.rfft(source, 2 * samples)
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(2 * samples, 1 / RATE) / RATE)
    response = np.ones_like(z)
    for centre, width in FORMANTS:
        radius = np.exp(-np.pi * width / RATE)
        response /= 1 - 2 * radius * np.cos(2 * np.pi * centre / RATE) * z + radius**2 * z**2
    voice = np.fft.irfft(spectrum * response)[:samples]
    voice[: RATE // 10] = 0
    voice[-RATE // 10 :] = 0
    return (0.3 * voice / np.abs(voice).max()).astype(np.float32)


@pytest.fixture(scope="session")
def voice() -> np.ndarray:
    return make_voice(120.0)


@pytest.fixture(scope="session")
def hiss() -> np.ndarray:
    return (0.1 * np.random.default_rng(5).standard_normal(RATE)).astype(np.float32)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


@pytest.fixture(scope="session")
def voice_of():
    return make_voice
