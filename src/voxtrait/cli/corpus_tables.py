"""Corpora in tables, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from voxtrait.cli.table import print_table
from voxtrait.cli.text import escape
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from voxtrait.corpora.description import Count, Description
    from voxtrait.corpora.dropped import Dropped
    from voxtrait.corpora.sheet import Sheet

__all__ = ["print_description", "print_dropped", "print_sheets"]


def print_sheets(sheets: Sequence[Sheet], found: Mapping[str, Sequence[Path]]) -> None:
    """One line a corpus: name, title, licence and, where any was found, its folders."""
    table = _table("Corpus", "What", "Licence", *(("Found in",) if found else ()))
    for sheet in sheets:
        places = "\n".join(escape(str(place)) for place in found.get(sheet.name, ()))
        cells = (sheet.name, sheet.title, sheet.licence, *((places,) if found else ()))
        table.add_row(*map(Text, cells))
    print_table(table)


def print_description(description: Description) -> None:
    """A table for each heading: recordings, known speakers and, where looked up, hours."""
    hours = description.is_timed
    for heading, counts in {"": {"all": description.total}, **description.tables}.items():
        names = (TRAITS[name].title if name in TRAITS else name for name in heading.split(", "))
        title = " and ".join(names).capitalize() or "In all"
        table = _table(title, *_headings(hours), numbers=True)
        for label, count in counts.items():
            table.add_row(Text(escape(label)), *_cells(count, hours))
        print_table(table)


def print_dropped(dropped: Mapping[str, Dropped]) -> None:
    """What was left out, with its reason and the first place it was met; nothing if nothing was."""
    table = _table("Left out", "Count", "Reason", "First")
    for name, counts in dropped.items():
        for kind, reasons in (("rows", counts.rows), ("labels", counts.labels)):
            for reason, count in reasons.most_common():
                cells = (f"{name}, {kind}", str(count), reason, counts.examples[reason])
                table.add_row(*(Text(escape(cell)) for cell in cells))
    if table.row_count:
        print_table(table)


def _headings(hours: bool) -> tuple[str, ...]:
    return ("Recordings", "Speakers", *(("Hours",) if hours else ()))


def _cells(count: Count, hours: bool) -> tuple[str, ...]:
    plain = (f"{count.recordings:,}", f"{count.speakers:,}")
    return (*plain, f"{count.hours:.2f}") if hours else plain


def _table(*headings: str, numbers: bool = False) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if numbers and index else "left", overflow="fold")
    return table
