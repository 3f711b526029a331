"""The recordings that a recipe asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voxtrait.corpora import Manifest, Utterance, collect, roots_of
from voxtrait.errors import CorpusError, UsageError
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from voxtrait.training.recipe import Recipe

__all__ = ["check_taught", "gather"]

NOISE = "noise"  # whatever the recipe's traits: the other recordings are mixed with it


def gather(recipe: Recipe, corpora: Path | None, roots: Mapping[str, Sequence[Path]]) -> Manifest:
    """Every utterance of the recipe's corpora that carries one of its traits, and the noises.

    Where the recipe names a teacher the others are kept too: they train with what it makes of them.

    Args:
        recipe: names the corpora.
        corpora: a folder with one folder a corpus.
        roots: corpus name to its folders, before ``corpora``.

    Raises:
        CorpusError: a corpus is not where it should be, or there are no noises and the recipe
            mixes recordings with them.
        UsageError: nobody said where a corpus lies.
    """
    found = roots_of(recipe.corpora, corpora, roots)
    if NOISE not in found:
        found |= _noise(recipe, corpora, roots)
    return Manifest(_fitting(collect(found), recipe))


def _noise(
    recipe: Recipe, corpora: Path | None, roots: Mapping[str, Sequence[Path]]
) -> dict[str, tuple[Path, ...]]:
    """Where the noises lie; nowhere, if there are none and nothing of the recipe needs them."""
    try:
        return roots_of([NOISE], corpora, roots)
    except (CorpusError, UsageError):
        copies = recipe.prepare.copies + recipe.prepare.pitch_copies
        needing = {
            "augment.noise": recipe.augment.noise if copies else 0.0,
            "fit.mix": recipe.fit.mix,
        }
        asked = {key: value for key, value in needing.items() if value}
        if not asked:
            return {}
        shares = " and ".join(f"{key} is {value:g}" for key, value in asked.items())
        raise CorpusError(
            f"There are no noises to mix the recordings with, and {shares}.",
            "Name a folder of sounds in which nobody speaks, DIR/noise/anything.wav, by --root "
            f"noise=DIR; or do without: {' '.join(f'--set {key}=0' for key in asked)}",
        ) from None


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
