"""Whether probabilities mean what they say, and what `unsure` leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model_cards.results import Report, Result, results, where
from voxtrait.evaluation.cells import ranged, table

__all__ = ["calibration", "unsure"]


def calibration(reports: Sequence[Report]) -> str:
    """Expected calibration error beside what truthful probabilities would show on so few."""
    rows = [
        [
            where(result),
            report["split"],
            result["clips"],
            ranged(result["calibration"]["ece"]),
            f"{result['calibration']['perfect']['mean']:.3f}",
            f"{result['calibration']['perfect']['high']:.3f}",
        ]
        for report in reports
        for result in _each(report)
    ]
    few = ["if perfect, mean", "if perfect, 95 % below"]
    return table(["trait, corpus", "split", "answers", "ECE", *few], rows)


def _each(report: Report) -> list[Result]:
    """The results that stand elsewhere, and below them ages by clip: what one recording gets."""
    by_clip = results(report, age_by="clip")
    return [*results(report), *(result for result in by_clip if result["trait"] == "age")]


def unsure(report: Report, thresholds: Mapping[str, float]) -> str:
    """How many recordings get a sure answer, and how many of these answers are wrong."""
    rows = [
        [
            where(result),
            f"{thresholds[result['trait']]:.3f}",
            result["clips"] + result["refused"],
            ranged(result["sure_share"]),
            ranged(result["error_among_sure"]),
        ]
        for result in results(report)
        if result["trait"] in thresholds
    ]
    return table(["trait, corpus", "unsure below", "asked", "sure", "errors among the sure"], rows)
