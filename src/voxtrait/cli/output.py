"""Where answers go: standard output or a file, as a table or line by line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from voxtrait.cli.card import cards
from voxtrait.cli.earlier import Earlier
from voxtrait.cli.line_file import LineFile
from voxtrait.cli.places import check_text, is_standard
from voxtrait.cli.rows import FILE_NAMES, FORMATS
from voxtrait.cli.terminal import ENDLESS, is_coloured, standard_output, width_of
from voxtrait.cli.text import escape
from voxtrait.cli.text_file import write_text
from voxtrait.errors import UsageError
from voxtrait.whole_file import target_of

if TYPE_CHECKING:
    from voxtrait.cli.rows import Format, Row

__all__ = ["Output", "open_output"]

# What a file's suffix says of its format.
SHAPES = {
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".csv": "csv",
    ".txt": "table",
}


class Output(Protocol):
    """A place for answers.

    Attributes:
        earlier: what earlier runs answered there.
        is_seen: the answers appear on the terminal as they come.
    """

    earlier: Earlier
    is_seen: bool

    def write(self, row: Row) -> None:
        """Add one answer."""

    def finish(self) -> None:
        """All answers are there."""

    def abandon(self) -> str:
        """No more answers come; says what is kept where, or nothing."""


def open_output(shape: str | None, path: str | None, *, resume: bool) -> Output:
    """The place that the options ask for.

    Args:
        shape: ``table``, ``json`` or ``csv``; when None the suffix of ``path`` decides, and
            without a path it is a table.
        path: a file; None, ``-`` or its device for standard output.
        resume: go on with what an earlier run left in the file.

    Raises:
        UsageError: the options do not fit each other, or the file cannot be written.
        MissingRequirement: standard output is closed.
    """
    path = None if path is not None and is_standard(path) else path
    shape = shape or _shape_of(path)
    if resume and (path is None or shape not in FORMATS):
        raise UsageError(
            "--resume goes on with a file, and a table is written only when all is answered.",
            "Give --output FILE and --format json or csv.",
        )
    if path is None:
        standard_output("Give --output FILE.")
    if shape not in FORMATS:
        return TableOutput(path)
    if path is None:
        return StandardOutput(FORMATS[shape])
    return LineFile(path, FORMATS[shape], resume=resume)


def _shape_of(path: str | None) -> str:
    if path is None:
        return "table"
    suffix = Path(path).suffix.lower()
    if suffix not in SHAPES and os.path.isdir(path):  # noqa: PTH112 - where it may look or not
        raise UsageError(f"{path} is a folder.", "Give --output a file's name.")
    if suffix not in SHAPES:
        # A table would be no loss on a screen, but a file is meant for something.
        raise UsageError(
            f"--output {path}: {suffix or 'a name without a suffix'} does not say how to write "
            "the answers.",
            f"Add --format table, json or csv, or end the name in {', '.join(SHAPES)}.",
        )
    return SHAPES[suffix]


class StandardOutput:
    """Lines for whoever reads the process's output, each as soon as it is known."""

    def __init__(self, form: Format) -> None:
        self.earlier = Earlier(form.key)
        self.is_seen = sys.stdout.isatty()
        self._form = form
        if not self.is_seen and hasattr(sys.stdout, "reconfigure"):  # as a file of --output
            sys.stdout.reconfigure(encoding="utf-8", errors=FILE_NAMES)
        if form.header:
            self._put(form.header)

    def write(self, row: Row) -> None:
        self._put(self._form.line(row))

    def finish(self) -> None:
        """Nothing is left to do."""

    def abandon(self) -> str:
        return ""

    def _put(self, line: str) -> None:
        # A name in CSV may hold what a terminal would obey.
        sys.stdout.write(f"{escape(line) if self.is_seen else line}\n")
        sys.stdout.flush()


class TableOutput:
    """A table, which needs every answer before its first line.

    Raises:
        UsageError: the path cannot be written to; said before anything is answered.
    """

    is_seen = False

    def __init__(self, path: str | None) -> None:
        if path is not None:
            check_text(target_of(path))
        self.earlier = Earlier(str)
        self._path = path
        self._rows: list[Row] = []

    def write(self, row: Row) -> None:
        self._rows.append(row)

    def finish(self) -> None:
        if not any("error" not in row for row in self._rows):
            return  # standard error says it all
        text = self._card() if len(self._rows) == 1 else self._table()
        if self._path is None:
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            write_text(self._path, text)

    def abandon(self) -> str:
        if self._path is None:
            self.finish()
            return ""
        if not self._rows:
            return ""
        kept = "--format json and csv keep answers as they come, and go on with --resume"
        return f"{self._path} is not written: a table takes all answers. {kept}."

    def _card(self) -> str:
        if self._path is not None:
            return cards(self._rows, ENDLESS, coloured=False)
        return cards(self._rows, width_of(sys.stdout), coloured=is_coloured(sys.stdout))

    def _table(self) -> str:
        # rich is imported when there is a table to draw: it takes a quarter of a prediction.
        from voxtrait.cli.table import plain_console, render_answers, standard_console

        console = standard_console() if self._path is None else plain_console()
        return render_answers(self._rows, console)
