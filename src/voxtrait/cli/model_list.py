"""The models that ship at a glance: a line for each answer that they give."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from voxtrait.cli.table import print_table, standard_console
from voxtrait.evaluation.measured import chief
from voxtrait.evaluation.pools import ALL, WORDS
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["print_list"]

WIDEST = 100  # columns of the text below the table
POOLS = {WORDS: "single words", ALL: "all corpora"}
LEGEND = (
    "Measured on speakers whom training never heard{ways}. UAR: the mean of the labels' recalls. "
    "Years off: the mean error of the age. By corpus, with intervals and more figures: voxtrait "
    "models NAME, or --details."
)


def print_list(rows: Sequence[Mapping[str, Any]]) -> None:
    """Show the models on standard output: what they answer, how large and how good they are.

    Args:
        rows: a model each, as JSON has it.
    """
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    for heading, side in (("Model", "left"), ("Size", "right"), ("Parameters", "right")):
        table.add_column(heading, justify=side, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("Answers", no_wrap=True)
    table.add_column("Measured", overflow="fold")
    ways: set[str] = set()
    for row in rows:
        size = (Text(row["name"], "bold"), f"{row['bytes'] / 1e6:.2f} MB", f"{row['parameters']:,}")
        for cells in _answers(row, ways):
            table.add_row(*size, *cells)
            size = (Text(), "", "")
    print_table(Group(table, *_below(rows, ways)))


def _answers(row: Mapping[str, Any], ways: set[str]) -> Iterator[tuple[str, str]]:
    """Each trait, and the figure that says most of it; the ways of splitting are collected."""
    for name in row["traits"]:
        found = chief(name, row["measured"].get(name, {}))
        if found is None:
            yield TRAITS[name].title, "not yet"
            continue
        pool, figures = found
        where = POOLS.get(pool, pool.replace("_", " "))
        ways.add(figures["split"])
        if "mae_years" in figures:
            yield TRAITS[name].title, f"{figures['mae_years']:.1f} years off, {where}"
        else:
            yield TRAITS[name].title, f"{100 * figures['uar']:.1f} % UAR, {where}"
    if not row["traits"]:
        yield "where speech is", ""


def _below(rows: Sequence[Mapping[str, Any]], ways: set[str]) -> Iterator[Text]:
    """Which corpora each was trained on, models with the same together; then what figures mean."""
    width = min(WIDEST, standard_console().width)
    trained: dict[str, list[str]] = {}
    for row in rows:
        names = (str(corpus.get("corpus", "?")).replace("_", " ") for corpus in row["trained_on"])
        trained.setdefault(", ".join(names), []).append(row["name"])
    for corpora, models in trained.items():
        text = f"{', '.join(models)}: trained on {corpora or 'nothing that is known'}."
        yield Text("\n".join(textwrap.wrap(text, width, subsequent_indent="  ")))
    how = f" ({'; '.join(sorted(ways))})" if ways else ""
    yield Text("\n" + "\n".join(textwrap.wrap(LEGEND.format(ways=how), width)), style="dim")
