"""Who is trained on and who is tested, fold by fold; nothing here trains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from voxtrait.corpora.splits import leave_corpus_out, leave_one_speaker_out
from voxtrait.errors import SplitError
from voxtrait.training.gather import gather
from voxtrait.training.sides import Sides
from voxtrait.training.train import gather_recipe, prepare_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voxtrait.corpora import Manifest, Utterance
    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.train import Options

__all__ = ["MATERIALS", "Fold", "corpus_fold", "folds", "speaker_folds"]

MATERIALS = ("noise", "room")  # kinds of recordings that others are mixed with


@dataclass(frozen=True)
class Fold:
    """One training and whom it is measured on.

    Args:
        name: of the folder it is done in.
        recipe: what to train.
        sides: which parts validate, test and are not heard.
        test: the recordings it is measured on.
        manifest: the recordings that it is made of, on all sides.
        parts: the part of each speaker.
        prepare: makes the examples, or reads those made before.
    """

    name: str
    recipe: Recipe
    sides: Sides
    test: tuple[Utterance, ...]
    manifest: Manifest
    parts: dict[str, int]
    prepare: Callable[[], Prepared]

    @cached_property
    def prepared(self) -> Prepared:
        """The examples; a fold that is trained already is measured without them."""
        return self.prepare()

    @property
    def materials(self) -> list[Utterance]:
        """Noises and rooms to measure with: of speakers' parts that training did not hear."""
        aside = self.sides.test or self.sides.validation
        return [
            row
            for row in self.manifest
            if row.kind in MATERIALS and self.parts.get(row.speaker_id) in aside
        ]


def folds(recipe: Recipe, count: int, options: Options) -> Iterator[Fold]:
    """Folds by speaker; in each, other words than digits that are tested are some not heard.

    Raises:
        SplitError: ``recipe.split.parts`` cannot be cut into so many folds.
    """
    total = recipe.split.parts
    if not 2 <= count < total:
        raise SplitError(
            f"{total} parts of speakers cannot be cut into {count} folds.",
            "Use at least 2 folds and fewer than split.parts.",
        )
    manifest, parts, prepare = _gathered(recipe, options)
    for fold in range(count):
        test = {part for part in range(total) if part * count // total == fold}
        sides = Sides(
            validation={(max(test) + 1) % total},
            test=test,
            unheard_part=fold,
            unheard_parts=count,
        )
        rows = tuple(row for row in manifest if parts.get(row.speaker_id) in test)
        yield Fold(f"fold_{fold}", recipe, sides, rows, manifest, parts, prepare)


def speaker_folds(recipe: Recipe, corpus: str, options: Options) -> Iterator[Fold]:
    """Leave each known speaker of a corpus out in turn; a tenth of the others validates.

    Which tenth is the recipe's: parts decided what was mixed into whose recordings, long before.
    Nothing is mixed with voices of the speaker's part: theirs could be among the babble.

    Raises:
        SplitError: the recipe has too few known speakers of that corpus.
    """
    manifest, parts, prepare = _gathered(recipe, options)
    for speaker, split in leave_one_speaker_out(manifest, corpus):
        rows = tuple(split.test)
        validation = set(recipe.split.validation) - {parts[speaker]}
        sides = Sides(
            validation or {(parts[speaker] + 1) % recipe.split.parts},
            exclude={speaker},
            silent={parts[speaker]},
        )
        yield Fold(
            f"without_{speaker.replace('/', '_')}", recipe, sides, rows, manifest, parts, prepare
        )


def corpus_fold(recipe: Recipe, corpus: str, options: Options) -> Fold:
    """Train without a corpus, not even as babble in the background, and test on all of it.

    Raises:
        SplitError: the recipe has no such corpus, or no other.
    """
    if corpus not in recipe.corpora or len(recipe.corpora) == 1:
        raise SplitError(
            f"The recipe has no corpus {corpus!r} to leave out beside others.",
            f"It has {', '.join(recipe.corpora)}.",
        )
    alone = recipe.without_corpus(corpus)
    manifest, parts, prepare = _gathered(alone, options)
    everything = gather(recipe, options.corpora, options.roots)
    rows = tuple(leave_corpus_out(everything, corpus).test)
    sides = Sides(recipe.split.validation)
    return Fold(f"without_{corpus}", alone, sides, rows, manifest, parts, prepare)


def _gathered(
    recipe: Recipe, options: Options
) -> tuple[Manifest, dict[str, int], Callable[[], Prepared]]:
    """Recordings, parts of the speakers, and what prepares the examples once for all folds."""
    manifest, parts = gather_recipe(recipe, options)
    return manifest, parts, cache(lambda: prepare_rows(recipe, manifest, parts, options))
