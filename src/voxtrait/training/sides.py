"""Who is kept aside of a training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxtrait.training.selection import select, unheard_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from voxtrait.corpora import Manifest
    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.selection import Selection

__all__ = ["Sides", "selected", "split_of"]


@dataclass(frozen=True)
class Sides:
    """Who validates, who tests, and which words and corpora training does not hear."""

    validation: Collection[int]
    test: Collection[int] = ()
    silent: Collection[int] = ()  # parts whose noises and voices are mixed into nothing
    unheard_part: int = -1  # of as many as `unheard_parts`
    unheard_parts: int = 5
    exclude: Collection[str] = ()  # corpora or speakers


def split_of(manifest: Manifest, parts: Mapping[str, int], sides: Sides) -> dict[str, Any]:
    """Who validates, tests and is left out, as a run's split.json keeps it."""
    words = (row.word for row in manifest)
    return {
        "validation": sorted(sides.validation),
        "test": sorted(sides.test),
        "unheard": sorted(unheard_words(words, sides.unheard_part, sides.unheard_parts)),
        "exclude": sorted(set(sides.exclude)),
        "parts": dict(sorted(parts.items())),
    }


def selected(
    prepared: Prepared, recipe: Recipe, sides: Sides, unheard: Collection[str]
) -> Selection:
    """Which examples train and which validate.

    Args:
        prepared: the examples.
        recipe: whose traits they are labelled with, or not.
        sides: who is kept aside.
        unheard: the words that `split_of` found.

    Raises:
        SplitError: nothing is left to train or to validate on.
    """
    rows = list(prepared.manifest)
    return select(
        rows,
        prepared.index,
        validation=sides.validation,
        test=sides.test,
        unheard=unheard,
        exclude=set(sides.exclude),
        silent=sides.silent,
        unlabelled=[number for number, row in enumerate(rows) if not recipe.measures(row)],
    )
