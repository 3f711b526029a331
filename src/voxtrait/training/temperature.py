"""The calibration under which the answers to validation speakers' recordings are likeliest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.runtime.calibration import log_softmax, scores

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

__all__ = ["fit_shift", "fit_temperature"]

COLDEST, HOTTEST = 0.05, 20.0
FARTHEST = 5.0
GOLDEN = (math.sqrt(5) - 1) / 2


def fit_temperature(
    z: ArrayLike,
    truth: ArrayLike,
    bias: tuple[float, ...] = (),
    weights: ArrayLike | None = None,
) -> float:
    """The temperature under which the truth is most likely, by golden section.

    The negative log-likelihood is convex in ``1 / temperature``, so it has one minimum.

    Args:
        z: averaged log-probabilities, ``[recordings, labels]``.
        truth: index of each recording's label, ``[recordings]``.
        bias: one number a label, added after division, or none.
        weights: how much each recording counts, ``[recordings]``; all the same if not given.

    Returns:
        0.05 to 20.

    Raises:
        ValueError: no recording, or shapes that do not fit.
    """
    values, labels, share = _checked(z, truth, weights)

    def loss(log_temperature: float) -> float:
        chances = log_softmax(scores(values, math.exp(log_temperature), bias))
        return -float(share @ chances[np.arange(len(labels)), labels])

    return math.exp(_lowest(loss, math.log(COLDEST), math.log(HOTTEST)))


def fit_shift(
    z: ArrayLike, truth: ArrayLike, label: int, weights: ArrayLike | None = None
) -> tuple[float, float]:
    """The temperature, and what is added to one label's scores, under which the truth is likeliest.

    What training met of that label may be far from what is asked about. The negative log-likelihood
    is convex in ``1 / temperature`` and the shift together, so it has one minimum.

    Args:
        z: averaged log-probabilities, ``[recordings, labels]``.
        truth: index of each recording's label, ``[recordings]``.
        label: index of the label that is shifted.
        weights: how much each recording counts, ``[recordings]``; all the same if not given.

    Returns:
        The temperature, 0.05 to 20, and the shift, -5 to 5.

    Raises:
        ValueError: no recording, no such label, or shapes that do not fit.
    """
    values, labels, share = _checked(z, truth, weights)
    if not 0 <= label < values.shape[1]:
        raise ValueError(f"label is {label}; it must be the index of one of {values.shape[1]}")

    def shifted(shift: float) -> tuple[float, tuple[float, ...]]:
        bias = tuple(np.where(np.arange(values.shape[1]) == label, shift, 0.0).tolist())
        return fit_temperature(values, labels, bias, share), bias

    def loss(shift: float) -> float:
        chances = log_softmax(scores(values, *shifted(shift)))
        return -float(share @ chances[np.arange(len(labels)), labels])

    shift = _lowest(loss, -FARTHEST, FARTHEST)
    return shifted(shift)[0], shift


def _lowest(loss: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one minimum has it, by golden section."""
    inner, outer = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_inner, at_outer = loss(inner), loss(outer)
    while high - low > 1e-5:
        if at_inner <= at_outer:
            high, outer, at_outer = outer, inner, at_inner
            inner = high - GOLDEN * (high - low)
            at_inner = loss(inner)
        else:
            low, inner, at_inner = inner, outer, at_outer
            outer = low + GOLDEN * (high - low)
            at_outer = loss(outer)
    return (low + high) / 2


def _checked(
    z: ArrayLike, truth: ArrayLike, weights: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    values, labels = np.asarray(z, np.float64), np.asarray(truth, np.int64)
    share = np.ones(len(labels)) if weights is None else np.asarray(weights, np.float64)
    if values.ndim != 2 or not len(values):
        raise ValueError(f"z has the shape {values.shape}; it must be [recordings, labels]")
    if labels.shape != (len(values),) or share.shape != labels.shape:
        raise ValueError(f"{len(values)} recordings, {labels.shape} truths, {share.shape} weights")
    if labels.min() < 0 or labels.max() >= values.shape[1] or not share.sum() > 0:
        raise ValueError("a truth is no index of a label, or the weights sum to 0")
    return values, labels, share / share.sum()
