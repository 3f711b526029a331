"""Answers to several recordings as a table, and any table of rich's on standard output."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from voxtrait.cli.card import cards
from voxtrait.cli.terminal import ENDLESS, standard_output
from voxtrait.cli.text import escape
from voxtrait.cli.wording import DAMAGED, TOO_SHORT, UNSURE, answer_parts, legend, why
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.cli.rows import Row

__all__ = ["plain_console", "print_table", "render_answers", "standard_console"]


def print_table(content: RenderableType) -> None:
    """Show any table of rich's on standard output.

    Written by us: rich would end the process with code 1 when the reader is gone.
    """
    out = standard_output()
    out.write(as_text(content, standard_console()))
    out.flush()


def standard_console() -> Console:
    """Standard output as rich sees it: a terminal of some width, or plain text of any width."""
    return Console(width=None if standard_output().isatty() else ENDLESS, highlight=False)


def plain_console() -> Console:
    """Plain text of any width, for a file."""
    return Console(width=ENDLESS, color_system=None, force_terminal=False)


def render_answers(rows: Sequence[Row], console: Console) -> str:
    """A table; or one card below the other where the console is too narrow for it.

    Where names would be folded, the folder that all of them lie in is told once, above the table.
    """
    common = _common_folder([row["path"] for row in rows])
    whole = [(ENDLESS, True, "")] if common else []
    for least, speech, folder in [*whole, (24, True, common), (16, False, common)]:
        table = _table(rows, folder, speech=speech)
        names, *others = table.columns
        # What the padding and the lines between the columns leave for the names.
        taken = sum((column.min_width or 0) + 2 for column in others) + 2
        names.max_width = console.width - taken
        if names.max_width >= min(least, _widest(names)):
            head = [Text(f"\nIn {escape(folder)}:", overflow="fold")] if folder else []
            lines = (Text.assemble(*parts) for parts in legend(rows))
            return as_text(Group(*head, table, *lines), console)
    coloured = console.color_system is not None and not console.no_color
    return cards(rows, console.width, coloured=coloured)


def as_text(content: RenderableType, console: Console) -> str:
    """What the console would print, without spaces at the ends of lines."""
    with console.capture() as capture:
        console.print(content)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def _common_folder(paths: Sequence[str]) -> str:
    """The folder that all of several paths lie in; ``""`` if there is none below the root."""
    try:
        folder = os.path.commonpath([os.path.dirname(path) for path in paths])  # noqa: PTH120
    except ValueError:  # absolute and relative ones, or on two drives
        return ""
    # A path written with //, for one, does not begin with what it has in common.
    begins = all(path.startswith(folder + os.sep) for path in paths)
    return folder if len(paths) > 1 and begins and folder != os.sep else ""


def _table(rows: Sequence[Row], folder: str, *, speech: bool) -> Table:
    asked = {name for row in rows for part in ("traits", "withheld") for name in row.get(part, ())}
    traits = [name for name in TRAITS if name in asked]
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Recording", overflow="fold")
    if speech:
        table.add_column("Speech", justify="right", no_wrap=True)
    for name in traits:
        table.add_column(TRAITS[name].title.capitalize(), no_wrap=True)
    for row in rows:
        seconds = [f"{row['speech_s']:.1f} s" if "traits" in row else ""] if speech else []
        name = row["path"][len(folder) + 1 :] if folder else row["path"]
        path = Text(escape(name), style="bold")
        if "warnings" in row:
            path.append(f" {DAMAGED}", style="not bold yellow")
        table.add_row(path, *seconds, *_cells(row, traits))
    for column in table.columns[1:]:
        # Only names may be folded: a probability that is cut off would be a lie.
        column.min_width = _widest(column)
    return table


def _widest(column: Column) -> int:
    """Columns of the terminal that its cells take, the heading among them."""
    return max(cell_len(str(cell)) for cell in [column.header, *column.cells])


def _cells(row: Row, traits: Sequence[str]) -> list[Text]:
    if "error" in row:
        return [Text(why(row["error"]), style="red")]
    found = row["traits"]
    return [
        Text.assemble(*answer_parts(name, found[name], UNSURE))
        if name in found
        else Text(TOO_SHORT, style="dim")  # other traits ask for less speech
        for name in traits
    ]
