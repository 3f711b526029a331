"""Scores become probabilities by the card's rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxtrait.model_file import TraitCard
from voxtrait.runtime.calibration import calibrate, log_softmax, scores
from voxtrait.traits import AGE

LABELS = ("female", "male")


def test_log_probabilities_of_huge_logits_are_finite() -> None:
    found = log_softmax([[1e4, 0.0], [-1e4, 1e4]])
    np.testing.assert_allclose(np.exp(found).sum(axis=1), 1)
    np.testing.assert_allclose(found, [[0, -1e4], [-2e4, 0]])


def test_scores_are_divided_and_then_shifted() -> None:
    np.testing.assert_allclose(scores([2.0, -4.0], 2.0, (0.5, 0.0)), [1.5, -2.0])


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_that_is_not_above_0_is_refused(temperature: float) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        scores([0.0, 0.0], temperature)


def test_the_label_comes_from_the_scores_and_the_probabilities_from_the_prior_too() -> None:
    card = TraitCard(LABELS, prior=(0.1, 0.9))
    label, chances = calibrate(np.log([0.6, 0.4]).tolist(), card)
    assert LABELS[label] == "female"
    np.testing.assert_allclose(chances, np.array([0.06, 0.36]) / 0.42)


@given(
    st.lists(st.floats(-50, 0), min_size=6, max_size=6),
    st.floats(0.1, 10),
    st.lists(st.floats(0.01, 1), min_size=6, max_size=6),
)
def test_plain_numbers_give_what_arrays_would(
    z: list[float], temperature: float, weights: list[float]
) -> None:
    prior = tuple(weight / sum(weights) for weight in weights)
    card = TraitCard(AGE.labels, temperature=temperature, bias=tuple(weights), prior=prior)
    label, chances = calibrate(z, card)
    expected = scores(z, temperature, tuple(weights))
    assert label == expected.argmax()
    np.testing.assert_allclose(
        chances, np.exp(log_softmax(expected + np.log(prior))), rtol=1e-9, atol=1e-300
    )


def test_a_bias_can_change_the_label() -> None:
    z = np.log([0.6, 0.4]).tolist()
    assert calibrate(z, TraitCard(LABELS))[0] == 0
    assert calibrate(z, TraitCard(LABELS, bias=(0.0, 1.0)))[0] == 1


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=2), st.floats(0.1, 10))
def test_probabilities_sum_to_1_and_the_label_is_the_most_probable_without_a_prior(
    z: list[float], temperature: float
) -> None:
    label, chances = calibrate(z, TraitCard(LABELS, temperature=temperature))
    assert sum(chances) == pytest.approx(1)
    assert chances[label] == max(chances)
