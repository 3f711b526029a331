from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.augment import band_limit, device, equalise
from voxtrait.training.augment.band import bins, fast_length, filtered, high_pass, low_pass


def energy(waveform: np.ndarray, low: float, high: float) -> float:
    spectrum = np.abs(np.fft.rfft(waveform)) ** 2
    frequencies = np.fft.rfftfreq(waveform.size, 1 / 16000)
    return float(spectrum[(frequencies >= low) & (frequencies < high)].sum())


def test_a_low_pass_is_3_db_down_at_its_edge_and_empty_an_octave_above(hiss):
    limited = filtered(hiss, low_pass(bins(hiss.size), 2000, 8))
    assert energy(limited, 100, 1500) == pytest.approx(energy(hiss, 100, 1500), rel=0.03)
    at_edge = energy(limited, 1990, 2010) / energy(hiss, 1990, 2010)
    assert 10 * np.log10(at_edge) == pytest.approx(-3, abs=0.6)
    assert energy(limited, 4000, 8000) < 1e-3 * energy(hiss, 4000, 8000)


def test_a_high_pass_takes_the_bass_and_leaves_the_rest(hiss):
    limited = filtered(hiss, high_pass(bins(hiss.size), 400, 6))
    assert energy(limited, 0, 150) < 1e-3 * energy(hiss, 0, 150)
    assert energy(limited, 800, 8000) == pytest.approx(energy(hiss, 800, 8000), rel=0.02)


def test_a_filter_does_not_move_the_sound(rng):
    click = np.zeros(4000, np.float32)
    click[1234] = 1
    assert np.argmax(filtered(click, low_pass(bins(4000), 3000, 4))) == 1234


def test_random_bands_take_energy_at_one_end_or_both(hiss):
    for seed in range(12):
        limited = band_limit(hiss, np.random.default_rng(seed), (300, 400), (2500, 3000))
        bass = energy(limited, 0, 100) / energy(hiss, 0, 100)
        treble = energy(limited, 7000, 8000) / energy(hiss, 7000, 8000)
        assert min(bass, treble) < 0.05
        assert energy(limited, 800, 1500) > 0.9 * energy(hiss, 800, 1500)


def test_an_equaliser_stays_within_its_decibels_and_keeps_the_level(hiss):
    for seed in range(8):
        coloured = equalise(hiss, np.random.default_rng(seed), most_db=6)
        assert np.mean(coloured**2) == pytest.approx(np.mean(hiss**2), rel=1e-3)
        gains = [
            10 * np.log10(energy(coloured, low, low * 1.2) / energy(hiss, low, low * 1.2))
            for low in np.geomspace(80, 6000, 12)
        ]
        assert 0.5 < max(gains) - min(gains) <= 12.5


def test_a_small_loudspeaker_loses_its_bass(hiss):
    for seed in range(8):
        heard = device(hiss, np.random.default_rng(seed))
        assert np.mean(heard**2) == pytest.approx(np.mean(hiss**2), rel=1e-3)
        assert energy(heard, 0, 40) < 0.7 * energy(hiss, 0, 40)


def test_lengths_are_quick_to_transform_and_never_too_short():
    for samples in (1, 17, 1000, 1025, 16000, 48001):
        size = fast_length(samples)
        assert samples <= size <= max(16, 1.34 * samples)
        for prime in (2, 3, 5):
            while size % prime == 0:
                size //= prime
        assert size == 1
