"""The models that ship as a list for people, with a table of figures each."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from voxtrait.cli.narrow import in_words, width_of
from voxtrait.cli.table import print_table, standard_console
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["corpus_words", "figures", "print_models"]

WIDEST = 100  # columns, also where there are more: a line of figures must be taken in at a glance
SIDE = 12  # columns of the words at the left, with their margin
HEADINGS = ("speakers", "accuracy", "UAR (95 %)", "years off", "ECE", "unsure", "errors")
LEGEND = (
    "Measured on speakers whom training never heard. UAR: the mean of the labels' recalls, with "
    "its 95 % interval over speakers. Years off: the mean error of the age. ECE: how far "
    "probabilities are from the truth on average, best 0. Unsure: the share of answers that is "
    "marked so. Errors: among the others."
)


def print_models(rows: Sequence[Mapping[str, Any]]) -> None:
    """Show the models on standard output, at most 100 columns wide.

    Args:
        rows: a model each, as JSON has it.
    """
    width = min(WIDEST, standard_console().width)
    legend = Text("\n".join(textwrap.wrap(LEGEND, width)), style="dim")
    print_table(Group(*(_card(row, width) for row in rows), legend))


def _card(row: Mapping[str, Any], width: int) -> RenderableType:
    """A model: its name, and below it what it does and how well."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold", max_width=width - SIDE - 2)
    answers = [TRAITS[name].title for name in row["traits"]] or ["which seconds are speech"]
    grid.add_row("answers", ", ".join(answers))
    grid.add_row("size", f"{row['bytes'] / 1e6:.2f} MB, {row['parameters']:,} parameters")
    for number, corpus in enumerate(row["trained_on"]):
        grid.add_row("" if number else "trained on", Text(corpus_words(corpus)))
    parts: list[RenderableType] = [Text(row["name"], style="bold"), Padding(grid, (0, 0, 0, 2))]
    parts += [Padding(table, (0, 0, 0, 2)) for table in _tables(row["measured"], width)]
    return Group(*parts, Text())


def corpus_words(corpus: Mapping[str, Any]) -> str:
    """One corpus of ``trained_on`` in words."""
    details = []
    if corpus.get("speakers"):  # synthetic voices have none
        details.append(f"{corpus['speakers']:,} speakers")
    if "hours" in corpus:
        details.append(
            f"{corpus['hours']:.1f} hours" if corpus["hours"] >= 0.95 else _minutes(corpus)
        )
    if "licence" in corpus:
        details.append(str(corpus["licence"]))
    return f"{corpus.get('corpus', '?')} ({', '.join(details)})".replace("_", " ")


def _minutes(corpus: Mapping[str, Any]) -> str:
    return f"{60 * corpus['hours']:.0f} minutes"


def _tables(measured: Mapping[str, Any], width: int) -> Iterator[RenderableType]:
    """A table for each trait and way of splitting, with no column that has no figure."""
    parts: dict[str, list[list[str]]] = {}
    for names, leaf in figures(measured):
        of = [TRAITS[name].title for name in names if name in TRAITS]
        on = ", ".join(name.replace("_", " ") for name in names if name not in TRAITS)
        split = str(leaf.get("split", "unnamed recordings")).replace("_", " ")
        where = "" if split.startswith("trained without") else "on "
        title = ", ".join([*of, f"measured {where}{split}"])
        parts.setdefault(title, []).append([on, *_cells(leaf)])
    for title, lines in parts.items():
        yield _table(title, lines, width)


def _table(title: str, lines: Sequence[Sequence[str]], width: int) -> RenderableType:
    columns = [[heading, *cells] for heading, *cells in zip(("", *HEADINGS), *lines, strict=True)]
    names, *others = [column for column in columns if not column[0] or any(column[1:])]
    if width_of([names, *others]) > width - 2:
        return Group(Text(title, style="dim"), in_words(HEADINGS, lines, width - 2))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.title, table.title_style, table.title_justify = title, "dim", "left"
    table.add_column(no_wrap=True)
    for _ in others:
        table.add_column(justify="right", no_wrap=True)
    headings, *figures_of = zip(names, *others, strict=True)
    table.add_row(*headings, style="dim")
    for line in figures_of:
        table.add_row(*line)
    return table


def figures(
    measured: Mapping[str, Any], names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """The sets of figures in a card however they are nested, each with the names above it."""
    if any(not isinstance(value, dict) for value in measured.values()):
        yield names, measured
    for key, value in measured.items():
        if isinstance(value, dict):
            yield from figures(value, (*names, key))


def _cells(leaf: Mapping[str, Any]) -> list[str]:
    """The figures below `HEADINGS`; empty where there is none."""
    return [
        f"{leaf['speakers']:,}" if "speakers" in leaf else "",
        _percent(leaf.get("accuracy")),
        _percent(leaf.get("uar")) + _interval(leaf.get("uar_95")),
        f"{leaf['mae_years']:.1f}" if "mae_years" in leaf else "",
        f"{leaf['ece']:.3f}" if "ece" in leaf else "",
        _percent(leaf.get("unsure_share")),
        _percent(leaf.get("error_among_sure")),
    ]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _interval(bounds: Sequence[float] | None) -> str:
    if not bounds or None in bounds:  # too few speakers for one
        return ""
    return f" ({100 * bounds[0]:.1f}-{100 * bounds[1]:.1f})"
