"""Other sample rates."""

from __future__ import annotations

import numpy as np
import pytest

from voxtrait import audio
from voxtrait.errors import AudioOutOfBounds

RATES = [(48_000, 16_000), (44_100, 16_000), (8_000, 16_000), (16_000, 8_000), (11_025, 16_000)]


def tone(rate: int, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate).astype(np.float32)


@pytest.mark.parametrize(("from_rate", "to_rate"), RATES)
def test_a_tone_stays_the_same_tone(from_rate, to_rate):
    found = audio.resample(tone(from_rate), from_rate, to_rate)
    assert found.dtype == np.float32
    assert len(found) == to_rate
    middle = slice(to_rate // 10, -to_rate // 10)
    np.testing.assert_allclose(found[middle], tone(to_rate)[middle], atol=1e-3)


@pytest.mark.parametrize(("from_rate", "to_rate"), RATES)
@pytest.mark.parametrize("size", [1, 333, 9000, 100_000])
def test_blocks_give_what_the_whole_gives(from_rate, to_rate, size):
    noise = np.random.default_rng(2).uniform(-1, 1, from_rate // (10 if size == 1 else 1))
    noise = noise.astype(np.float32)
    resampler = audio.Resampler(from_rate, to_rate)
    blocks = [resampler.push(noise[i : i + size]) for i in range(0, len(noise), size)]
    joined = np.concatenate([*blocks, resampler.finish()])
    np.testing.assert_allclose(joined, audio.resample(noise, from_rate, to_rate), atol=1e-4)


def test_equal_rates_change_nothing():
    waveform = tone(16_000)
    assert audio.resample(waveform, 16_000, 16_000) is waveform
    resampler = audio.Resampler(16_000, 16_000)
    np.testing.assert_array_equal(resampler.push(waveform), waveform)
    assert len(resampler.finish()) == 0


def test_nothing_stays_nothing():
    assert len(audio.resample(np.zeros(0, np.float32), 8000, 16_000)) == 0
    resampler = audio.Resampler(8000, 16_000)
    assert len(resampler.push(np.zeros(0, np.float32))) == 0
    assert len(resampler.finish()) == 0


@pytest.mark.parametrize("rates", [(1, 16_000), (16_000, 2**31 - 1), (0, 8000), (8000, -8000)])
def test_rates_that_would_ask_for_absurd_memory_are_refused(rates):
    with pytest.raises(AudioOutOfBounds, match="4000 to 384000 Hz"):
        audio.resample(np.zeros(10, np.float32), *rates)
    with pytest.raises(AudioOutOfBounds, match="4000 to 384000 Hz"):
        audio.Resampler(*rates)
