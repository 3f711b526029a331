from __future__ import annotations

import numpy as np
import pytest

from voxtrait.evaluation.acoustics import RATE, add_noise, loudest, reverberate, telephone

TIME = np.arange(RATE) / RATE


def tone(frequency: float, level: float = 0.3) -> np.ndarray:
    return (level * np.sin(2 * np.pi * frequency * TIME)).astype(np.float32)


def power(waveform: np.ndarray) -> float:
    return float(np.mean(waveform.astype(np.float64) ** 2))


@pytest.mark.parametrize("snr", [0, 10, 20])
def test_the_ratio_of_speech_to_noise_is_the_one_asked_for(snr: float) -> None:
    speech = tone(200, 0.1)
    noise = np.random.default_rng(0).normal(0, 0.3, 5000).astype(np.float32)
    mixed = add_noise(speech, noise, snr, np.random.default_rng(1))
    ratio = 10 * np.log10(power(speech) / power(mixed - speech))
    assert ratio == pytest.approx(snr, abs=0.3)


def test_pauses_and_padding_count_in_neither() -> None:
    speech, noise = tone(200, 0.1), np.zeros(RATE, np.float32)
    speech[RATE // 4 :] = 0  # three quarters of pause
    noise[3200:4800] = np.random.default_rng(0).normal(0, 0.3, 1600)  # a short event
    mixed = add_noise(speech, noise, 10, np.random.default_rng(1))
    added = mixed - speech
    ratio = 10 * np.log10(power(speech[: RATE // 4]) / power(added[: RATE // 4]))
    assert ratio == pytest.approx(10, abs=1)
    assert power(added[RATE // 2 :]) == pytest.approx(power(added[: RATE // 2]), rel=0.1)


def test_noise_over_full_scale_is_turned_down_with_the_speech() -> None:
    speech = tone(200, 0.9)
    mixed = add_noise(speech, tone(333), 0, np.random.default_rng(0))
    assert np.abs(mixed).max() == pytest.approx(1)


def test_silence_gets_no_noise_and_silent_noise_adds_none() -> None:
    silence = np.zeros(RATE, np.float32)
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(add_noise(silence, tone(300), 10, rng), silence)
    np.testing.assert_array_equal(add_noise(tone(300), silence, 10, rng), tone(300))


def test_the_loudest_stretch_is_found() -> None:
    waveform = np.concatenate([0.01 * tone(200), tone(200), 0.01 * tone(200)])
    np.testing.assert_array_equal(loudest(waveform, RATE), tone(200))
    np.testing.assert_array_equal(loudest(tone(200), 2 * RATE), tone(200))


def test_a_room_that_only_delays_changes_nothing() -> None:
    response = np.zeros(500, np.float32)
    response[120] = -0.4
    np.testing.assert_allclose(reverberate(tone(200), response), -tone(200), atol=1e-6)


def test_a_room_keeps_length_and_loudness_and_rings_on() -> None:
    click = np.zeros(RATE, np.float32)
    click[1000] = 0.5
    response = np.exp(-np.arange(4000) / 800).astype(np.float32)
    wet = reverberate(click, response)
    assert len(wet) == RATE
    assert power(wet) == pytest.approx(power(click), rel=1e-3)
    assert abs(wet[1800]) == pytest.approx(abs(wet[1000]) / np.e, rel=1e-3)


@pytest.mark.parametrize(("frequency", "kept"), [(100, 0), (1000, 1), (3000, 1), (5000, 0)])
def test_a_telephone_carries_300_to_3400_hz(frequency: float, kept: float) -> None:
    heard = telephone(tone(frequency))
    assert len(heard) == RATE
    assert power(heard) / power(tone(frequency)) == pytest.approx(kept, abs=0.03)


def test_a_telephone_has_the_steps_of_mu_law() -> None:
    quiet, loud = (telephone(tone(1000, level)) for level in (0.01, 0.5))
    errors = [
        power(heard - telephone_free) / power(telephone_free)
        for heard, telephone_free in ((quiet, tone(1000, 0.01)), (loud, tone(1000, 0.5)))
    ]
    # Steps grow with the level, so the ratio to the signal stays between 25 and 45 dB.
    assert all(10 ** (-45 / 10) < error < 10 ** (-25 / 10) for error in errors)
