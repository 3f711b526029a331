"""Changes of an example as it is drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from voxtrait.training.feature_augment import FeatureAugment
from voxtrait.training.masks import SILENCE, narrow, pass_band
from voxtrait.training.mixing import mix
from voxtrait.training.reverberation import reverberate
from voxtrait.training.settings import FitSettings
from voxtrait.training.surroundings import surround, trim

BANDS = 40
Levels = NDArray[np.float32]


def word(frames: int = 60) -> Levels:
    """Loud in the middle third, 40 dB down in the first and last."""
    rng = np.random.default_rng(1)
    levels = rng.normal(0, 0.3, (frames, BANDS)).astype(np.float32)
    levels[frames // 3 : 2 * frames // 3] += 9.2
    return levels


def mean_power(levels: Levels) -> float:
    return float(np.exp(levels.astype(np.float64)).mean())


def test_trim_cuts_the_quiet_ends_and_nothing_of_the_loud_middle() -> None:
    made = [trim(word(), np.random.default_rng(seed), (12.0, 30.0)) for seed in range(20)]
    assert all(np.array_equal(kept, word()[20:40]) for kept in made)


def test_trim_leaves_what_would_be_shorter_than_eight_frames() -> None:
    click = np.zeros((30, BANDS), np.float32)
    click[14:17] = 12
    assert trim(click, np.random.default_rng(0)) is click


def test_surround_adds_steady_quiet_frames_and_keeps_the_word() -> None:
    added = set()
    for seed in range(40):
        made = surround(word(), np.random.default_rng(seed), frames=(0, 25), below_db=(20.0, 80.0))
        assert made.dtype == np.float32
        starts = [s for s in range(26) if np.array_equal(made[s : s + 60], word())]
        assert len(starts) == 1
        before, behind = made[: starts[0]], made[starts[0] + 60 :]
        added.add((len(before), len(behind)))
        silence = np.concatenate([before, behind])
        assert silence.min(initial=0) >= np.float32(SILENCE)
        assert mean_power(silence) < 0.2 * mean_power(word()) if len(silence) else True
    assert len(added) > 30
    assert max(max(pair) for pair in added) <= 25


def test_either_side_of_a_word_may_be_where_its_recording_ends() -> None:
    ended = []
    for seed in range(200):
        made = surround(word(), np.random.default_rng(seed), frames=(8, 8), below_db=(20.0, 30.0))
        ended.append([bool((side == np.float32(SILENCE)).all()) for side in (made[:8], made[-8:])])
    before, behind = np.mean(ended, axis=0)
    assert 0.3 < before < 0.5
    assert 0.3 < behind < 0.5
    assert 0.08 < np.mean(np.all(ended, axis=1)) < 0.25


@pytest.mark.parametrize("snr_db", [0.0, 10.0, 25.0])
def test_mix_adds_powers_at_the_ratio_and_keeps_the_loudness(snr_db: float) -> None:
    noise = np.full((7, BANDS), -3.0, np.float32)
    made = mix(word(), noise, snr_db)
    assert mean_power(made) == pytest.approx(mean_power(word()), rel=1e-4)
    # The quiet frames are nearly all noise, as much below the mean as was asked for.
    share = 10 ** (-snr_db / 10)
    expected = mean_power(word()) * (share + np.exp(0.0) / mean_power(word())) / (1 + share)
    assert mean_power(made[:20]) == pytest.approx(expected, rel=0.1)


def test_mix_repeats_a_short_noise_from_where_it_is_told() -> None:
    noise = np.log(np.arange(1.0, 4.0, dtype=np.float32))[:, None] * np.ones((1, BANDS), np.float32)
    quiet = np.zeros((6, BANDS), np.float32)
    made = mix(quiet, noise, -60.0, first=1)[:, 0]
    steps = np.exp(made - made.min())
    np.testing.assert_allclose(steps, [2, 3, 1, 2, 3, 1], rtol=0.01)


def test_a_pass_band_always_loses_the_highest_bands_and_half_of_the_times_the_lowest() -> None:
    low, high = [], []
    for seed in range(200):
        levels = np.full((5, BANDS), 5.0, np.float32)
        narrow(levels, pass_band(BANDS, np.random.default_rng(seed)))
        silent = (levels == np.float32(SILENCE)).all(axis=0)
        low.append(bool(silent[0]))
        high.append(int(np.flatnonzero(~silent)[-1]) + 1)
    assert 0.3 < np.mean(low) < 0.6  # of the half some round to no band
    assert min(high) == 26
    assert max(high) == 34


def test_what_a_noise_puts_outside_of_the_pass_band_falls_silent_too() -> None:
    fit = FitSettings(mask_bands=0, mask_frames=0, narrow=1.0, surround=1.0, mix=1.0)
    augment = FeatureAugment(fit, lambda _: np.full((9, BANDS), 4.0, np.float32))
    made = augment(word(), np.random.default_rng(0))
    assert len(made) > 60
    assert (made[:, 34:] == np.float32(SILENCE)).all()
    assert (made[:, 8:26] > SILENCE).all()


def test_augment_draws_anew_each_time_and_leaves_alone_what_is_not_asked_for() -> None:
    still = FitSettings(mask_bands=0, mask_frames=0)
    augment = FeatureAugment(still, lambda _: np.zeros((3, BANDS), np.float32))
    np.testing.assert_array_equal(augment(word(), np.random.default_rng(0)), word())
    lively = replace(augment, fit=replace(still, trim=0.5, surround=0.5, mix=0.5))
    rng = np.random.default_rng(0)
    assert len({lively(word(), rng).tobytes() for _ in range(20)}) > 10


def test_a_share_of_the_examples_is_heard_in_a_room() -> None:
    still = FitSettings(mask_bands=0, mask_frames=0, reverberate=1.0)
    rng = np.random.default_rng(5)
    made = FeatureAugment(still, None)(word(), rng)
    rng = np.random.default_rng(5)
    rng.random()  # whether it is
    np.testing.assert_array_equal(made, reverberate(word(), rng))
