"""What earlier runs answered, so that a resumed one neither repeats nor loses it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voxtrait.cli.text import escape
from voxtrait.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from voxtrait.cli.inputs import Recording
    from voxtrait.cli.rows import Line, Row

__all__ = ["Earlier"]


@dataclass(slots=True)
class Earlier:
    """Answers of earlier runs; empty where none is resumed.

    Args:
        key: an input's name as the lines hold it.
        answered: how often each key was answered: an input given twice is answered twice.
        failed: how many of these answers are errors.
        models: trait to the name of the model that answered.
    """

    key: Callable[[str], str]
    answered: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    models: dict[str, str] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Count a line that was read again."""
        self.answered[line.key] += 1
        self.failed += line.failed
        self.models |= line.models

    def left_of(self, recordings: Iterable[Recording]) -> Iterator[Recording]:
        """The recordings that are still to be answered, in order."""
        done = self.answered.copy()
        for recording in recordings:
            key = self.key(recording.name)
            if done[key] > 0:
                done[key] -= 1
            else:
                yield recording

    def check_same_models(self, row: Row) -> None:
        """Refuse to put answers of other models beside the earlier ones.

        Raises:
            UsageError: the row was answered by another model.
        """
        for trait, answer in row.get("traits", {}).items():
            before, now = self.models.get(trait), answer["model"]
            if before not in (None, now, escape(now)):  # escaped in CSV
                raise UsageError(
                    f"The file was begun with {before} for {trait}, not with {now}.",
                    "Resume with the same --model and --size, or write to another file.",
                )
