"""The headline of an evaluation as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from voxtrait.cli.table import print_table
from voxtrait.cli.text import escape
from voxtrait.evaluation.cells import percent, ranged
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voxtrait.evaluation import Comparison

__all__ = ["print_report"]


def print_report(report: Mapping[str, Any], compared: Sequence[Comparison]) -> None:
    """Print the figures of each trait, corpus and condition, and what they were taken on."""
    head = Text(f"{', '.join(report['models'])}; split: {escape(report['split'])}", style="bold")
    parts: list[RenderableType] = [head, _figures(report), _refused(report)]
    if compared:
        parts.append(_changes(compared))
    print_table(Group(*parts))


def _figures(report: Mapping[str, Any]) -> Table:
    columns = [
        "Speakers",
        "Clips",
        "Refused",
        "UAR (95 %)",
        "Accuracy",
        "ECE",
        "Years off",
        "Sure",
        "Errors",
    ]
    table = _table("", *columns)
    for result in report["results"]:
        if result["trait"] == "gender" and result["by"] == "speaker":
            continue  # in the report; here one line a question
        name = f"{TRAITS[result['trait']].title}, {result['corpus']}, {result['condition']}"
        cells = [f"{name}, by {result['by']}" if result["trait"] == "age" else name]
        asked = result["clips"] + result["refused"]
        cells += [str(result["speakers_asked"]), str(asked), str(result["refused"])]
        if result["clips"]:
            off = result["years"]["mae_years"] if "years" in result else {"value": None}
            cells += [
                ranged(result["uar_with_refusals_wrong"]),
                percent(result["accuracy_with_refusals_wrong"]["value"]),
                f"{result['calibration']['ece']['value']:.3f}",
                "" if off["value"] is None else f"{off['value']:.1f}",
                percent(result["sure_share"]["value"]),
                percent(result["error_among_sure"]["value"]),
            ]
        table.add_row(*cells)
    table.caption = (
        "UAR, accuracy: a refused clip, spoken and without an answer, is wrong. Sure: share of all "
        "clips with an answer that is not unsure. Errors: share of these that is wrong."
    )
    table.caption_justify = "left"
    return table


def _refused(report: Mapping[str, Any]) -> Table:
    table = _table("", "Clips", "No speech", "Share", "Failed")
    for row in report["answering"]:
        name = f"{row['corpus']}, {row['kind']}, {row['condition']}"
        share = percent(row["no_speech_share"])
        table.add_row(name, str(row["clips"]), str(row["no_speech"]), share, str(row["failed"]))
    return table


def _changes(compared: Sequence[Comparison]) -> Table:
    table = _table("Clean, beside the earlier output", "Speakers", "Then", "Now", "Change (95 %)")
    for row in compared:
        change = {"value": row.change, "low": row.low, "high": row.high}
        figures = [f"{row.first:.3f}", f"{row.second:.3f}", ranged(change, "{:+.3f}")]
        table.add_row(row.metric.replace("_", " "), str(row.speakers), *figures)
    return table


def _table(first: str, *columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(first, overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table
