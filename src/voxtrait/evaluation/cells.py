"""Numbers and tables in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["percent", "ranged", "table"]


def percent(value: float | None) -> str:
    """A share as people read it; a dash where it is undefined."""
    return "-" if value is None else f"{100 * value:.1f} %"


def ranged(figure: Mapping[str, float | None], form: str = "{:.3f}") -> str:
    """``0.953 (0.941 to 0.964)``; a dash where it is undefined."""
    value, low, high = (figure[key] for key in ("value", "low", "high"))
    if value is None:
        return "-"
    return f"{form.format(value)}" + (
        "" if low is None or high is None else f" ({form.format(low)} to {form.format(high)})"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; ``""`` without rows. Columns after the first are set to the right."""
    lines = [" | ".join(str(cell).replace("|", "\\|") for cell in row) for row in rows]
    if not lines:
        return ""
    rule = " | ".join(["---", *["---:"] * (len(head) - 1)])
    return "\n".join(f"| {line} |" for line in [" | ".join(head), rule, *lines])
