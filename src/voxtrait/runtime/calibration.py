"""From a network's scores to probabilities that mean what they say, and how that is fitted.

Applied: ``scores = z / temperature + bias``; the label is the highest score's, the probabilities
are ``softmax(scores + log(prior))``. Fitted on the answers to whole recordings of validation
speakers. `scores` and `log_softmax` are for fits and whole batches, `calibrate` for one recording;
a test holds them equal.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from voxtrait.model_file import TraitCard

__all__ = ["calibrate", "fit_shift", "fit_temperature", "log_softmax", "scores"]

COLDEST, HOTTEST = 0.05, 20.0
FARTHEST = 5.0
GOLDEN = (math.sqrt(5) - 1) / 2


def log_softmax(logits: ArrayLike) -> NDArray[np.float64]:
    """Log-probabilities over the last axis; the exponentials of each row sum to 1."""
    values = np.asarray(logits, np.float64)
    shifted: NDArray[np.float64] = values - values.max(axis=-1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def scores(
    z: ArrayLike, temperature: float = 1.0, bias: tuple[float, ...] = ()
) -> NDArray[np.float64]:
    """Scores whose highest is the label.

    By temperature scaling (Guo et al., 2017, arXiv:1706.04599) and a number a label.

    Args:
        z: averaged log-probabilities, ``[..., labels]``.
        temperature: above 0; 1 leaves them as they are.
        bias: one number a label, or none.

    Raises:
        ValueError: temperature is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"temperature is {temperature}; it must be above 0")
    scaled = np.asarray(z, np.float64) / temperature
    return scaled + np.asarray(bias) if bias else scaled


def calibrate(z: Sequence[float], card: TraitCard) -> tuple[int, list[float]]:
    """The answer to one recording: `scores`, then a softmax.

    In plain numbers, for they are few: NumPy takes four times as long, and of the threads of a
    batch only one at a time can run Python.

    Args:
        z: averaged log-probabilities, ``[labels]``.
        card: calibration of the trait.

    Returns:
        Index of the label, and the probabilities ``[labels]``, which sum to 1. With a prior they
        hold for a population with that prior, so that the label may not be the most probable one.
    """
    found = [value / card.temperature for value in z]
    if card.bias:
        found = [value + more for value, more in zip(found, card.bias, strict=True)]
    label = found.index(max(found))
    if card.prior:
        found = [value + math.log(share) for value, share in zip(found, card.prior, strict=True)]
    highest = max(found)
    chances = [math.exp(value - highest) for value in found]
    total = math.fsum(chances)
    return label, [chance / total for chance in chances]


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
