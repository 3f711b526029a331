from __future__ import annotations

import numpy as np
import pytest

from voxtrait.evaluation.answers import answers
from voxtrait.evaluation.bootstrap import difference, interval
from voxtrait.evaluation.metrics import ACCURACY, ECE, UAR


def test_drawing_sums_equals_drawing_the_speakers_clips_one_by_one(voices) -> None:
    columns = answers(voices, "gender")
    found = interval(columns, UAR, draws=200, seed=3)
    people = np.unique(columns.speakers)
    weights = np.random.default_rng(3).multinomial(
        len(people), np.full(len(people), 1 / len(people)), size=200
    )
    values = []
    for draw in weights:
        times = draw[np.searchsorted(people, columns.speakers)]
        values.append(UAR.of(columns.where(np.repeat(np.arange(len(columns)), times))))
    low, high = np.quantile(values, (0.025, 0.975))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_the_interval_holds_the_value_and_is_the_same_again(voices) -> None:
    columns = answers(voices, "gender")
    found = interval(columns, ECE)
    assert found == interval(columns, ECE)
    accuracy = interval(columns, ACCURACY)
    assert accuracy.low < accuracy.value < accuracy.high
    # 400 clips: the usual two standard errors of a share, give or take.
    assert 0.05 < accuracy.high - accuracy.low < 0.12


def test_clips_of_one_speaker_are_never_parted(row) -> None:
    rows = [row("gender", "male", {"male": 1.0}, speaker="only") for _ in range(9)]
    rows.append(row("gender", "male", {"female": 1.0}, speaker="only"))
    found = interval(answers(rows, "gender"), ACCURACY)
    assert (found.value, found.low, found.high) == (0.9, 0.9, 0.9)


def test_two_equal_evaluations_differ_by_nothing(voices) -> None:
    columns = answers(voices, "gender")
    found = difference(columns, columns, UAR)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_what_is_hard_about_a_speaker_cancels_in_a_difference(row) -> None:
    # Half the speakers are always wrong; the second model repairs one clip in ten of everybody.
    first, second = [], []
    for speaker in range(40):
        for clip in range(10):
            right = speaker % 2 == 0 and clip > 0
            for rows, correct in ((first, right), (second, right or clip == 0)):
                label = "male" if correct else "female"
                rows.append(row("gender", "male", {label: 1.0}, speaker=str(speaker)))
    before, after = answers(first, "gender"), answers(second, "gender")
    change = difference(before, after, ACCURACY)
    alone = interval(after, ACCURACY)
    assert change.value == pytest.approx(0.1)
    assert change.high - change.low < 1e-9 < 0.2 < alone.high - alone.low


def test_a_difference_needs_the_same_recordings(voices) -> None:
    columns = answers(voices, "gender")
    with pytest.raises(ValueError, match="400 and 399 answers"):
        difference(columns, columns.where(np.arange(399)), UAR)


def test_nothing_has_no_interval(voices) -> None:
    found = interval(answers([], "gender"), UAR)
    assert np.isnan([found.value, found.low, found.high]).all()
