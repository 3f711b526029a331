from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.augment import add_noise, babble
from voxtrait.training.augment.noise import looped
from voxtrait.training.augment.waveform import active_power


def decibels(ratio: float) -> float:
    return float(10 * np.log10(ratio))


@pytest.mark.parametrize("snr_db", [0.0, 10.0, 30.0])
@pytest.mark.parametrize("seconds", [0.1, 0.7, 3.0])
def test_the_ratio_over_active_parts_is_the_one_asked_for(voice, rng, snr_db, seconds):
    noise = 0.05 * np.random.default_rng(2).standard_normal(int(16000 * seconds))
    mixed = add_noise(voice, noise.astype(np.float32), snr_db, rng)
    added = mixed - voice
    assert abs(decibels(active_power(voice) / active_power(added)) - snr_db) < 0.1
    assert mixed.shape == voice.shape


def test_silence_around_a_voice_does_not_change_how_loud_its_noise_is(voice, hiss):
    padded = np.pad(voice, (16000, 16000))
    added = add_noise(padded, hiss, 10, np.random.default_rng(0)) - padded
    alone = add_noise(voice, hiss, 10, np.random.default_rng(0)) - voice
    assert abs(decibels(active_power(added) / active_power(alone))) < 0.3


def test_the_silence_around_a_short_event_is_never_what_is_mixed_in(rng, hiss):
    event = np.pad(hiss[:4000], (80_000, 80_000))
    for _ in range(20):
        assert active_power(looped(event, 3000, rng)) > 0.005


def test_a_loop_closes_without_a_click(rng):
    tone = np.sin(2 * np.pi * 200 * np.arange(5003) / 16000).astype(np.float32)
    steepest = np.abs(np.diff(tone)).max()
    assert np.abs(np.diff(looped(tone, 40_000, rng))).max() < 1.5 * steepest


def test_silent_noise_and_a_silent_voice_change_nothing(voice, hiss, rng):
    silence = np.zeros(8000, np.float32)
    np.testing.assert_array_equal(add_noise(voice, silence, 5, rng), voice)
    np.testing.assert_array_equal(add_noise(silence, hiss, 5, rng), silence)


def test_babble_of_one_voice_has_several_of_it_at_once(voice, rng):
    people = babble([voice], rng, seconds=2)
    assert people.shape == (32_000,)
    assert decibels(active_power(people) / 0.01) > 3  # at least four voices of 0.01 +- 3 dB


def test_babble_of_nobody_is_refused(rng):
    with pytest.raises(ValueError, match="at least one voice"):
        babble([], rng)
