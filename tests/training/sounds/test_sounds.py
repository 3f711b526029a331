"""Sounds that no voice makes."""

from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.sounds import SOUNDS, computed_sound
from voxtrait.training.sounds.wave import periodic, slow

RATE = 16_000


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", SOUNDS)
@pytest.mark.parametrize("samples", [1, 79, RATE, 3 * RATE])
def test_every_sound_has_the_length_asked_for(name: str, samples: int) -> None:
    for seed in range(12):
        made = SOUNDS[name][0](samples, rng(seed))
        assert made.shape == (samples,)
        assert made.dtype == np.float32
        assert np.isfinite(made).all()


@pytest.mark.parametrize("name", SOUNDS)
def test_every_sound_is_heard_and_is_another_one_each_time(name: str) -> None:
    made = [SOUNDS[name][0](2 * RATE, rng(seed)) for seed in range(12)]
    assert all(np.abs(sound).max() > 0.1 for sound in made)
    assert len({sound.tobytes() for sound in made}) == 12
    np.testing.assert_array_equal(made[3], SOUNDS[name][0](2 * RATE, rng(3)))


def test_a_computed_sound_reaches_full_scale() -> None:
    for seed in range(40):
        made = computed_sound(RATE, rng(seed))
        assert np.abs(made).max() == pytest.approx(1, abs=1e-5)


def test_a_periodic_sound_has_its_harmonics_and_none_beyond_8_khz() -> None:
    made = periodic(np.full(RATE, 3000.0), np.ones(10), rng())
    spectrum = np.abs(np.fft.rfft(made * np.hanning(RATE)))
    assert set(np.flatnonzero(spectrum > 0.5 * spectrum.max())) <= {2999, 3000, 3001} | {
        5999,
        6000,
        6001,
    }
    assert spectrum[3000] == pytest.approx(spectrum[6000], rel=0.01)
    assert np.mean(made**2) == pytest.approx(1, rel=0.01)


def test_what_wanders_stays_between_0_and_1() -> None:
    course = slow(5 * RATE, 2.0, rng())
    assert 0 <= course.min() < 0.3 < 0.7 < course.max() <= 1
    assert np.abs(np.diff(course)).max() < 1e-3
