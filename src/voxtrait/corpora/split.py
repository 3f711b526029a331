"""Three manifests that belong together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxtrait.corpora.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voxtrait.corpora.utterance import Utterance

__all__ = ["TEST", "TRAIN", "VALIDATION", "Split"]

TRAIN, VALIDATION, TEST = range(3)


@dataclass(frozen=True, slots=True)
class Split:
    """Three manifests.

    Args:
        train: what is learnt from.
        validation: what decides when to stop, and what calibration is fitted on; may be empty.
        test: what is measured on; may be empty where everything else is wanted for training.
    """

    train: Manifest
    validation: Manifest
    test: Manifest

    @classmethod
    def of(cls, manifest: Iterable[Utterance], part: Callable[[Utterance], int | None]) -> Split:
        """Sort rows by a function that gives 0 (train), 1 (validation), 2 (test) or ``None``."""
        parts: tuple[list[Utterance], ...] = ([], [], [])
        for row in manifest:
            place = part(row)
            if place is not None:
                parts[place].append(row)
        return cls(*(Manifest(rows) for rows in parts))
