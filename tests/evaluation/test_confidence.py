from __future__ import annotations

import numpy as np
import pytest

from voxtrait.evaluation.answers import answers
from voxtrait.evaluation.confidence import coverage_risk, perfect_calibration, reliability
from voxtrait.evaluation.metrics import ECE


def test_perfect_calibration_is_what_drawing_truth_from_the_probabilities_gives() -> None:
    # All at 0.5: the error is |share of heads - 0.5|, whose mean is known.
    found = perfect_calibration(np.full(100, 0.5), draws=4000)
    expected = np.sqrt(2 / np.pi) * np.sqrt(0.25 / 100)
    assert found.mean == pytest.approx(expected, rel=0.05)
    assert found.high == pytest.approx(1.96 * np.sqrt(0.25 / 100), rel=0.12)


def test_probabilities_of_one_leave_no_room_for_error() -> None:
    assert perfect_calibration(np.ones(5)).high == 0


def test_few_recordings_show_more_error_than_many() -> None:
    few, many = (perfect_calibration(np.linspace(0.5, 1, n)).mean for n in (50, 2000))
    assert few > 3 * many


def test_a_truthful_model_is_within_what_chance_gives_and_a_boaster_is_not(voices, row) -> None:
    columns = answers(voices, "gender")
    assert ECE.of(columns) < perfect_calibration(columns.confidence).high
    boasts = answers(
        [row("gender", "male", {("male", "female")[i % 3 == 0]: 0.99}) for i in range(99)], "gender"
    )
    assert ECE.of(boasts) == pytest.approx(0.99 - 2 / 3)
    assert ECE.of(boasts) > 5 * perfect_calibration(boasts.confidence).high


def test_reliability_has_only_bins_with_answers_and_all_of_them(voices) -> None:
    bins = reliability(answers(voices, "gender"))
    assert [found.low for found in bins] == [0.5, 0.6, 0.7, 0.8, 0.9]
    assert sum(found.clips for found in bins) == 400
    assert all(found.low <= found.stated <= found.high for found in bins)


def test_risk_is_of_the_surest_first_and_equals_stay_together(row) -> None:
    rows = [
        row("gender", "male", {"male": 0.9}),
        row("gender", "male", {"female": 0.8}),
        row("gender", "male", {"male": 0.8}),
        row("gender", "male", {"female": 0.6}),
    ]
    coverage, risk, least = coverage_risk(answers(rows, "gender"))
    np.testing.assert_allclose(coverage, [0.25, 0.75, 1])
    np.testing.assert_allclose(risk, [0, 1 / 3, 1 / 2])
    np.testing.assert_allclose(least, [0.9, 0.8, 0.6])


def test_nothing_has_an_empty_curve() -> None:
    assert [len(part) for part in coverage_risk(answers([], "gender"))] == [0, 0, 0]
