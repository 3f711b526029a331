from __future__ import annotations

import numpy as np
import pytest

from voxtrait.speech.audible import audible_frames


@pytest.mark.parametrize(("below_db", "expected"), [(29.0, 100), (31.0, 50)])
def test_what_is_30_db_below_the_loudest_frames_is_background(
    below_db: float, expected: int
) -> None:
    waveform = np.where(np.arange(16_000) % 2, 0.5, -0.5).astype(np.float32)
    waveform[8_000:] *= np.float32(10 ** (-below_db / 20))
    assert audible_frames(waveform, 160) == expected


def test_a_click_or_an_offset_hides_no_sound() -> None:
    noise = 0.01 * np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    noise[8_000:8_080] = 0.9
    assert audible_frames(noise, 160) == 100
    word = np.full(48_000, 0.01, np.float32)
    word[16_000:24_000] += 0.1 * np.sin(np.arange(8_000)).astype(np.float32)
    assert 50 <= audible_frames(word, 160) <= 52


@pytest.mark.parametrize("samples", [0, 100, 160, 1000])
def test_silence_has_nothing_to_hear(samples: int) -> None:
    assert audible_frames(np.zeros(samples, np.float32), 160) == 0
