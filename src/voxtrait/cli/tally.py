"""How many inputs were answered, and what became of the others."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from voxtrait import errors
from voxtrait.cli.stderr import say
from voxtrait.cli.text import escape

if TYPE_CHECKING:
    from voxtrait.cli.earlier import Earlier
    from voxtrait.cli.rows import Row

__all__ = ["Tally"]

TOLD = 10  # failures that are told one by one, and kinds of them of which one is


class Tally:
    """Counts the answers of a run, those of the run it resumes included.

    What failed in the earlier run is tried again, so it counts by what becomes of it now.
    """

    def __init__(self, earlier: Earlier) -> None:
        self.failed = 0
        self.answered = earlier.answered.total()
        self._codes: set[int] = set()
        self._told: list[Row] = []
        self._kinds: set[tuple[str, ...]] = set()  # of those
        self._more: Counter[str] = Counter()  # failures beyond those, by their hint

    def add(self, row: Row) -> None:
        """Count one answer or failure."""
        if "error" not in row:
            self.answered += 1
            return
        self.failed += 1
        self._codes.add(getattr(errors, row["error"]["type"], errors.AudioError).exit_code)
        kind = _kind(row)
        if len(self._told) < TOLD or (kind not in self._kinds and len(self._kinds) < TOLD):
            self._told.append(row)
            self._kinds.add(kind)
        else:
            self._more[row["error"]["hint"]] += 1

    def exit_code(self) -> int:
        """0 all answered, 1 some failed; when none was answered, the code that they share, or 3."""
        if self.answered:
            return 1 if self.failed else 0
        return self._codes.pop() if len(self._codes) == 1 else errors.AudioError.exit_code

    def tell(self) -> None:
        """Say on standard error which inputs failed, and below those of a kind what may help."""
        for hint in dict.fromkeys(row["error"]["hint"] for row in self._told):
            for row in self._told:
                if row["error"]["hint"] == hint:
                    name, message = escape(row["path"]), escape(row["error"]["message"])
                    say("error", message if name in message else f"{name}: {message}")
            if more := self._more[hint]:
                say("error", f"and {more} more like that")
            if hint:
                say("hint", hint)
        told = {row["error"]["hint"] for row in self._told}
        if others := sum(count for hint, count in self._more.items() if hint not in told):
            say("error", f"and {others} for other reasons; --format json tells each")
        if self.failed > len(self._told):
            say("error", f"{self.failed} of {self.failed + self.answered} inputs failed.")


def _kind(row: Row) -> tuple[str, ...]:
    """What went wrong, whichever the file and however many seconds it has."""
    error = row["error"]
    words = error["message"].replace(str(row["path"]), "")
    # Nor whichever bytes it begins with: those of no two are alike.
    return error["type"], error["hint"], re.sub(r"b'.*'|b\".*\"|\d+", "", words)
