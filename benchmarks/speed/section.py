"""What one part found: goals beside results, and a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Goal", "Section", "table"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound, and what was measured.

    Args:
        what: was measured, Markdown.
        kind: which side of the bound is good.
        bound: the number.
        unit: of both.
        result: the number, or ``None`` where it could not be measured.
        note: more about the result: its spread, or why there is none.
    """

    what: str
    kind: Literal["at most", "at least", "below"]
    bound: float
    unit: str
    result: float | None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the result is on the good side; ``None`` without a result."""
        if self.result is None:
            return None
        if self.kind == "at least":
            return self.result >= self.bound
        return self.result <= self.bound if self.kind == "at most" else self.result < self.bound

    def cells(self) -> list[str]:
        """The row of a table: what, goal, result, whether it is met."""
        verdict = {True: "met", False: "**missed**", None: "not measured"}[self.met]
        result = "" if self.result is None else f"{_number(self.result)} {self.unit}"
        note = f"({self.note})" if self.note and result else self.note
        goal = f"{self.kind} {self.bound:g} {self.unit}"
        return [self.what, goal, f"{result} {note}".strip(), verdict]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Args:
        title: its heading.
        text: how it was measured, Markdown.
        head: of its table.
        rows: of its table.
        goals: for the table of goals at the top of the page.
    """

    title: str
    text: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    goals: Sequence[Goal]

    def to_markdown(self) -> str:
        """Heading, text and table."""
        return f"## {self.title}\n\n{self.text}\n\n{table(self.head, self.rows)}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown.

    Raises:
        ValueError: a row with more or fewer cells than the head.
    """
    lines = [head, ["---"] * len(head), *rows]
    if any(len(line) != len(head) for line in lines):
        raise ValueError(f"a row does not have the {len(head)} cells of the head")
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"
