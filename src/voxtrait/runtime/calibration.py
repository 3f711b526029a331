"""From a network's scores to probabilities that mean what they say.

``scores = z / temperature + bias``; the label is the highest score's, the probabilities are
``softmax(scores + log(prior))``. `scores` and `log_softmax` are for fits and whole batches,
`calibrate` for one recording; a test holds them equal.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from voxtrait.model_file import TraitCard

__all__ = ["calibrate", "log_softmax", "scores"]


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
