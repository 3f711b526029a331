"""Rows of a table of text: CSV, or the tab-separated tables of Common Voice."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from voxtrait.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from voxtrait.corpora.dropped import Dropped

__all__ = ["Row", "first_of", "read_rows"]

Row = dict[str, str]


def read_rows(
    table: Path, dropped: Dropped, *, one_of: Collection[str], tabs: bool = False
) -> Iterator[tuple[int, Row]]:
    """Line number and cells by column name (in lower case) of each row.

    Args:
        table: a file in UTF-8, with or without a byte order mark; its first line names the columns.
        dropped: counts rows that have too few cells.
        one_of: names of which the columns must hold at least one.
        tabs: tab-separated and without quoting, so that a sentence may hold any quotation mark.

    Raises:
        CorpusError: no such file, not UTF-8, not a table, or none of the columns.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, "excel" if not tabs else _Tabs)
            columns = [name.strip().lower() for name in next(reader, [])]
            _check_columns(table, columns, one_of, tabs=tabs)
            for cells in reader:
                # Trailing cells may be missing, as Excel leaves them; a broken line has one cell.
                if len(cells) < len(columns) // 2 + 1:
                    dropped.row("row with too few cells", f"{table.name}:{reader.line_num}")
                    continue
                full = cells + [""] * (len(columns) - len(cells))
                yield reader.line_num, dict(zip(columns, full, strict=False))
    except OSError as error:
        raise CorpusError(
            f"The table {table} cannot be read ({error.strerror}).",
            "A corpus needs its own tables beside its recordings.",
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(
            f"{table} is not a table of UTF-8 text ({error}).", "Fetch this file again."
        ) from error


def _check_columns(
    table: Path, columns: Sequence[str], one_of: Collection[str], *, tabs: bool
) -> None:
    if not set(columns) & set(one_of):
        hint = f"Its first line names these columns: {', '.join(columns)[:200] or 'none'}."
        other = next((mark for mark in ";\t|" if len(columns) == 1 and mark in columns[0]), "")
        if other and not tabs:
            hint = f"Its first line is separated by {other!r}: separate the cells by commas."
        raise CorpusError(f"{table} has no column {' or '.join(one_of)}.", hint)
    twice = [name for name in columns if name and columns.count(name) > 1]
    if twice:
        raise CorpusError(
            f"{table} has two columns named {twice[0]}.", "Rename one: nobody knows which is right."
        )


class _Tabs(csv.Dialect):
    delimiter = "\t"
    lineterminator = "\n"
    quoting = csv.QUOTE_NONE


def first_of(row: Row, *names: str) -> str:
    """The first cell that is not empty among columns of one meaning; ``""`` if all are."""
    for name in names:
        if cell := row.get(name, "").strip():
            return cell
    return ""
