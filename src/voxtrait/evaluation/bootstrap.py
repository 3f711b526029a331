"""How far a figure would move with other speakers: the bootstrap over speakers (Efron, 1979).

Recordings of one speaker resemble each other, so drawing recordings would claim too much; whole
speakers are drawn with replacement. The interval is the percentile one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxtrait.evaluation.answers import Answers
    from voxtrait.evaluation.metric import Metric

__all__ = ["DRAWS", "Interval", "difference", "interval"]

DRAWS = 1_000
_OUTER = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % interval; NaN where it is undefined."""

    value: float
    low: float
    high: float


def interval(answers: Answers, metric: Metric, *, draws: int = DRAWS, seed: int = 0) -> Interval:
    """The figure with its 95 % interval over speakers.

    Args:
        answers: at least one recording, else all three numbers are NaN.
        metric: what to measure.
        draws: how often the speakers are drawn.
        seed: the same seed gives the same interval.
    """
    value = metric.of(answers)
    if len(answers) == 0:
        return Interval(value, np.nan, np.nan)
    sums = _by_speaker(metric.terms(answers), answers.speakers)
    return Interval(value, *_outer(metric.value(_weights(len(sums), draws, seed) @ sums)))


def difference(
    first: Answers, second: Answers, metric: Metric, *, draws: int = DRAWS, seed: int = 0
) -> Interval:
    """The second's figure less the first's, with its 95 % interval over the same speakers.

    Both are drawn together, so what is hard about a speaker cancels.

    Raises:
        ValueError: the two are not of the same recordings, one for one.
    """
    if not np.array_equal(first.speakers, second.speakers):
        raise ValueError(f"{len(first)} and {len(second)} answers are not of the same recordings")
    value = metric.of(second) - metric.of(first)
    if len(first) == 0:
        return Interval(value, np.nan, np.nan)
    before, after = (_by_speaker(metric.terms(a), a.speakers) for a in (first, second))
    weights = _weights(len(before), draws, seed)
    return Interval(value, *_outer(metric.value(weights @ after) - metric.value(weights @ before)))


def _by_speaker(terms: NDArray[np.float64], speakers: NDArray[np.str_]) -> NDArray[np.float64]:
    _, index = np.unique(speakers, return_inverse=True)
    sums = np.zeros((index.max() + 1, terms.shape[1]))
    np.add.at(sums, index, terms)
    return sums


def _weights(speakers: int, draws: int, seed: int) -> NDArray[np.float64]:
    """How often each speaker was drawn, ``[draws, speakers]``."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(speakers, np.full(speakers, 1 / speakers), size=draws).astype(float)


def _outer(values: NDArray[np.float64]) -> tuple[float, float]:
    defined = values[~np.isnan(values)]  # a draw may miss every recording that counts
    if not len(defined):
        return np.nan, np.nan
    low, high = np.quantile(defined, _OUTER)
    return float(low), float(high)
