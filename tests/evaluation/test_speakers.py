from __future__ import annotations

import numpy as np
import pytest

from voxtrait.evaluation.speakers import by_speaker

PRIOR = (0.1, 0.5, 0.1, 0.1, 0.1, 0.1)


def test_log_probabilities_are_averaged_over_a_speakers_recordings(row) -> None:
    rows = [
        row("gender", "male", {"female": 0.9, "male": 0.1}, speaker="a"),
        row("gender", "male", {"female": 0.02, "male": 0.98}, speaker="a"),
        row("gender", "female", {"female": 0.7, "male": 0.3}, speaker="b"),
    ]
    first, second = by_speaker(rows, "gender")
    ratio = np.sqrt(0.9 * 0.02) / np.sqrt(0.1 * 0.98)
    assert first.probabilities["gender"][0] == pytest.approx(ratio / (1 + ratio))
    assert first.label == {"gender": "male"}
    assert second.probabilities["gender"] == pytest.approx((0.7, 0.3))
    assert first.speech == 2


def test_the_label_is_chosen_with_the_prior_divided_out_and_years_with_it(row) -> None:
    said = {"20s": 0.45, "30s": 0.3, "teens": 0.25}
    rows = [row("age", "30s", said, speaker="a", age=35, priors={"age": PRIOR})] * 2
    (joined,) = by_speaker(rows, "age")
    assert joined.label == {"age": "30s"}  # 0.3 / 0.1 against 0.45 / 0.5
    assert joined.probabilities["age"][1] == pytest.approx(0.45)
    assert joined.years == 25
    assert joined.interval == pytest.approx((14, 30 + 10 * 0.2 / 0.3))


def test_a_label_that_the_model_does_not_know_never_wins(row) -> None:
    prior = (0.5, 0.5, 0.0, 0.0, 0.0, 0.0)
    rows = [
        row("age", "teens", {"teens": 0.9, "20s": 0.1}, speaker="a", priors={"age": prior}),
        row("age", "teens", {"teens": 0.1, "20s": 0.9}, speaker="a", priors={"age": prior}),
    ]
    (joined,) = by_speaker(rows, "age")
    assert joined.label["age"] in ("teens", "20s")


def test_one_recording_keeps_its_answer(row) -> None:
    only = row("age", "20s", {"20s": 0.5, "30s": 0.5}, age=25, label="30s", years=31.0)
    (joined,) = by_speaker([only], "age")
    assert (joined.label, joined.years) == ({"age": "30s"}, 31.0)


def test_the_truth_is_the_commonest_label_and_the_mean_age(row) -> None:
    rows = [
        row("age", truth, {"40s": 1.0}, speaker="a", age=age)
        for truth, age in [("50s", 55), ("40s", 45), ("40s", 45)]
    ]
    (joined,) = by_speaker(rows, "age")
    assert joined.utterance.labels == {"age": "40s"}
    assert joined.utterance.age_years == pytest.approx(145 / 3)


def test_conditions_stay_apart_and_refusals_are_left_out(row) -> None:
    rows = [
        row("gender", "male", {"male": 1.0}, speaker="a"),
        row("gender", "male", {"female": 1.0}, speaker="a", condition="noise 0 dB"),
        row("gender", "male", None, speaker="a"),
    ]
    assert [(r.condition, r.label["gender"]) for r in by_speaker(rows, "gender")] == [
        ("clean", "male"),
        ("noise 0 dB", "female"),
    ]


def test_a_speaker_of_whom_nothing_was_answered_is_a_row_without_an_answer(row) -> None:
    rows = [row("gender", "male", None, speaker="a"), row("gender", "male", None, speaker="a")]
    (only,) = by_speaker(rows, "gender")
    assert (only.label, only.error, only.utterance.labels) == ({}, "NoSpeech", {"gender": "male"})
