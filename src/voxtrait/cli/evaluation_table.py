"""The headline of an evaluation as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from voxtrait.cli.narrow import in_words, width_of
from voxtrait.cli.table import print_table, standard_console
from voxtrait.cli.text import escape
from voxtrait.evaluation.cells import percent, ranged
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voxtrait.evaluation import Comparison

__all__ = ["print_report"]

COLUMNS = (
    *("Speakers", "Asked", "Refused", "UAR (95 %)", "Accuracy", "ECE", "Years off", "Sure"),
    "Errors",
)
CAPTION = (
    "UAR, accuracy: a refused clip, spoken and without an answer (no speech is heard, or too "
    "little for the trait), is wrong. Sure: share of all clips with an answer that is not unsure. "
    "Errors: share of these that is wrong."
)


def print_report(report: Mapping[str, Any], compared: Sequence[Comparison]) -> None:
    """Print the figures of each trait, corpus and condition, and what they were taken on."""
    head = Text(f"{', '.join(report['models'])}; split: {escape(report['split'])}", style="bold")
    parts: list[RenderableType] = [head, *_figures(report), _refused(report)]
    if compared:
        parts.append(_changes(compared))
    print_table(Group(*parts))


def _figures(report: Mapping[str, Any]) -> Iterator[RenderableType]:
    rows = []
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
        rows.append(cells + [""] * (1 + len(COLUMNS) - len(cells)))
    yield _table("", COLUMNS, rows)
    yield Text(CAPTION, style="dim")


def _refused(report: Mapping[str, Any]) -> RenderableType:
    rows = []
    for row in report["answering"]:
        name = f"{row['corpus']}, {row['kind']}, {row['condition']}"
        share = percent(row["no_speech_share"])
        rows.append([name, str(row["clips"]), str(row["no_speech"]), share, str(row["failed"])])
    return _table("", ("Clips", "No speech", "Share", "Failed"), rows)


def _changes(compared: Sequence[Comparison]) -> RenderableType:
    rows = []
    for row in compared:
        change = {"value": row.change, "low": row.low, "high": row.high}
        figures = [f"{row.first:.3f}", f"{row.second:.3f}", ranged(change, "{:+.3f}")]
        rows.append([row.metric.replace("_", " "), str(row.speakers), *figures])
    head = ("Speakers", "Then", "Now", "Change (95 %)")
    return _table("Clean, beside the earlier output", head, rows)


def _table(first: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> RenderableType:
    """The rows as a table, or in words where the terminal is too narrow for it."""
    console = standard_console()
    lines = len(columns) + 2  # the box has a place at each side and between two columns
    if width_of([*zip((first, *columns), *rows, strict=True)]) + lines > console.width:
        return Group(Text(first, style="dim"), in_words(columns, rows, console.width), Text())
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(first, overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table
