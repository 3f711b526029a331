from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.augment import clip, gain, offset


@pytest.mark.parametrize("decibels", [-30.0, 6.0])
def test_gain_moves_the_level_by_so_many_decibels(voice, decibels):
    change = 20 * np.log10(np.abs(gain(voice, decibels)).max() / np.abs(voice).max())
    assert change == pytest.approx(decibels, abs=1e-4)


def test_hard_clipping_flattens_the_asked_share_of_samples(voice, rng):
    clipped = clip(voice, rng, share=(0.05, 0.05), soft=0)
    level = np.abs(clipped).max()
    assert np.mean(np.abs(clipped) >= level * (1 - 1e-6)) == pytest.approx(0.05, abs=0.003)
    below = np.abs(voice) < level
    np.testing.assert_array_equal(clipped[below], voice[below])


def test_soft_clipping_keeps_the_order_of_samples(voice, rng):
    clipped = clip(voice, rng, share=(0.05, 0.05), soft=1)
    order = np.argsort(voice, kind="stable")
    assert np.all(np.diff(clipped[order]) >= -1e-7)
    assert np.abs(clipped).max() < np.abs(voice).max()


def test_clipping_silence_gives_silence(rng):
    np.testing.assert_array_equal(clip(np.zeros(100, np.float32), rng), np.zeros(100))


def test_an_offset_moves_the_mean_and_nothing_else(voice, rng):
    moved = offset(voice, rng, most=0.05) - voice
    assert np.ptp(moved) < 1e-6
    assert 0 < abs(moved[0]) <= 0.05
