"""A figure as a function of sums over recordings.

A speaker drawn twice counts twice, so the sums of a draw of speakers are a weighted sum of the
speakers' own: `voxtrait.evaluation.bootstrap` needs nothing else, and does 1,000 draws at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voxtrait.evaluation.answers import Answers

__all__ = ["Metric", "counted", "divide", "mean_of"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure.

    Args:
        name: key in reports.
        title: how people are shown it.
        terms: what each recording adds, ``[clips, terms]``.
        value: the figure of summed terms, ``[..., terms]`` -> ``[...]``; NaN where undefined.
        answered_only: has no meaning for a recording without an answer; for the others a refusal
            counts as wrong when refusals are kept.
    """

    name: str
    title: str
    terms: Callable[[Answers], NDArray[np.float64]]
    value: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    answered_only: bool = True

    def of(self, answers: Answers) -> float:
        """The figure over all recordings, NaN where it is undefined."""
        return float(self.value(self.terms(answers).sum(axis=0)))


def divide(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """A ratio, NaN where the divisor is 0."""
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def mean_of(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean from (sum, count) on the last axis."""
    return divide(sums[..., 0], sums[..., 1])


def counted(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Terms (value, 1) of a mean; (0, 0) where the value is NaN."""
    known = ~np.isnan(values)
    return np.stack([np.where(known, values, 0.0), known.astype(float)], axis=1)
