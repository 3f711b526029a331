"""Words made of two others."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from voxtrait.training.splicing import Splicer, splice
from voxtrait.traits import NOT_A_DIGIT

BANDS = 4
Levels = NDArray[np.float32]


def word(number: int, frames: int = 50) -> Levels:
    """Loud frames, each telling its word and its place, between quiet ones."""
    made = np.full((frames + 20, BANDS), -9.0, np.float32)
    made[10:-10, 0] = number
    made[10:-10, 1] = np.linspace(0, 1, frames)
    made[10:-10, 2:] = 5.0
    return made


@pytest.mark.parametrize("same", [True, False])
def test_a_splice_is_the_beginning_of_one_and_the_end_of_the_other(same: bool) -> None:
    for seed in range(30):
        made = splice(word(1), word(2, 40), np.random.default_rng(seed), same=same)
        seam = int((np.abs(made[:, 0] - 1) < 0.4).sum())
        begins, ends = made[:seam, 1], made[seam:, 1]
        assert begins[0] == 0
        assert (np.diff(begins) > 0).all()
        assert (np.diff(ends) > 0).all()
        assert len(made) == seam + len(ends)
        kept, rest = seam / 50, len(ends) / 40
        if same:
            assert 0.29 <= kept <= 0.71
            assert kept + rest == pytest.approx(1, abs=0.03)
        else:
            assert kept >= 0.39
            assert rest >= 0.59


def test_both_parts_are_as_loud_and_none_is_longer_than_a_word_may_be() -> None:
    made = splice(word(1, 140), word(1, 140) - 3, np.random.default_rng(0), same=False)
    assert len(made) == 150
    np.testing.assert_allclose(made[:, 2:], 5.0, atol=0.05)


def test_digits_stay_digits_and_no_digit_is_made_of_two_different_ones() -> None:
    labels = ["1", "2", "1", NOT_A_DIGIT, ""]
    weights = np.array([0.2, 0.2, 0.0, 0.5, 0.1])
    made = [word(1), word(2), word(3), word(7), word(8)]
    splicer = Splicer(labels, weights, lambda number: made[number])
    rng = np.random.default_rng(0)

    def heard(number: int) -> set[int]:
        spliced = splicer(number, rng)
        assert spliced is not None
        return {round(float(value)) for value in spliced[:, 0]}

    assert all(heard(0) == {1} for _ in range(10))  # the other "1" is never drawn
    assert all(heard(3) == {1, 2} for _ in range(10))
    assert splicer(4, rng) is None  # a noise


def test_without_two_digits_nothing_is_made() -> None:
    splicer = Splicer(["1", NOT_A_DIGIT], np.array([0.5, 0.5]), lambda _: word(1))
    assert splicer(1, np.random.default_rng(0)) is None


def test_six_and_seven_are_never_made_into_what_passes_for_seven() -> None:
    splicer = Splicer(["6", "7", NOT_A_DIGIT], np.full(3, 1 / 3), lambda number: word(number))
    assert all(splicer(2, np.random.default_rng(seed)) is None for seed in range(10))
