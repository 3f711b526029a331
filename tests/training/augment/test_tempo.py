from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.augment import speed, tempo
from voxtrait.training.augment.periods import fundamental


def median_pitch(waveform: np.ndarray) -> float:
    hertz = fundamental(waveform)
    return float(np.median(hertz[hertz > 0]))


@pytest.mark.parametrize("factor", [0.8, 0.96, 1.04, 1.25])
def test_speed_moves_pitch_and_length_alike(voice, factor):
    faster = speed(voice, factor)
    assert faster.size == round(voice.size / factor)
    assert median_pitch(faster) / median_pitch(voice) == pytest.approx(factor, rel=0.02)


@pytest.mark.parametrize("hertz", [100.0, 220.0])
@pytest.mark.parametrize("factor", [0.8, 0.9, 1.12, 1.3])
def test_tempo_moves_the_length_and_leaves_pitch_and_level(voice_of, hertz, factor):
    voice = voice_of(hertz)
    faster = tempo(voice, factor)
    assert faster.size == round(voice.size / factor)
    assert median_pitch(faster) / median_pitch(voice) == pytest.approx(1, abs=0.03)
    assert np.mean(faster**2) == pytest.approx(np.mean(voice**2), rel=0.2)


def test_a_factor_of_one_changes_nothing(voice):
    np.testing.assert_array_equal(speed(voice, 1), voice)
    np.testing.assert_array_equal(tempo(voice, 1), voice)


def test_the_place_of_a_sound_moves_with_the_tempo(hiss):
    line = np.concatenate([np.zeros(8000, np.float32), hiss[:4000], np.zeros(20_000, np.float32)])
    start = np.flatnonzero(np.abs(tempo(line, 1.25)) > 0.05)[0]
    assert start == pytest.approx(8000 / 1.25, abs=480)


@pytest.mark.parametrize("change", [speed, tempo])
def test_a_factor_of_nothing_is_refused(voice, change):
    with pytest.raises(ValueError, match="above 0"):
        change(voice, 0.0)


@pytest.mark.parametrize("change", [speed, tempo])
@pytest.mark.parametrize("samples", [1, 200, 959, 961])
def test_short_sounds_are_changed_too(change, samples):
    sound = np.full(samples, 0.1, np.float32)
    assert change(sound, 1.5).size == max(1, round(samples / 1.5))
