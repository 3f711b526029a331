from __future__ import annotations

from dataclasses import replace

import pytest

from voxtrait.errors import UsageError
from voxtrait.evaluation.compare import compare
from voxtrait.evaluation.metrics import ACCURACY, ECE, MAE, UAR


def flipped(scored):
    label = {"male": "female", "female": "male"}[scored.label["gender"]]
    return replace(
        scored,
        label={"gender": label},
        probabilities={"gender": scored.probabilities["gender"][::-1]},
    )


def test_only_recordings_in_both_are_compared(voices) -> None:
    found = compare(voices[:300], voices[100:], "gender", UAR)
    assert (found.clips, found.change, found.low, found.high) == (200, 0, 0, 0)


def test_the_change_is_second_less_first(voices) -> None:
    worse = [flipped(v) if i < 40 else v for i, v in enumerate(voices)]
    lost = sum((v.label["gender"] == v.utterance.labels["gender"]) * 2 - 1 for v in voices[:40])
    found = compare(voices, worse, "gender", ACCURACY)
    assert found.change == pytest.approx(-lost / 400)
    assert found.low < found.change < found.high < 0


def test_a_recording_refused_by_one_is_wrong_there(voices) -> None:
    silent = [
        replace(v, label={}, probabilities={}, error="NoSpeech") if i < 50 else v
        for i, v in enumerate(voices)
    ]
    lost = sum(v.label["gender"] == v.utterance.labels["gender"] for v in voices[:50])
    assert compare(voices, silent, "gender", ACCURACY).change == pytest.approx(-lost / 400)
    assert compare(voices, silent, "gender", ECE).clips == 350


def test_noise_refused_by_one_is_left_out(row) -> None:
    word = row("digit", "3", {"3": 1.0}, path="/a.wav")
    heard = row("digit", "not_a_digit", {"not_a_digit": 1.0}, path="/n.wav", kind="noise")
    refused = row("digit", "not_a_digit", None, path="/n.wav", kind="noise")
    assert compare([word, heard], [word, refused], "digit", ACCURACY).clips == 1


def test_years_are_compared_too(row) -> None:
    first = [row("age", "20s", {"20s": 1.0}, age=25, years=30.0, path="/a", speaker="a")]
    second = [replace(first[0], years=26.0)]
    assert compare(first, second, "age", MAE).change == -4


def test_nothing_in_common_is_said(voices) -> None:
    with pytest.raises(UsageError, match="share no recording"):
        compare(voices[:10], voices[10:], "gender", UAR)
