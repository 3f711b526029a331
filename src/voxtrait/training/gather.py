"""The recordings that a recipe asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voxtrait.corpora import Manifest, Utterance, collect, roots_of
from voxtrait.corpora.noise import NOISES
from voxtrait.corpora.recordings import is_folder
from voxtrait.errors import CorpusError
from voxtrait.traits import NOT_A_DIGIT, TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from voxtrait.training.recipe import Recipe

__all__ = ["check_taught", "gather", "unknown_labels"]

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
        found |= _noise(corpora, roots)
    everything = collect(found)
    _check_noises(recipe, everything)
    return Manifest(_fitting(everything, recipe))


def _noise(
    corpora: Path | None, roots: Mapping[str, Sequence[Path]]
) -> dict[str, tuple[Path, ...]]:
    """Where the noises lie; nowhere, if nobody said so and they are not among the corpora."""
    if corpora is not None and not is_folder(corpora):
        raise CorpusError(f"There is no folder {corpora}.", "Check the path of --corpora.")
    there = roots_of((), corpora, roots)  # whatever can be found
    return {NOISE: there[NOISE]} if NOISE in there else {}


def _check_noises(recipe: Recipe, rows: Iterable[Utterance]) -> None:
    """Make sure that there are noises where recordings are to be mixed with some.

    Raises:
        CorpusError: there are none, and the recipe mixes them in.
    """
    copies = recipe.prepare.copies + recipe.prepare.pitch_copies
    needing = {
        "augment.noise": recipe.augment.noise if copies else 0.0,
        "fit.mix": recipe.fit.mix,
    }
    asked = {key: value for key, value in needing.items() if value}
    if not asked or any(row.kind in NOISES for row in rows):
        return
    shares = " and ".join(f"{key} is {value:g}" for key, value in asked.items())
    raise CorpusError(
        f"There are no noises to mix the recordings with, and {shares}.",
        "Name a folder of sounds in which nobody speaks, DIR/noise/anything.wav, by --root "
        f"noise=DIR; or do without: {' '.join(f'--set {key}=0' for key in asked)}",
    )


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


def unknown_labels(recipe: Recipe, rows: Iterable[Utterance]) -> dict[str, list[str]]:
    """Labels of each trait that no recording has, so that nothing can be learnt of them."""
    known = {(trait, label) for row in rows for trait, label in row.labels.items()}
    missing = {
        trait: [label for label in TRAITS[trait].labels if (trait, label) not in known]
        for trait in recipe.traits
    }
    return {trait: labels for trait, labels in missing.items() if labels}


def _fitting(rows: Iterable[Utterance], recipe: Recipe) -> Iterable[Utterance]:
    """Rows that teach the recipe something; words of other corpora count as no digit."""
    for row in rows:
        usable = row
        if row.kind == "speech" and recipe.prepare.style == "word" and "digit" not in row.labels:
            usable = replace(row, labels={**row.labels, "digit": NOT_A_DIGIT})
        if recipe.teacher.name or recipe.measures(usable):
            yield usable
