"""The report for people: Markdown tables, the headline first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxtrait.evaluation.cells import percent, ranged, table
from voxtrait.evaluation.headline import COLUMNS, head, headline, pooled, title, where
from voxtrait.evaluation.pools import ALL
from voxtrait.evaluation.sections import (
    confusion_table,
    coverage_table,
    digits_table,
    recall_table,
    years_table,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["to_markdown"]


def to_markdown(report: Mapping[str, Any]) -> str:
    """The report of `voxtrait.evaluation.report.build` as Markdown, ending with a line break."""
    parts = [head(report), headline(report), COLUMNS, _answering(report)]
    for trait in dict.fromkeys(result["trait"] for result in report["results"]):
        parts += [f"## {title(trait)}", pooled(report, trait)]
        parts += _trait(report, trait)
    return "\n\n".join(filter(None, parts)) + "\n"


def _answering(report: Mapping[str, Any]) -> str:
    rows = [
        [
            f"{row['corpus']}, {row['kind']}, {row['condition']}",
            row["clips"],
            row["no_speech"],
            percent(row["no_speech_share"]),
            row["failed"],
        ]
        for row in report["answering"]
    ]
    return "## Recordings without an answer\n\n" + table(
        ["", "clips", "no speech", "share", "failed"], rows
    )


def _trait(report: Mapping[str, Any], trait: str) -> list[str]:
    mine = [result for result in report["results"] if result["trait"] == trait and result["clips"]]
    parts = []
    for result in mine:
        parts.append(f"### {where(result)}, by {result['by']}")
        parts += [recall_table(result), confusion_table(result)]
        parts += [years_table(result["years"])] if "years" in result else []
        # Over all corpora it would be the same again: only those of words have digits.
        digits = "digits" in result and result["corpus"] != ALL
        parts += [digits_table(result["digits"])] if digits else []
        parts += [coverage_table(result)]
    changes = [row for row in report["changes"] if row["trait"] == trait]
    if changes:
        parts += ["### What a condition costs", _changes(changes)]
    parts += ["### By group", _groups(report, trait)]
    return parts


def _changes(changes: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        [
            f"{where(row)}, {row['metric']}",
            row["speakers"],
            f"{row['first']:.3f}",
            f"{row['second']:.3f}",
            ranged({"value": row["change"], "low": row["low"], "high": row["high"]}, "{:+.3f}"),
        ]
        for row in changes
        if row["change"] is not None
    ]
    columns = ["", "speakers", changes[0]["against"], "then", "change"]
    return table(columns, rows) + "\n\nA recording without an answer counts as wrong here."


def _groups(report: Mapping[str, Any], trait: str) -> str:
    groups, worst = report["groups"][trait], report["worst_group"][trait]
    rows = [
        [
            *(_cell(g["cell"]), g["speakers"], g["clips"], g["refused"]),
            *(f"{g['accuracy']:.3f}", f"{g['uar']:.3f}"),
        ]
        for g in groups
        if g["accuracy"] is not None
    ]
    small = [f"{_cell(g['cell'])}: {g['speakers']}" for g in groups if g["accuracy"] is None]
    columns = ["group, a refused clip being wrong", "speakers", "clips", "refused"]
    parts = [table([*columns, "accuracy", "UAR"], rows)]
    if worst:
        parts.insert(
            0,
            f"Worst group of at least ten speakers: {_cell(worst['cell'])}, "
            f"recall {worst['recall']:.3f} ({worst['speakers']} speakers).",
        )
    if small:
        parts.append("Under ten speakers, so only how many: " + "; ".join(small) + ".")
    return "\n\n".join(filter(None, parts))


def _cell(cell: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in cell.items())
