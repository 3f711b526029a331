from __future__ import annotations

import numpy as np
import pytest

from voxtrait.evaluation.answers import answers
from voxtrait.evaluation.metrics import (
    ACCURACY,
    BIAS,
    ECE,
    ERROR_AMONG_SURE,
    INTERVAL_COVERAGE,
    MAE,
    MAE_BASELINE,
    MAE_RATIO,
    UAR,
    UNSURE_SHARE,
    WITHIN_ONE_GROUP,
    confusion,
    recalls,
)


@pytest.fixture
def genders(row):
    """Three women, two heard as such; one man, heard as such."""
    return [
        row("gender", "female", {"female": 0.95, "male": 0.05}),
        row("gender", "female", {"female": 0.85, "male": 0.15}, unsure={"gender": True}),
        row("gender", "female", {"female": 0.25, "male": 0.75}),
        row("gender", "male", {"female": 0.15, "male": 0.85}),
    ]


def test_accuracy_counts_clips_and_uar_counts_classes(genders) -> None:
    columns = answers(genders, "gender")
    assert ACCURACY.of(columns) == 3 / 4
    assert recalls(columns) == {"female": pytest.approx(2 / 3), "male": 1.0}
    assert UAR.of(columns) == pytest.approx((2 / 3 + 1) / 2)


def test_uar_is_over_the_classes_that_are_present(row) -> None:
    ages = [row("age", "20s", {"20s": 0.6, "30s": 0.4}), row("age", "60+", {"50s": 1.0})]
    assert UAR.of(answers(ages, "age")) == pytest.approx(1 / 2)


def test_confusion_has_the_truth_down_and_the_answer_across(genders) -> None:
    np.testing.assert_array_equal(confusion(answers(genders, "gender")), [[2, 1], [0, 1]])


def test_calibration_error_weighs_each_bin_by_its_answers(genders) -> None:
    # Bins: 0.7 to 0.8 holds one wrong answer, 0.8 to 0.9 two right ones, 0.9 to 1 one right one.
    expected = (0.75 + 2 * 0.15 + 0.05) / 4
    assert ECE.of(answers(genders, "gender")) == pytest.approx(expected)


def test_a_probability_of_one_falls_into_the_last_bin(row) -> None:
    columns = answers([row("gender", "male", {"male": 1.0})], "gender")
    assert ECE.of(columns) == 0


def test_unsure_answers_are_counted_and_left_out_of_the_error_among_the_sure(genders) -> None:
    columns = answers(genders, "gender")
    assert UNSURE_SHARE.of(columns) == 1 / 4
    assert ERROR_AMONG_SURE.of(columns) == pytest.approx(1 / 3)


def test_a_refusal_counts_as_wrong_only_when_refusals_are_kept(genders, row) -> None:
    rows = [*genders, row("gender", "male", None)]
    assert ACCURACY.of(answers(rows, "gender")) == 3 / 4
    assert ACCURACY.of(answers(rows, "gender", refusals=True)) == 3 / 5


def test_noise_without_an_answer_is_never_a_mistake(row) -> None:
    rows = [
        row("digit", "3", {"3": 1.0}),
        row("digit", "not_a_digit", None, kind="noise"),
    ]
    assert ACCURACY.of(answers(rows, "digit", refusals=True)) == 1


def test_a_truth_that_the_corpus_does_not_know_is_skipped(genders) -> None:
    assert len(answers(genders, "age")) == 0
    assert np.isnan(UAR.of(answers(genders, "age")))
    assert np.isnan(ACCURACY.of(answers(genders, "age")))


def test_years_are_measured_against_the_written_age_and_the_training_median(row) -> None:
    rows = [
        row("age", "20s", {"20s": 1.0}, age=25, years=30.0, interval=(20.0, 40.0)),
        row("age", "40s", {"30s": 1.0}, age=45, years=35.0, interval=(30.0, 44.0)),
        row("age", "60+", {"20s": 1.0}, age=65, years=26.0, interval=(20.0, 65.0)),
        row("age", "60+", {"60+": 1.0}, age=None, years=70.0, interval=(60.0, 80.0)),
    ]
    columns = answers(rows, "age", median_years=33)
    assert MAE.of(columns) == pytest.approx((5 + 10 + 39) / 3)
    assert BIAS.of(columns) == pytest.approx((5 - 10 - 39) / 3)
    assert MAE_BASELINE.of(columns) == pytest.approx((8 + 12 + 32) / 3)
    assert MAE_RATIO.of(columns) == pytest.approx(54 / 52)
    assert INTERVAL_COVERAGE.of(columns) == pytest.approx(2 / 3)
    assert WITHIN_ONE_GROUP.of(columns) == 3 / 4


def test_each_fold_may_have_a_training_median_of_its_own(row) -> None:
    rows = [
        row("age", "20s", {"20s": 1.0}, age=25, years=25.0, speaker="a"),
        row("age", "20s", {"20s": 1.0}, age=25, years=25.0, speaker="b"),
    ]
    medians = {"made_up/a": 27.0, "made_up/b": 31.0}
    assert MAE_BASELINE.of(answers(rows, "age", median_years=medians)) == (2 + 6) / 2


def test_without_a_median_there_is_no_ratio(row) -> None:
    columns = answers([row("age", "20s", {"20s": 1.0}, age=25, years=25.0)], "age")
    assert np.isnan(MAE_RATIO.of(columns))
    assert MAE.of(columns) == 0
