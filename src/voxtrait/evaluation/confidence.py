"""Do probabilities mean what they say? Calibration, and errors against coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.evaluation.metrics import BINS, bin_of, ece_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxtrait.evaluation.answers import Answers

__all__ = ["Bin", "PerfectCalibration", "coverage_risk", "perfect_calibration", "reliability"]


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose stated probability lies between ``low`` and ``high``.

    Args:
        low, high: borders.
        clips: how many answers.
        stated: their mean probability.
        right: how many of them were right, as a share.
    """

    low: float
    high: float
    clips: int
    stated: float
    right: float


@dataclass(frozen=True, slots=True)
class PerfectCalibration:
    """Calibration error that truthful probabilities would show on so few recordings."""

    mean: float
    high: float  # 95 % of such samples show less


def reliability(answers: Answers) -> list[Bin]:
    """The bins that hold answers (DeGroot and Fienberg, 1983)."""
    confidence, correct = answers.confidence, answers.correct
    members = bin_of(confidence)
    return [
        Bin(
            low=b / BINS,
            high=(b + 1) / BINS,
            clips=int((members == b).sum()),
            stated=float(confidence[members == b].mean()),
            right=float(correct[members == b].mean()),
        )
        for b in np.unique(members)
    ]


def perfect_calibration(
    confidence: NDArray[np.float64], *, draws: int = 1_000, seed: int = 0
) -> PerfectCalibration:
    """The error left when the probabilities are exactly true, by drawing who is right from them.

    The expected calibration error is never 0 on a finite sample; a figure beside this one says
    how much of it is the model's.

    Args:
        confidence: stated probability of each answer, ``[clips]``, at least one.
        draws: how often correctness is drawn.
        seed: the same seed gives the same result.
    """
    rng = np.random.default_rng(seed)
    member = np.eye(BINS)[bin_of(confidence)]
    stated = (confidence @ member)[None]
    count = member.sum(axis=0, keepdims=True)
    errors = []
    for some in np.array_split(np.arange(draws), max(1, draws // 50)):  # bounds the memory
        right = (rng.random((len(some), len(confidence))) < confidence) @ member
        parts = [np.broadcast_to(stated, right.shape), right, np.broadcast_to(count, right.shape)]
        errors.append(ece_of(np.concatenate(parts, axis=1)))
    drawn = np.concatenate(errors)
    return PerfectCalibration(float(drawn.mean()), float(np.quantile(drawn, 0.95)))


def coverage_risk(
    answers: Answers,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Share of errors among the surest answers, for every share of answers kept.

    Equal probabilities are kept or dropped together (El-Yaniv and Wiener, 2010).

    Returns:
        Coverage (0 to 1, rising), risk at it, and the least probability kept; ``[steps]`` each.
    """
    order = np.argsort(-answers.confidence, kind="stable")
    confidence = answers.confidence[order]
    errors = np.cumsum(~answers.correct[order])
    # The last of each run of equal probabilities; the empty sample has none.
    last = np.append(confidence[1:] != confidence[:-1], True)[: len(order)]
    kept = np.arange(1, len(order) + 1)[last]
    return kept / max(len(order), 1), errors[last] / kept, confidence[last]
