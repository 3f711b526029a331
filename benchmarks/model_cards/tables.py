"""The tables of a card of traits, out of its reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from model_cards.results import Report, Result, plain, results, where
from voxtrait.evaluation.cells import ranged, table
from voxtrait.evaluation.groups import LEAST_SPEAKERS
from voxtrait.evaluation.headline import ASKED, asked

__all__ = ["conditions", "headline", "recalls", "trained_on", "years"]


def trained_on(rows: Iterable[Mapping[str, Any]]) -> str:
    """The corpora that the shipped file heard."""
    lines = [
        [plain(row["corpus"]), row["speakers"], f"{row['hours']:.2f}", row["licence"]]
        for row in rows
    ]
    return table(["corpus", "speakers", "hours", "licence"], lines)


def headline(reports: Sequence[Report]) -> str:
    """Clean recordings; a recording without an answer is a wrong one first, left out after it."""
    rows = []
    for report in reports:
        for result in results(report):
            years = result.get("years", {}).get("mae_years")
            rows.append(
                [
                    where(result),
                    report["split"],
                    *asked(result),
                    f"{result['accuracy']['value']:.3f}",
                    ranged(years, "{:.1f}") if years else "",
                ]
            )
    head = ["trait, corpus", "split", *ASKED]
    return table([*head, "accuracy of answers", "error in years"], rows)


def conditions(report: Report) -> str:
    """What noise, a telephone or fewer seconds leave, and cost."""
    lost = {
        (row["trait"], row["corpus"], row["condition"]): row
        for row in report["changes"]
        if row["metric"] == "uar" and row["change"] is not None
    }
    rows = []
    for condition in dict.fromkeys(result["condition"] for result in report["results"]):
        for result in results(report, condition):
            change = lost.get((result["trait"], result["corpus"], condition))
            if change is not None:
                cost = {"value": change["change"], "low": change["low"], "high": change["high"]}
                rows.append(
                    [
                        where(result),
                        condition,
                        result["speakers_asked"],
                        ranged(result["uar_with_refusals_wrong"]),
                        ranged(cost, "{:+.3f}"),
                    ]
                )
    head = ["trait, corpus", "condition", "speakers", "UAR, no answer being wrong", "change"]
    return table(head, rows)


def years(report: Report) -> str:
    """Age by true decade."""
    rows = [
        [
            plain(result["corpus"]),
            row["name"],
            row["speakers"],
            "-" if row["bias"] is None else f"{row['bias']:+.1f}",
            "-" if row["mae"] is None else f"{row['mae']:.1f}",
        ]
        for result in results(report)
        if "years" in result
        for row in result["years"]["by_decade"]
    ]
    more = [
        [
            plain(result["corpus"]),
            ranged(result["years"]["mae_ratio"]),
            ranged(result["years"]["within_one_group"]),
            ranged(result["years"]["interval_coverage"]),
        ]
        for result in results(report)
        if "years" in result
    ]
    if not rows:
        return ""
    return "\n\n".join(
        [
            table(
                ["corpus", "error beside the median's", "within one group", "inside the interval"],
                more,
            ),
            table(["corpus", "true decade", "speakers", "signed error", "absolute error"], rows),
        ]
    )


def recalls(report: Report) -> str:
    """Recall of each label over the first pool of a trait, no answer being wrong."""
    rows = [
        [
            *(where(result), label, row["speakers"], row["clips"] + row["refused"]),
            *(row["refused"], *_recall(row)),
        ]
        for result in _first_corpus(results(report))
        for label, row in result["recall"].items()
    ]
    head = ["trait, corpora", "true label", "speakers", "asked", "refused", "recall"]
    return table([*head, "of answers"], rows)


def _first_corpus(results: Iterable[Result]) -> list[Result]:
    """Each trait's first result: over several corpora together where there are several."""
    found: dict[str, Result] = {}
    for result in results:
        found.setdefault(result["trait"], result)
    return list(found.values())


def _recall(row: Mapping[str, Any]) -> list[str]:
    if row["speakers"] < LEAST_SPEAKERS:
        return ["-", "-"]
    answered = "-" if row["value"] is None else f"{row['value']:.3f}"
    return [f"{row['with_refusals_wrong']:.3f}", answered]
