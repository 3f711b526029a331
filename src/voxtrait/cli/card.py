"""A recording's answers below its name, without rich: its import takes a quarter of a prediction.

A single recording is shown so, and several where the terminal is too narrow for their table.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from voxtrait.cli.text import escape
from voxtrait.cli.wording import answer_parts, why, word_lines
from voxtrait.errors import rounded_down
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voxtrait.cli.rows import Row
    from voxtrait.cli.wording import Parts

__all__ = ["cards"]

# How a terminal is told of a style: "select graphic rendition" of ECMA-48.
CODES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33"}
LEAST = 4  # columns for answers, however narrow the terminal


def cards(rows: Sequence[Row], width: int, *, coloured: bool) -> str:
    """The recordings one below the other.

    Args:
        rows: the answers.
        width: columns; longer lines are folded, nothing is cut off.
        coloured: a terminal shows it that takes styles and colours.
    """
    return "".join(_card(row, width, coloured) for row in rows)


def _card(row: Row, width: int, coloured: bool) -> str:
    found = list(_lines(row))
    column = max(len(label) for label, _ in found)
    lines: list[Parts] = [[(piece, "bold")] for piece in _folded(escape(row["path"]), width)]
    for label, parts in found:
        for text in _wrapped(parts, max(LEAST, width - column - 4)):
            lines.append([(f"  {label:{column}}  ", "dim"), *text])
            label = ""
    return "".join(f"{_styled(line, coloured).rstrip()}\n" for line in [*lines, []])


def _lines(row: Row) -> Iterator[tuple[str, Parts]]:
    """What a card says: what is told, and in which words."""
    mark: Parts = [(", incomplete or damaged", "yellow")] if "warnings" in row else []
    if "error" in row:
        yield "no answer", [(why(row["error"]), "red"), *mark]
        return
    # Hundredths where a tenth would contradict what is said of too little speech.
    digits = 2 if row.get("withheld") else 1
    seconds = (rounded_down(row[key]) for key in ("speech_s", "duration_s"))
    yield "speech", [(" of ".join(f"{value:.{digits}f} s" for value in seconds), ""), *mark]
    withheld = row.get("withheld", {})
    for name in TRAITS:
        if name in withheld:
            yield TRAITS[name].title, [(withheld[name], "dim")]
        if answer := row["traits"].get(name):
            yield TRAITS[name].title, answer_parts(name, answer)
            for parts in word_lines(name, answer):
                yield "", parts


def _styled(parts: Parts, coloured: bool) -> str:
    if not coloured:
        return "".join(text for text, _ in parts)
    return "".join(
        f"\x1b[{CODES[style]}m{text}\x1b[0m" if style and text.strip() else text
        for text, style in parts
    )


def _wrapped(parts: Parts, width: int) -> Iterator[Parts]:
    """Lines of so many columns, broken between words, or within one that is longer than a line."""
    line: Parts = []
    used = 0
    for text, style in parts:
        for token in re.findall(rf"\s+|\S{{1,{width}}}", text):
            if used and used + len(token) > width:
                yield _joined(line)
                line, used = [], 0
            if used or not token.isspace():
                line.append((token, style))
                used += len(token)
    yield _joined(line)


def _joined(line: Parts) -> Parts:
    return [
        ("".join(text for text, _ in same), style) for style, same in groupby(line, lambda p: p[1])
    ]


def _folded(name: str, width: int) -> Iterator[str]:
    """A name in pieces as wide as the terminal; a Chinese character takes two columns of it."""
    if len(name) * 2 <= width:
        yield name
        return
    from unicodedata import east_asian_width

    piece, used = "", 0
    for letter in name:
        cells = 2 if east_asian_width(letter) in "WF" else 1
        if used + cells > width:
            yield piece
            piece, used = "", 0
        piece, used = piece + letter, used + cells
    yield piece
