from __future__ import annotations

import math

from voxtrait.model_file import TraitCard
from voxtrait.training.validation import Validated
from voxtrait.training.verdict import verdicts

CARD = TraitCard(("female", "male"), unsure_below=0.8)


def heard(truth: str, female: float) -> Validated:
    return Validated("gender", "a/b", truth, (math.log(female), math.log(1 - female)))


def test_shares_are_told_and_what_is_missed() -> None:
    answers = [heard("female", 0.9)] * 18 + [heard("male", 0.9)] * 2 + [heard("male", 0.6)] * 5
    (line,) = verdicts({"gender": CARD}, answers)
    assert line.startswith("perceived gender: 72.0% of 25 validation recordings right, 80% sure")
    assert line.endswith(" and 10.0% of these wrong: more than 2%")


def test_a_goal_that_is_met_is_not_made_much_of() -> None:
    (line,) = verdicts({"gender": CARD}, [heard("female", 0.9)] * 20)
    assert line.endswith("100% sure and 0.0% of these wrong")


def test_exactly_the_goal_is_met() -> None:
    answers = [heard("female", 0.9)] * 98 + [heard("male", 0.9)] * 2
    (line,) = verdicts({"gender": CARD}, answers)
    assert line.endswith("100% sure and 2.0% of these wrong")


def test_nothing_sure_and_too_few_are_said() -> None:
    (line,) = verdicts({"gender": CARD}, [heard("female", 0.6)] * 20)
    assert line.endswith("right, no answer sure")
    (line,) = verdicts({"gender": CARD}, [heard("female", 0.6)] * 3)
    assert line == (
        "perceived gender: 3 validation recordings are too few to calibrate on; the least probable "
        "fifth is marked unsure"
    )
