from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.augment import silence_around


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
