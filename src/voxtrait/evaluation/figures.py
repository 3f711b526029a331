"""Every figure of one trait on one set of recordings, as plain values for JSON."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from voxtrait.evaluation.answers import answers
from voxtrait.evaluation.bootstrap import DRAWS, interval
from voxtrait.evaluation.confidence import coverage_risk, perfect_calibration, reliability
from voxtrait.evaluation.digits import detection, renormalised, ten_digits
from voxtrait.evaluation.groups import LEAST_SPEAKERS
from voxtrait.evaluation.metrics import (
    ACCURACY,
    BIAS,
    ECE,
    ERROR_AMONG_SURE,
    INTERVAL_COVERAGE,
    MAE,
    MAE_BASELINE,
    MAE_RATIO,
    SURE_SHARE,
    UAR,
    UNSURE_SHARE,
    WITHIN_ONE_GROUP,
    confusion,
    recalls,
)
from voxtrait.evaluation.years import by_decade
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from voxtrait.evaluation.answers import Answers
    from voxtrait.evaluation.metric import Metric
    from voxtrait.evaluation.scored import Scored

__all__ = ["COVERAGES", "figures", "plain"]

COVERAGES = (1.0, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3, 0.2, 0.1)
_YEARS = (MAE, MAE_BASELINE, MAE_RATIO, BIAS, WITHIN_ONE_GROUP, INTERVAL_COVERAGE)


def figures(
    rows: Sequence[Scored],
    trait: str,
    *,
    median_years: float | Mapping[str, float] | None = None,
    unheard: Collection[Path] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Any]:
    """Figures of a trait over rows of one condition; with no answer at all only the counts.

    Figures with a 95 % interval over speakers are ``{"value", "low", "high"}``; None where a
    figure is undefined, and for both ends where fewer than ten people speak. ``clips``,
    ``speakers`` and every figure whose name does not say otherwise are of the answers; ``refused``
    spoken recordings have none, and are wrong ones in the figures ``..._with_refusals_wrong`` and
    no sure ones in ``sure_share``.

    Args:
        rows: scored recordings, or `by_speaker`'s.
        trait: name of a trait.
        median_years: see `voxtrait.evaluation.answers.answers`.
        unheard: see `voxtrait.evaluation.digits.detection`.
        draws: how often the bootstrap draws the speakers.
        seed: the same seed gives the same intervals.
    """
    columns = answers(rows, trait, median_years=median_years)
    every = answers(rows, trait, refusals=True)
    block: dict[str, Any] = {
        "clips": len(columns),
        "speakers": columns.speaker_count,
        "refused": len(every) - len(columns),
        "speakers_asked": every.speaker_count,
    }
    if not len(columns):
        return block

    def ranged(metric: Metric, of: Answers = columns) -> dict[str, float | None]:
        if of.speaker_count < LEAST_SPEAKERS:
            return {"value": metric.of(of), "low": None, "high": None}
        return asdict(interval(of, metric, draws=draws, seed=seed))

    block |= {
        "accuracy": ranged(ACCURACY),
        "uar": ranged(UAR),
        "accuracy_with_refusals_wrong": ranged(ACCURACY, every),
        "uar_with_refusals_wrong": ranged(UAR, every),
        "recall": _recall(columns, every),
        "confusion": {"labels": list(columns.labels), "counts": confusion(columns).tolist()},
        "calibration": {
            "ece": ranged(ECE),
            "perfect": asdict(perfect_calibration(columns.confidence, draws=draws, seed=seed)),
            "bins": [asdict(found) for found in reliability(columns)],
        },
        "coverage_risk": _coverage(columns),
        "unsure_share": ranged(UNSURE_SHARE),
        "sure_share": ranged(SURE_SHARE, every),
        "error_among_sure": ranged(ERROR_AMONG_SURE),
    }
    if trait == "age":
        block["years"] = {metric.name: ranged(metric) for metric in _YEARS}
        block["years"]["by_decade"] = [_decade(row) for row in map(asdict, by_decade(columns))]
    if trait == "digit":
        ten, ten_every = ten_digits(columns), ten_digits(every)
        block["digits"] = {
            "ten_digits": ranged(ACCURACY, ten),
            "ten_digits_with_refusals_wrong": ranged(ACCURACY, ten_every),
            "ten_digits_renormalised": renormalised(columns),
            "least_recall": _least_recall(block["recall"]),
            "eleven_labels": ranged(ACCURACY),
            "eleven_labels_with_refusals_wrong": ranged(ACCURACY, every),
            "detection": _detection(rows, unheard, draws, seed),
        }
    return block


def plain(value: Any) -> Any:
    """The same with NaN as None and NumPy's numbers as Python's: JSON knows neither."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _recall(columns: Answers, every: Answers) -> dict[str, dict[str, float | int]]:
    """By true label; over the answers alone and with refusals as wrong answers."""
    answered, found = recalls(columns), {}
    for label, value in recalls(every).items():
        mine = every.where(every.truth == every.labels.index(label))
        found[label] = {
            "value": answered.get(label, np.nan),
            "with_refusals_wrong": value,
            "clips": int(mine.answered.sum()),
            "refused": int((~mine.answered).sum()),
            "speakers": mine.speaker_count,
        }
    return found


def _least_recall(recall: Mapping[str, Mapping[str, float | int]]) -> dict[str, Any] | None:
    """The digit that is found least often, refusals being wrong."""
    digits = {label: row for label, row in recall.items() if label != NOT_A_DIGIT}
    if not digits:
        return None
    label = min(digits, key=lambda name: digits[name]["with_refusals_wrong"])
    return {"label": label, "value": digits[label]["with_refusals_wrong"]}


def _coverage(columns: Answers) -> list[dict[str, float]]:
    """The curve at round shares: the fewest answers, surest first, that reach each."""
    coverage, risk, least = coverage_risk(columns)
    found = []
    for share in COVERAGES:
        step = min(int(np.searchsorted(coverage, share - 1e-9)), len(coverage) - 1)
        found.append(
            {"coverage": coverage[step], "risk": risk[step], "least_probability": least[step]}
        )
    return found


def _decade(row: dict[str, Any]) -> dict[str, Any]:
    if row["speakers"] >= LEAST_SPEAKERS:
        return row
    return {**row, "bias": None, "mae": None}


def _detection(
    rows: Sequence[Scored], unheard: Collection[Path], draws: int, seed: int
) -> dict[str, Any] | None:
    found = detection(rows, unheard=unheard, draws=draws, seed=seed)
    if found is None:
        return None
    words = {word: {"rate": rate, "clips": n} for word, (rate, n) in found.words.items()}
    return {**asdict(found), "words": words}
