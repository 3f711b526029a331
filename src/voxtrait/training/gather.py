"""The recordings that a recipe asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voxtrait.corpora import Manifest, Utterance, collect, roots_of
from voxtrait.errors import CorpusError
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from voxtrait.training.recipe import Recipe

__all__ = ["check_taught", "gather"]

NOISE = "noise"  # read whatever the recipe's traits: the other recordings are mixed with it


def gather(recipe: Recipe, corpora: Path | None, roots: Mapping[str, Sequence[Path]]) -> Manifest:
    """Every utterance of the recipe's corpora that carries one of its traits, and the noises.

    Where the recipe names a teacher the others are kept too: they train with what it makes of them.

    Args:
        recipe: names the corpora.
        corpora: a folder with one folder a corpus.
        roots: corpus name to its folders, before ``corpora``.

    Raises:
        CorpusError: a corpus is not where it should be.
        UsageError: nobody said where a corpus lies.
    """
    names = (*recipe.corpora, NOISE)
    everything = collect(roots_of(names, corpora, roots))
    return Manifest(_fitting(everything, recipe))


def check_taught(recipe: Recipe, manifest: Manifest) -> None:
    """Make sure that each trait of a recipe can be learnt from some recording.

    Raises:
        CorpusError: no recording has a label of a trait.
    """
    for trait in recipe.traits:
        if not any(trait in row.labels for row in manifest):
            raise CorpusError(
                f"No recording of {', '.join(recipe.corpora)} has a known {trait}: there is nothing"
                " to learn it from.",
                "Name a corpus that knows it in the recipe's corpora, or take it out of traits.",
            )


def _fitting(rows: Iterable[Utterance], recipe: Recipe) -> Iterable[Utterance]:
    """Rows that teach the recipe something; words of other corpora count as no digit."""
    for row in rows:
        usable = row
        if row.kind == "speech" and recipe.prepare.style == "word" and "digit" not in row.labels:
            usable = replace(row, labels={**row.labels, "digit": NOT_A_DIGIT})
        if recipe.teacher.name or recipe.measures(usable):
            yield usable
