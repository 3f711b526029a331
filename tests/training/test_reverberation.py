"""A room around features."""

from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training import reverberation
from voxtrait.training.reverberation import reverberate

BANDS = 40


def burst(frames: int = 200, at: int = 20, length: int = 10) -> np.ndarray:
    """100 ms, 140 dB above what surrounds it."""
    levels = np.full((frames, BANDS), -23.0, np.float32)
    levels[at : at + length] = 9.2
    return levels


def test_a_room_rings_after_the_voice_and_never_before() -> None:
    for seed in range(20):
        made = reverberate(burst(), np.random.default_rng(seed))
        assert made.shape == (200, BANDS)
        assert made.dtype == np.float32
        assert np.abs(made[:20] - made[0]).max() < 1e-3
        assert made[31:35].mean() > made[:20].mean() + 5


def test_the_loudness_stays() -> None:
    for seed in range(20):
        made = reverberate(burst(), np.random.default_rng(seed))
        assert np.exp(made).mean() == pytest.approx(np.exp(burst()).mean(), rel=1e-3)


@pytest.mark.parametrize("seconds", [0.3, 1.0, 2.0])
def test_the_tail_falls_by_60_db_in_the_time_of_the_room(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reverberation, "RT60", (seconds, seconds))
    monkeypatch.setattr(reverberation, "HIGHEST", (1.0, 1.0))
    made = np.mean(
        [reverberate(burst(), np.random.default_rng(seed)) for seed in range(30)], axis=(0, 2)
    )
    after = np.arange(32, 50)
    slope = np.polyfit(after, made[after], 1)[0]  # natural logarithm of power a frame
    assert slope * 100 * seconds == pytest.approx(-6 * np.log(10), rel=0.05)


def test_what_comes_straight_is_as_much_louder_as_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reverberation, "RT60", (0.2, 0.2))
    monkeypatch.setattr(reverberation, "DIRECT_DB", (6.0, 6.0))
    monkeypatch.setattr(reverberation, "COLOUR_DB", 0.0)
    click = burst(length=1)
    made = np.mean([np.exp(reverberate(click, np.random.default_rng(s))) for s in range(30)], 0)
    assert 10 * np.log10(made[20].sum() / made[21:].sum()) == pytest.approx(6, abs=0.3)


def test_every_draw_is_another_room() -> None:
    made = {reverberate(burst(), np.random.default_rng(seed)).tobytes() for seed in range(10)}
    assert len(made) == 10
