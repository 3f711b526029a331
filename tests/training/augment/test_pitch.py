from __future__ import annotations

import librosa
import numpy as np
import pytest

from voxtrait.training.augment import formant_shift, pitch_shift
from voxtrait.training.augment.periods import fundamental, marks


def pitch_of(waveform: np.ndarray) -> np.ndarray:
    """By another method than ours, with unvoiced frames as NaN."""
    hertz, _, _ = librosa.pyin(
        waveform, fmin=50, fmax=700, sr=16000, frame_length=1024, hop_length=320
    )
    return hertz


def formants_of(waveform: np.ndarray, count: int = 3) -> np.ndarray:
    """Frequencies of the sharpest poles of linear prediction over the whole sound."""
    emphasised = np.append(waveform[0], waveform[1:] - 0.6 * waveform[:-1]).astype(np.float64)
    roots = np.roots(librosa.lpc(emphasised, order=10))
    roots = roots[roots.imag > 0.01]
    sharp = roots[np.abs(roots) > 0.8]
    hertz = np.sort(np.angle(sharp) * 16000 / (2 * np.pi))
    return hertz[hertz > 200][:count]


@pytest.mark.parametrize("hertz", [95.0, 140.0, 220.0])
@pytest.mark.parametrize("octaves", [-0.6, -0.3, 0.4, 0.85])
def test_pitch_moves_by_the_asked_ratio_and_formants_stay(voice_of, hertz, octaves):
    if not 60 < hertz * 2**octaves < 400:
        hertz = 150.0
    voice = voice_of(hertz)
    moved = pitch_shift(voice, octaves)
    assert moved.shape == voice.shape
    ratio = np.nanmedian(pitch_of(moved) / pitch_of(voice))
    assert ratio == pytest.approx(2**octaves, rel=0.03)
    np.testing.assert_allclose(formants_of(moved), formants_of(voice), rtol=0.08)
    assert np.mean(moved**2) == pytest.approx(np.mean(voice**2), rel=0.05)


def test_what_has_no_pitch_stays_sample_by_sample(hiss):
    np.testing.assert_array_equal(pitch_shift(hiss, 0.5), hiss)


def test_no_shift_changes_nothing(voice):
    np.testing.assert_array_equal(pitch_shift(voice, 0), voice)


def test_more_than_an_octave_is_refused(voice):
    with pytest.raises(ValueError, match="-1 to 1 octave"):
        pitch_shift(voice, 1.2)


@pytest.mark.parametrize("hertz", [75.0, 120.0, 210.0, 330.0])
def test_the_fundamental_is_found_within_two_percent(voice_of, hertz):
    found = fundamental(voice_of(hertz))
    voiced = found > 0
    assert 0.7 < voiced.mean() <= 1
    time = np.arange(found.size) * 0.01
    contour = hertz * (1 + 0.08 * np.sin(2 * np.pi * 2 * time))
    assert np.median(np.abs(found / contour - 1)[voiced]) < 0.02


def test_noise_and_silence_have_no_fundamental(hiss):
    assert (fundamental(hiss) > 0).mean() < 0.05
    np.testing.assert_array_equal(fundamental(np.zeros(4000, np.float32)), np.zeros(26))


def test_marks_lie_one_period_apart(voice_of):
    voice = voice_of(140.0)
    stretches = marks(voice, fundamental(voice))
    gaps = np.concatenate([gaps for _, gaps in stretches])
    assert np.median(16000 / gaps) == pytest.approx(140, rel=0.03)
    assert np.mean(np.abs(gaps / np.median(gaps) - 1) < 0.2) > 0.97


@pytest.mark.parametrize("ratio", [0.88, 1.12])
def test_formants_move_by_the_ratio_and_pitch_stays(voice, ratio):
    moved = formant_shift(voice, ratio)
    assert moved.shape == voice.shape
    assert np.nanmedian(pitch_of(moved) / pitch_of(voice)) == pytest.approx(1, abs=0.02)
    change = formants_of(moved, 2) / formants_of(voice, 2)
    assert np.mean(change) == pytest.approx(ratio, abs=0.06)


def test_a_formant_ratio_near_one_gives_the_voice_back(voice):
    np.testing.assert_allclose(formant_shift(voice, 1 + 1e-9), voice, atol=1e-4)


def test_formants_do_not_move_by_a_half(voice):
    with pytest.raises(ValueError, match=r"0\.7 to 1\.4"):
        formant_shift(voice, 1.5)
