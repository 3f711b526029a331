"""What a reader left out, and why: nothing disappears uncounted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Dropped"]


@dataclass(slots=True)
class Dropped:
    """Rows and labels that a reader left out, counted by reason.

    A dropped row gives no utterance. A dropped label leaves its row without that one trait.

    Args:
        rows: reason to number of rows.
        labels: reason to number of labels; each reason starts with the trait's name.
        examples: reason to the first place it was met, as a reader of the corpus would write it.
    """

    rows: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def row(self, reason: str, where: object) -> None:
        """Count one row that gives no utterance."""
        self.rows[reason] += 1
        self.examples.setdefault(reason, str(where))

    def label(self, reason: str, where: object) -> None:
        """Count one label that was taken from a row."""
        self.labels[reason] += 1
        self.examples.setdefault(reason, str(where))

    def to_dict(self) -> dict[str, dict[str, int] | dict[str, str]]:
        """Counts, most frequent first, and examples; ready for JSON."""
        return {
            "rows": dict(self.rows.most_common()),
            "labels": dict(self.labels.most_common()),
            "examples": dict(self.examples),
        }
