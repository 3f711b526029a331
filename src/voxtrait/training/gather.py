"""The recordings that a recipe asks for, and the part each speaker is dealt to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voxtrait.corpora import CORPUS_FOLDERS, READERS, Manifest, Utterance
from voxtrait.corpora.splits import fold_of_speaker
from voxtrait.corpora.utterance import UNKNOWN
from voxtrait.errors import CorpusError
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from voxtrait.training.recipe import Recipe

__all__ = ["LICENCES", "deal", "gather"]

LICENCES = {
    "audiomnist": "MIT",
    "common_voice": "CC0-1.0",
    "fsdd": "CC-BY-SA-4.0",
    "librispeech": "CC-BY-4.0",
    "noise": "CC0-1.0, CC-BY and CC-BY-SA by recording",
    "speech_commands": "CC-BY-4.0",
    "synthetic": "made with espeak-ng by this project",
}

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SYNTHETIC = "synthetic"
NOISE = "noise"  # read whatever the recipe's traits: the other recordings are mixed with it


def gather(recipe: Recipe, corpora: Path | None, roots: Mapping[str, Sequence[Path]]) -> Manifest:
    """Every utterance of the recipe's corpora that carries one of its traits, and the noises.

    Args:
        recipe: names the corpora.
        corpora: a folder with one folder a corpus.
        roots: corpus name to its folders, before ``corpora``.

    Raises:
        CorpusError: a corpus is not where it should be.
    """
    rows: list[Utterance] = []
    for name in dict.fromkeys((*recipe.corpora, NOISE)):
        for root in _roots(name, corpora, roots):
            rows += _fitting(READERS[name](root), recipe)
    if recipe.synthetic:
        for root in _roots(recipe.synthetic, corpora, roots):
            rows += _made_voices(root)
    return Manifest(rows)


def deal(recipe: Recipe, manifest: Manifest) -> dict[str, int]:
    """Speaker to part, 0 to ``split.parts`` - 1; -1 for whoever only trains."""
    parts = fold_of_speaker(manifest, recipe.split.parts)
    for row in manifest:
        if row.corpus in recipe.train_only:
            parts[row.speaker_id] = -1
    return parts


def _roots(name: str, corpora: Path | None, roots: Mapping[str, Sequence[Path]]) -> Iterable[Path]:
    if name in roots:
        return roots[name]
    if corpora is not None:
        found = [corpora / folder for folder in CORPUS_FOLDERS.get(name, (name,))]
        here = [folder for folder in found if folder.is_dir()]
        if here:
            return here
    raise CorpusError(
        f"The recipe needs the corpus {name!r}, and nobody said where it is.",
        f"Give --corpora DIR with a folder {name} in it, or --root {name}=DIR.",
    )


def _made_voices(root: Path) -> Iterator[Utterance]:
    """Words of made voices, a folder a word: nobody's voice, so they only ever train."""
    for path in sorted(root.glob("*/*")):
        word = path.parent.name
        label = str(DIGITS.index(word)) if word in DIGITS else NOT_A_DIGIT
        speaker = f"{SYNTHETIC}/{UNKNOWN}:{path.stem}"
        yield Utterance(path, SYNTHETIC, speaker, {"digit": label}, word=word, language="en")


def _fitting(rows: Iterable[Utterance], recipe: Recipe) -> Iterable[Utterance]:
    """Rows with a trait of the recipe; words of other corpora count as no digit."""
    for row in rows:
        usable = row
        if row.kind == "speech" and recipe.prepare.style == "word" and "digit" not in row.labels:
            usable = replace(row, labels={**row.labels, "digit": NOT_A_DIGIT})
        known = any(trait in usable.labels for trait in recipe.traits)
        if known or row.kind != "speech" or recipe.prepare.style == "frames":
            yield usable
