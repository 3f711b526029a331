from __future__ import annotations

import numpy as np
import pytest

from voxtrait.evaluation.answers import answers
from voxtrait.evaluation.digits import detection, renormalised, ten_digits
from voxtrait.evaluation.metrics import ACCURACY


def test_a_digit_called_not_a_digit_is_wrong_unless_it_must_be_one(row) -> None:
    rows = [
        row("digit", "3", {"3": 0.3, "5": 0.2, "not_a_digit": 0.5}),
        row("digit", "5", {"5": 0.9, "not_a_digit": 0.1}),
        row("digit", "7", {"1": 0.6, "7": 0.4}),
        row("digit", "not_a_digit", {"not_a_digit": 1.0}),
    ]
    columns = answers(rows, "digit")
    assert ACCURACY.of(ten_digits(columns)) == pytest.approx(1 / 3)
    assert renormalised(columns) == pytest.approx(2 / 3)
    assert ACCURACY.of(columns) == 1 / 2


def other(row, truth: str, probability: float, **values: object):
    return row("digit", truth, {"1": 1 - probability, "not_a_digit": probability}, **values)


def test_the_threshold_rejects_at_most_the_share_of_digits(row) -> None:
    digits = [other(row, "1", p) for p in np.linspace(0, 0.99, 100)]
    words = [
        other(row, "not_a_digit", p, word=word)
        for p, word in [(0.97, "cat"), (0.965, "cat"), (0.98, "dog"), (0.5, "dog")]
    ]
    found = detection([*digits, *words])
    assert found.digits == 100
    assert (found.others.clips, found.others.words) == (4, 2)
    assert found.false_rejection == 0.03  # 0.97, 0.98 and 0.99 are above the threshold of 0.96
    assert found.threshold == pytest.approx(0.96)
    assert found.others.value == 3 / 4
    assert found.others.low < 3 / 4 < found.others.high
    assert found.unheard is None
    assert found.words == {"cat": (1.0, 2), "dog": (0.5, 2)}


def test_equal_probabilities_are_not_rejected_beyond_the_share(row) -> None:
    digits = [other(row, "1", 0.7) for _ in range(50)]
    found = detection([*digits, other(row, "not_a_digit", 0.7)])
    assert (found.false_rejection, found.others.value) == (0, 0)


def test_no_answer_is_a_rejection_of_digits_and_of_words(row) -> None:
    digits = [other(row, "1", 0.1) for _ in range(99)] + [row("digit", "1", None)]
    found = detection([*digits, row("digit", "not_a_digit", None, word="cat")], share=0.01)
    assert found.false_rejection == 0.01
    assert found.others.value == 1


def test_noise_and_unreadable_files_are_not_other_words(row) -> None:
    rows = [
        other(row, "1", 0.1),
        other(row, "not_a_digit", 0.9, kind="noise"),
        row("digit", "not_a_digit", None, error="UnreadableAudio"),
    ]
    found = detection(rows)
    assert (found.digits, found.others) == (1, None)


def test_without_digits_there_is_nothing_to_set_a_threshold_by(row) -> None:
    assert detection([other(row, "not_a_digit", 0.9)]) is None
    assert np.isnan(renormalised(answers([], "digit")))
