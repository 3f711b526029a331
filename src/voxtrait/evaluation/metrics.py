"""The figures: of labels, of their probabilities, of years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.evaluation.metric import Metric, counted, divide, mean_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxtrait.evaluation.answers import Answers

__all__ = [
    "ACCURACY",
    "BIAS",
    "ECE",
    "ERROR_AMONG_SURE",
    "INTERVAL_COVERAGE",
    "MAE",
    "MAE_BASELINE",
    "MAE_RATIO",
    "SURE_SHARE",
    "UAR",
    "UNSURE_SHARE",
    "WITHIN_ONE_GROUP",
    "confusion",
    "recalls",
]

BINS = 10  # of equal width over the label's probability


def _class_terms(answers: Answers) -> NDArray[np.float64]:
    there = np.eye(len(answers.labels))[answers.truth].reshape(len(answers), len(answers.labels))
    return np.concatenate([there * answers.correct[:, None], there], axis=1)


def _recalls_of(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    right, there = np.split(sums, 2, axis=-1)
    return divide(right, there)


def _uar_of(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    recall = _recalls_of(sums)
    present = ~np.isnan(recall)
    return divide(np.where(present, recall, 0.0).sum(-1), present.sum(-1).astype(float))


def _bin_terms(answers: Answers) -> NDArray[np.float64]:
    member = np.eye(BINS)[bin_of(answers.confidence)].reshape(len(answers), BINS)
    right = member * answers.correct[:, None]
    return np.concatenate([member * answers.confidence[:, None], right, member], axis=1)


def bin_of(confidence: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which of the ten bins a probability falls into: 0 to 0.1 is 0, 0.9 to 1 is 9."""
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)


def ece_of(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected calibration error of (probability, right, count) by bin, ``[..., 30]``."""
    stated, right, count = np.split(sums, 3, axis=-1)
    return divide(np.abs(stated - right).sum(-1), count.sum(-1))


def _error(answers: Answers) -> NDArray[np.float64]:
    return answers.years - answers.true_years


def _baseline_error(answers: Answers) -> NDArray[np.float64]:
    # Only where there is an answer too, so that both are measured on the same recordings.
    known = ~np.isnan(_error(answers))
    return np.where(known, np.abs(answers.baseline_years - answers.true_years), np.nan)


def _ratio_terms(answers: Answers) -> NDArray[np.float64]:
    baseline = _baseline_error(answers)
    both = ~np.isnan(baseline)
    return np.stack(
        [np.where(both, np.abs(_error(answers)), 0.0), np.where(both, baseline, 0.0)], axis=1
    )


def _covered(answers: Answers) -> NDArray[np.float64]:
    low, high = answers.interval.T
    inside = (low <= answers.true_years) & (answers.true_years <= high)
    return np.where(np.isnan(low) | np.isnan(answers.true_years), np.nan, inside)


def _sure_error(answers: Answers) -> NDArray[np.float64]:
    return np.where(answers.unsure, np.nan, ~answers.correct)


ACCURACY = Metric(
    "accuracy", "Accuracy", lambda a: counted(a.correct.astype(float)), mean_of, False
)
UAR = Metric("uar", "UAR", _class_terms, _uar_of, answered_only=False)
ECE = Metric("ece", "Calibration error", _bin_terms, ece_of)
UNSURE_SHARE = Metric("unsure_share", "Unsure", lambda a: counted(a.unsure.astype(float)), mean_of)
SURE_SHARE = Metric(
    "sure_share",
    "Sure answers",
    lambda a: counted((a.answered & ~a.unsure).astype(float)),
    mean_of,
    answered_only=False,
)
ERROR_AMONG_SURE = Metric(
    "error_among_sure", "Error among the sure", lambda a: counted(_sure_error(a)), mean_of
)
WITHIN_ONE_GROUP = Metric(
    "within_one_group",
    "Within one group",
    lambda a: counted((np.abs(a.predicted - a.truth) <= 1).astype(float)),
    mean_of,
)
MAE = Metric("mae_years", "Mean absolute error", lambda a: counted(np.abs(_error(a))), mean_of)
BIAS = Metric("bias_years", "Mean signed error", lambda a: counted(_error(a)), mean_of)
MAE_BASELINE = Metric(
    "mae_of_median_years",
    "Mean absolute error of the training median",
    lambda a: counted(_baseline_error(a)),
    mean_of,
)
MAE_RATIO = Metric("mae_ratio", "Ratio of the two", _ratio_terms, mean_of)
INTERVAL_COVERAGE = Metric(
    "interval_coverage", "Coverage of the 80 % interval", lambda a: counted(_covered(a)), mean_of
)


def recalls(answers: Answers) -> dict[str, float]:
    """Recall of each class that is present, by label."""
    values = _recalls_of(_class_terms(answers).sum(axis=0))
    return {
        label: float(value)
        for label, value in zip(answers.labels, values, strict=True)
        if not np.isnan(value)
    }


def confusion(answers: Answers) -> NDArray[np.int64]:
    """Counts, true label down, answered label across, ``[labels, labels]``; refusals left out."""
    size = len(answers.labels)
    there = answers.answered
    flat = answers.truth[there] * size + answers.predicted[there]
    return np.bincount(flat, minlength=size * size).reshape(size, size).astype(np.int64)
