from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.augment import room, synthetic_room


def test_a_room_of_one_late_click_gives_the_voice_back_in_time(voice):
    response = np.zeros(3000, np.float32)
    response[700] = -0.25
    np.testing.assert_allclose(room(voice, response), voice, atol=1e-5)


def test_a_room_keeps_level_length_and_the_place_of_the_voice(voice, rng):
    heard = room(voice, synthetic_room(rng, direct_db=(6, 6)))
    assert heard.shape == voice.shape
    assert np.mean(heard**2) == pytest.approx(np.mean(voice**2), rel=1e-3)
    lags = np.fft.irfft(np.fft.rfft(heard, 65536) * np.conj(np.fft.rfft(voice, 65536)))
    assert np.argmax(lags) == 0


@pytest.mark.parametrize("seconds", [0.2, 0.5, 0.9])
def test_a_tail_falls_by_60_db_in_the_asked_time(seconds):
    falls = []
    for seed in range(6):
        response = synthetic_room(np.random.default_rng(seed), (seconds, seconds), (0, 0))
        left = 10 * np.log10(np.cumsum(response[:0:-1] ** 2)[::-1] + 1e-20)  # Schroeder
        part = slice(int(0.3 * left.size), int(0.7 * left.size))
        slope = np.polyfit(np.arange(left.size)[part] / 16000, left[part], 1)[0]
        falls.append(-60 / slope)
    assert np.mean(falls) == pytest.approx(seconds, rel=0.2)


@pytest.mark.parametrize("decibels", [3.0, 12.0])
def test_direct_sound_stands_above_the_rest_by_the_asked_ratio(rng, decibels):
    response = synthetic_room(rng, (0.5, 0.5), (decibels, decibels))
    assert np.argmax(np.abs(response)) == 0
    ratio = 10 * np.log10(response[0] ** 2 / np.sum(response[1:] ** 2))
    assert ratio == pytest.approx(decibels, abs=0.5)


def test_a_silent_response_leaves_the_voice(voice):
    np.testing.assert_array_equal(room(voice, np.zeros(10, np.float32)), voice)
