"""A table of figures where the terminal is too narrow for it: each row in words."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["in_words", "width_of"]


def width_of(columns: Sequence[Sequence[str]]) -> int:
    """What a table of such columns takes, two spaces between them."""
    return sum(2 + max(map(len, column)) for column in columns) - 2


def in_words(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Group:
    """Each row's name, and below it what each column says of it; nothing is cut off.

    Args:
        headings: of the columns behind the first.
        rows: a name and its cells; empty ones are left out.
        width: of the terminal.
    """
    width = max(width, 4)

    def lines() -> Iterator[Text]:
        for name, *cells in rows:
            if name:
                yield from (Text(line, style="bold") for line in textwrap.wrap(name, width))
            told = [f"{head} {cell}" for head, cell in zip(headings, cells, strict=True) if cell]
            yield from map(Text, _filled(told, width - 2))

    return Group(*lines())


def _filled(parts: Sequence[str], width: int) -> Iterator[str]:
    """Parts with commas between them on as few lines as hold them; a part stays whole."""
    line = ""
    for number, part in enumerate(parts, start=1):
        text = part + ("," if number < len(parts) else "")
        if line and len(line) + 1 + len(text) > width:
            yield f"  {line}"
            line = ""
        line = f"{line} {text}" if line else text
    if line:
        yield f"  {line}"
