"""The fits find what made the data."""

from __future__ import annotations

import numpy as np
import pytest

from voxtrait.runtime.calibration import log_softmax, scores
from voxtrait.training.temperature import fit_shift, fit_temperature


def overconfident(count: int, temperature: float, labels: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities, and truths drawn from what they are at a temperature."""
    draw = np.random.default_rng(11)
    z = log_softmax(draw.normal(0, 3, (count, labels)))
    chances = np.exp(log_softmax(z / temperature))
    return z, (chances.cumsum(axis=1) > draw.random((count, 1))).argmax(axis=1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0, 4.0])
def test_the_temperature_that_made_the_data_is_found(temperature: float) -> None:
    z, truth = overconfident(20_000, temperature)
    assert fit_temperature(z, truth) == pytest.approx(temperature, rel=0.05)


def test_the_temperature_found_is_the_best_one() -> None:
    z, truth = overconfident(300, 2.0)

    def loss(temperature: float) -> float:
        return -float(log_softmax(z / temperature)[np.arange(300), truth].mean())

    found = fit_temperature(z, truth)
    assert loss(found) <= min(loss(t) for t in np.geomspace(0.05, 20, 500)) + 1e-9


@pytest.mark.parametrize(("temperature", "shift"), [(0.7, -1.5), (2.0, 1.0)])
def test_the_shift_that_made_the_data_is_found(temperature: float, shift: float) -> None:
    draw = np.random.default_rng(3)
    z = log_softmax(draw.normal(0, 2, (6_000, 3)))
    chances = np.exp(log_softmax(scores(z, temperature, (0.0, 0.0, shift))))
    truth = (chances.cumsum(axis=1) > draw.random((6_000, 1))).argmax(axis=1)
    found = fit_shift(z, truth, 2)
    assert found == (pytest.approx(temperature, rel=0.06), pytest.approx(shift, abs=0.15))


def test_a_label_that_is_never_true_is_shifted_as_far_as_may_be() -> None:
    z, truth = overconfident(200, 1.0)
    assert fit_shift(z[truth < 2], truth[truth < 2], 2)[1] == pytest.approx(-5, abs=1e-3)


def test_a_label_that_is_none_is_not_shifted() -> None:
    z, truth = overconfident(20, 1.0)
    with pytest.raises(ValueError, match="label is 3"):
        fit_shift(z, truth, 3)


def test_weights_count_as_repetitions() -> None:
    z, truth = overconfident(200, 2.0)
    weights = np.arange(200) % 3
    again = np.repeat(np.arange(200), weights)
    assert fit_temperature(z, truth, weights=weights) == pytest.approx(
        fit_temperature(z[again], truth[again]), rel=1e-3
    )


def test_what_is_always_right_is_as_cold_as_may_be() -> None:
    z = log_softmax(np.eye(4) * 3)
    assert fit_temperature(z, np.arange(4)) == pytest.approx(0.05, rel=1e-3)


@pytest.mark.parametrize(
    ("z", "truth", "weights"),
    [
        (np.zeros((0, 2)), [], None),
        (np.zeros(3), [0, 0, 0], None),
        (np.zeros((3, 2)), [0, 1], None),
        (np.zeros((2, 2)), [0, 2], None),
        (np.zeros((2, 2)), [0, 1], [0.0, 0.0]),
    ],
)
def test_data_that_cannot_be_fitted_is_refused(z: object, truth: object, weights: object) -> None:
    with pytest.raises(ValueError, match=r"shape|truth"):
        fit_temperature(z, truth, weights=weights)  # type: ignore[arg-type]
