"""Speech by its energy: the labels of the detector."""

from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.energy import keep_speech, quietest, runs, speech_frames

RATE = 16_000


def sound(seconds: float, level: float) -> np.ndarray:
    return (level * np.random.default_rng(0).standard_normal(int(seconds * RATE))).astype(
        np.float32
    )


def line(*parts: tuple[float, float]) -> np.ndarray:
    return np.concatenate([sound(seconds, level) for seconds, level in parts])


def test_loud_stretches_between_quiet_ones_are_speech() -> None:
    found = runs(
        speech_frames(line((0.5, 1e-4), (0.8, 0.1), (0.6, 1e-4), (0.4, 0.05), (0.5, 1e-4)))
    )
    assert [(s / 100, e / 100) for s, e in found] == [
        (pytest.approx(0.5, abs=0.03), pytest.approx(1.3, abs=0.03)),
        (pytest.approx(1.9, abs=0.03), pytest.approx(2.3, abs=0.03)),
    ]


def test_a_gap_as_short_as_a_stop_consonants_stays_in_its_word() -> None:
    assert (
        len(
            runs(
                speech_frames(line((0.4, 1e-4), (0.2, 0.1), (0.08, 1e-4), (0.2, 0.1), (0.4, 1e-4)))
            )
        )
        == 1
    )


def test_a_click_is_not_speech() -> None:
    found = runs(speech_frames(line((0.5, 1e-4), (0.02, 0.1), (0.5, 1e-4), (0.5, 0.1))))
    assert len(found) == 1


def test_silence_is_not_speech_and_an_unbroken_sound_is() -> None:
    assert not speech_frames(np.zeros(RATE, np.float32)).any()
    assert speech_frames(sound(1, 0.1)).all()


def test_there_is_one_frame_every_ten_milliseconds() -> None:
    assert len(speech_frames(sound(0.5, 0.1))) == 51
    assert len(speech_frames(np.zeros(0, np.float32))) == 1


def test_pauses_are_cut_out_and_nothing_else() -> None:
    whole = line((1.0, 1e-4), (1.0, 0.1), (1.0, 1e-4))
    kept = keep_speech(whole, speech_frames(whole))
    assert len(kept) / RATE == pytest.approx(1.16, abs=0.05)
    assert np.sum(kept**2) == pytest.approx(np.sum(whole**2), rel=0.01)
    silence = np.zeros(RATE, np.float32)
    assert len(keep_speech(silence, speech_frames(silence))) == RATE


def test_a_cut_falls_where_it_is_quiet_nearby() -> None:
    whole = line((0.5, 0.1), (0.02, 1e-4), (0.5, 0.1))
    assert quietest(whole, int(0.55 * RATE)) == pytest.approx(0.5 * RATE, abs=160)
    assert abs(quietest(whole, int(0.2 * RATE)) - 0.2 * RATE) <= 1600  # never far away
    assert quietest(whole, 10 * RATE) == len(whole)
    assert quietest(np.zeros(0, np.float32), 0) == 0
