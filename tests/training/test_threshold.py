"""The threshold that parts the sure answers from the others keeps its promise for strangers."""

from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.threshold import choose_threshold

RNG = np.random.default_rng


def alone(count: int, corpus: str = "c") -> list[str]:
    """A speaker for each answer."""
    return [f"{corpus}/{number}" for number in range(count)]


def errors_above(threshold: float, probability: np.ndarray, correct: np.ndarray) -> float:
    return float((~correct[probability >= threshold]).mean())


def test_few_errors_leave_every_answer_sure() -> None:
    probability, correct = np.linspace(1.0, 0.0, 1001), np.ones(1001, bool)
    correct[500:510] = False
    assert choose_threshold(probability, correct, alone(1001)) == 0.0


def test_errors_at_2_percent_of_validation_are_too_many_to_assure_2_percent() -> None:
    probability, correct = np.linspace(1.0, 0.0, 1001), np.ones(1001, bool)
    correct[850:870] = False  # 20 of all: 2 %, and of the 851 before the first none
    threshold = choose_threshold(probability, correct, alone(1001))
    sure = (probability >= threshold).sum()
    errors = (~correct[:sure]).sum()
    assert errors / sure < 0.02
    # The upper end of a interval of 95 %, here by the errors that 2 % would make.
    deviation = np.sqrt(0.02 * 0.98 * sure)
    assert errors + 1.96 * deviation <= 0.02 * sure
    assert errors + 1 + 1.96 * deviation > 0.02 * (sure + 1)


def test_strangers_nearly_always_meet_at_most_2_percent_errors() -> None:
    """Drawn from a population whose errors at each threshold are known."""
    kept = []
    for seed in range(200):
        draw = RNG(seed).random((2, 1000))
        probability = 1 - draw[0] / 2
        correct = draw[1] >= 0.08 * draw[0] ** 2  # the surest share c errs in 0.08 c ** 2 / 3
        threshold = choose_threshold(probability, correct, alone(1000))
        sure = 2 * (1 - threshold)
        kept.append(0.08 * sure**2 / 3)
    assert np.mean(np.array(kept) <= 0.02) > 0.93  # 0.44 with the estimate alone
    assert np.mean(kept) > 0.01  # and no more are unsure than that takes


def test_answers_of_a_few_speakers_assure_less_than_those_of_many() -> None:
    probability, correct = np.linspace(1.0, 0.5, 1000), np.ones(1000, bool)
    correct[900:910] = False
    many = choose_threshold(probability, correct, alone(1000))
    few = choose_threshold(
        probability, correct, [f"c/{number // 100}" for number in range(1000)]
    )  # all the errors are one speaker's
    assert many == 0.5
    assert few == pytest.approx(probability[899], abs=0.01)


def test_a_big_easy_corpus_does_not_hide_a_small_hard_one() -> None:
    probability = np.concatenate([np.linspace(1.0, 0.6, 900), np.linspace(1.0, 0.6, 100)])
    correct = np.ones(1000, bool)
    correct[985:995] = False  # ten among the least sure of the small one: 1 % of all, 10 % of it
    one = choose_threshold(probability, correct, alone(1000))
    two = choose_threshold(probability, correct, [*alone(900, "easy"), *alone(100, "hard")])
    assert one == 0.6
    assert errors_above(two, probability[900:], correct[900:]) <= 0.04
    assert errors_above(one, probability[900:], correct[900:]) == 0.1


def test_caution_marks_a_fifth_at_most() -> None:
    probability, correct = np.linspace(1.0, 0.5, 200), np.ones(200, bool)
    correct[[3, 150, 199]] = False  # 1.5 %, and so few that 2 % cannot be assured
    threshold = choose_threshold(probability, correct, alone(200))
    assert (probability < threshold).sum() == 40


def test_what_the_estimate_itself_demands_is_marked_however_much() -> None:
    probability, correct = np.linspace(1.0, 0.5, 1000), np.arange(1000) < 300
    correct[100] = False
    threshold = choose_threshold(probability, correct, alone(1000))
    assert errors_above(threshold, probability, correct) == pytest.approx(0.02, abs=1e-3)
    assert (probability >= threshold).sum() == 305


def test_where_errors_are_everywhere_the_least_probable_fifth_is_unsure() -> None:
    probability = np.linspace(0.3, 0.9, 100)
    correct = np.arange(100) % 2 == 0
    assert (probability < choose_threshold(probability, correct, alone(100))).sum() == 20


def test_a_tenth_of_the_answers_must_be_sure() -> None:
    probability = np.linspace(1.0, 0.5, 100)
    nine, ten = np.arange(100) < 9, np.arange(100) < 10
    assert (probability >= choose_threshold(probability, nine, alone(100))).sum() == 80
    assert (probability >= choose_threshold(probability, ten, alone(100))).sum() == 10


def test_answers_of_the_same_probability_are_sure_together_or_not_at_all() -> None:
    probability = np.array([0.9] * 10 + [0.8] * 10)
    correct = np.array([True] * 15 + [False] * 5)
    assert choose_threshold(probability, correct, alone(20)) == 0.9


@pytest.mark.parametrize(("answers", "speakers"), [(0, 0), (2, 1)])
def test_what_has_no_threshold_is_refused(answers: int, speakers: int) -> None:
    with pytest.raises(ValueError, match="shapes"):
        choose_threshold([0.5] * answers, [True] * answers, alone(speakers))
