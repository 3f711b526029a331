"""Who is trained on and who is tested, fold by fold; nothing here trains.

The parts that a recipe keeps for a test of its own, ``split.test``, take no part in any fold: who
looks at figures of them while choosing a recipe has no test left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from voxtrait.corpora import Manifest
from voxtrait.corpora.splits import fold_of_speaker, leave_corpus_out, leave_one_speaker_out
from voxtrait.errors import SplitError
from voxtrait.training.gather import gather
from voxtrait.training.sides import Sides
from voxtrait.training.train import gather_recipe, prepare_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voxtrait.corpora import Utterance
    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.train import Options

__all__ = ["MATERIALS", "Fold", "corpus_fold", "folds", "speaker_folds"]

MATERIALS = ("noise", "room")  # kinds of recordings that others are mixed with
FEW = 50  # speakers: a trait that fewer taught says nothing about what strangers may expect


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
        measured: traits that it is measured on.
    """

    name: str
    recipe: Recipe
    sides: Sides
    test: tuple[Utterance, ...]
    manifest: Manifest
    parts: dict[str, int]
    prepare: Callable[[], Prepared]
    measured: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.measured:
            object.__setattr__(self, "measured", tuple(self.recipe.traits))

    @cached_property
    def prepared(self) -> Prepared:
        """The examples; a fold that is trained already is measured without them."""
        return self.prepare()

    @property
    def materials(self) -> list[Utterance]:
        """Noises and rooms to measure with: of speakers' parts that training did not hear."""
        aside = {*self.sides.test} - {*self.recipe.split.test} or self.sides.validation
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
    used = _used_parts(recipe)
    if not 2 <= count < len(used):
        raise SplitError(
            f"{len(used)} parts of speakers cannot be cut into {count} folds.",
            "Use at least 2 folds and fewer than split.parts, not counting those in split.test.",
        )
    manifest, parts, prepare = _gathered(recipe, options)
    tested = _measured(recipe, manifest)
    for fold in range(count):
        test = {part for at, part in enumerate(used) if at * count // len(used) == fold}
        sides = Sides(
            validation={_next(used, max(test))},
            test={*test, *recipe.split.test},
            unheard_part=fold,
            unheard_parts=count,
        )
        rows = tuple(row for row in tested if parts.get(row.speaker_id) in test)
        yield Fold(f"fold_{fold}", recipe, sides, rows, manifest, parts, prepare)


def speaker_folds(recipe: Recipe, corpus: str, options: Options) -> Iterator[Fold]:
    """Leave each known speaker of a corpus out in turn; a tenth of the others validates.

    Which tenth is the recipe's: parts decided what was mixed into whose recordings, long before.
    Nothing is mixed with voices of the speaker's part: theirs could be among the babble.

    Raises:
        SplitError: the recipe has too few known speakers of that corpus, or ``split.test`` keeps
            all of them.
    """
    manifest, parts, prepare = _gathered(recipe, options)
    kept = True
    for speaker, split in leave_one_speaker_out(_measured(recipe, manifest), corpus):
        if parts[speaker] in recipe.split.test:
            continue
        kept = False
        rows = tuple(split.test)
        validation = set(recipe.split.validation) - {parts[speaker]}
        sides = Sides(
            validation or {_next(_used_parts(recipe), parts[speaker])},
            recipe.split.test,
            exclude={speaker},
            silent={parts[speaker]},
        )
        yield Fold(
            f"without_{speaker.replace('/', '_')}", recipe, sides, rows, manifest, parts, prepare
        )
    if kept:
        raise _all_kept(corpus)


def corpus_fold(recipe: Recipe, corpus: str, options: Options) -> Fold:
    """Train without a corpus, not even as babble in the background, and test on all of it.

    A trait that fewer than 50 speakers of the other corpora teach is not measured, unless none has
    more: it would be said of the corpus left out what is true of the few.

    Raises:
        SplitError: the recipe has no such corpus, or no other, or ``split.test`` keeps all of its
            speakers.
    """
    if corpus not in recipe.corpora or len(recipe.corpora) == 1:
        raise SplitError(
            f"The recipe has no corpus {corpus!r} to leave out beside others.",
            f"It has {', '.join(recipe.corpora)}.",
        )
    alone = recipe.without_corpus(corpus)
    manifest, parts, prepare = _gathered(alone, options)
    everything = gather(recipe, options.corpora, options.roots)
    dealt = fold_of_speaker(everything, recipe.split.parts)  # as a training on all of it deals them
    strangers = leave_corpus_out(_measured(recipe, everything), corpus).test
    rows = tuple(row for row in strangers if dealt[row.speaker_id] not in recipe.split.test)
    if not rows:
        raise _all_kept(corpus)
    sides = Sides(recipe.split.validation, recipe.split.test)
    taught = {
        trait: len(
            {row.speaker_id for row in manifest if row.speaker_known and trait in row.labels}
        )
        for trait in recipe.traits
    }
    measured = tuple(trait for trait, speakers in taught.items() if speakers >= FEW)
    return Fold(f"without_{corpus}", alone, sides, rows, manifest, parts, prepare, measured)


def _measured(recipe: Recipe, manifest: Manifest) -> Manifest:
    """The recordings without those that only a teacher has something to say of."""
    return Manifest(row for row in manifest if recipe.measures(row))


def _used_parts(recipe: Recipe) -> list[int]:
    """Those that are not kept for a test after the training, in order."""
    return [part for part in range(recipe.split.parts) if part not in recipe.split.test]


def _next(used: list[int], part: int) -> int:
    """The part after another one, round and round."""
    return used[(used.index(part) + 1) % len(used)]


def _all_kept(corpus: str) -> SplitError:
    return SplitError(
        f"split.test keeps every known speaker of {corpus} for a test after the training.",
        "Name fewer parts in split.test.",
    )


def _gathered(
    recipe: Recipe, options: Options
) -> tuple[Manifest, dict[str, int], Callable[[], Prepared]]:
    """Recordings, parts of the speakers, and what prepares the examples once for all folds."""
    manifest, parts = gather_recipe(recipe, options)
    return manifest, parts, cache(lambda: prepare_rows(recipe, manifest, parts, options))
