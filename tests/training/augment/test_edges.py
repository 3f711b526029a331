from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.augment import random_crop, silence_around, time_shift


def test_silence_keeps_the_voice_whole_and_adds_at_most_the_range(voice, rng):
    for _ in range(10):
        longer = silence_around(voice, rng, (0.1, 0.4), digital=1)
        added = longer.size - voice.size
        assert 0.2 * 16000 - 1 <= added <= 0.8 * 16000 + 1
        start = np.flatnonzero(longer)[0] - np.flatnonzero(voice)[0]
        np.testing.assert_array_equal(longer[start : start + voice.size], voice)


def test_faint_noise_lies_below_the_voice_by_the_range(voice, rng):
    longer = silence_around(voice, rng, (0.3, 0.3), below_db=(40, 40), digital=0)
    around = np.sqrt(np.mean(longer[:4800] ** 2))
    speech = np.sqrt(np.mean(voice[1600:-1600] ** 2))
    assert 20 * np.log10(speech / around) == pytest.approx(40, abs=0.5)


def test_a_shift_keeps_the_length_and_moves_every_sample_alike(voice):
    seen = set()
    for seed in range(10):
        shifted = time_shift(voice, np.random.default_rng(seed), 0.05)
        assert shifted.shape == voice.shape
        by = int(np.argmax(shifted)) - int(np.argmax(voice))
        assert abs(by) <= 800
        inner = slice(1600, -1600)
        np.testing.assert_array_equal(np.roll(voice, by)[inner], shifted[inner])
        seen.add(by)
    assert len(seen) > 5


def test_a_crop_is_a_piece_of_the_recording(rng):
    ramp = np.arange(1000, dtype=np.float32)
    piece = random_crop(ramp, 100, rng)
    np.testing.assert_array_equal(piece, piece[0] + np.arange(100))
    np.testing.assert_array_equal(random_crop(ramp, 2000, rng), ramp)


def test_a_crop_of_nothing_is_refused(rng):
    with pytest.raises(ValueError, match="at least one sample"):
        random_crop(np.ones(5, np.float32), 0, rng)
