"""Honest figures: every speaker is answered by a model that never heard them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voxtrait.corpora import Manifest, Utterance
from voxtrait.errors import SplitError
from voxtrait.evaluation.scoring import score
from voxtrait.evaluation.years import median_of_speakers
from voxtrait.runtime import load
from voxtrait.training.gather import gather
from voxtrait.training.run import Run
from voxtrait.training.train import Options, Sides, prepare_recipe, train

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from voxtrait.evaluation.scored import Scored
    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe

__all__ = ["Condition", "Fold", "corpus_fold", "folds", "run_fold", "speaker_folds"]


@dataclass(frozen=True)
class Fold:
    """One training and whom it is measured on.

    Args:
        name: of the folder it is done in.
        recipe: what to train.
        sides: which parts validate, test and are not heard.
        test: the recordings it is measured on.
        prepared: the examples.
        parts: the part of each speaker.
    """

    name: str
    recipe: Recipe
    sides: Sides
    test: tuple[Utterance, ...]
    prepared: Prepared
    parts: dict[str, int]


@dataclass(frozen=True)
class Condition:
    """What is done to a recording before it is answered; see `voxtrait.evaluation.score`."""

    name: str = "clean"
    noise_snr: float | None = None
    codec: str | None = None
    seconds: float | None = None


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
    prepared, parts = prepare_recipe(recipe, options)
    for fold in range(count):
        test = {part for part in range(total) if part * count // total == fold}
        sides = Sides(
            validation={(max(test) + 1) % total},
            test=test,
            unheard_part=fold,
            unheard_parts=count,
        )
        rows = tuple(row for row in prepared.manifest if parts.get(row.speaker_id) in test)
        yield Fold(f"fold_{fold}", recipe, sides, rows, prepared, parts)


def speaker_folds(recipe: Recipe, corpus: str, options: Options) -> Iterator[Fold]:
    """Leave each known speaker of a corpus out in turn; a tenth of the others validates.

    Nothing is mixed with voices of the speaker's part: theirs could be among the babble.

    Raises:
        SplitError: the recipe has no known speaker of that corpus.
    """
    prepared, parts = prepare_recipe(recipe, options)
    speakers = sorted(
        {r.speaker_id for r in prepared.manifest if r.corpus == corpus and r.speaker_known}
    )
    if not speakers:
        raise SplitError(
            f"The recipe has no known speaker of {corpus!r}.",
            f"It has {', '.join(recipe.corpora)}.",
        )
    for speaker in speakers:
        rows = tuple(row for row in prepared.manifest if row.speaker_id == speaker)
        validation = set(recipe.split.validation) - {parts[speaker]}
        sides = Sides(
            validation or {(parts[speaker] + 1) % recipe.split.parts},
            exclude={speaker},
            silent={parts[speaker]},
        )
        yield Fold(f"without_{speaker.replace('/', '_')}", recipe, sides, rows, prepared, parts)


def corpus_fold(recipe: Recipe, corpus: str, options: Options) -> Fold:
    """Train without a corpus, not even as babble in the background, and test on all of it."""
    others = tuple(name for name in recipe.corpora if name != corpus)
    if corpus not in recipe.corpora or not others:
        raise SplitError(
            f"The recipe has no corpus {corpus!r} to leave out beside others.",
            f"It has {', '.join(recipe.corpora)}.",
        )
    alone = replace(recipe, corpora=others)
    prepared, parts = prepare_recipe(alone, options)
    everything = gather(recipe, options.corpora, options.roots)
    rows = tuple(row for row in everything if row.corpus == corpus and row.speaker_known)
    sides = Sides(recipe.split.validation)
    return Fold(f"without_{corpus}", alone, sides, rows, prepared, parts)


def run_fold(
    fold: Fold,
    folder: Path,
    options: Options,
    conditions: Sequence[Condition] = (Condition(),),
) -> list[Scored]:
    """Train a fold's model unless it is there, and answer its test recordings.

    Args:
        fold: what to train and whom to ask.
        folder: holds a folder for each fold; answers there are not asked for again.
        options: where things are.
        conditions: what is done to the recordings; each is a pass over all of them.
    """
    target = folder / fold.name
    model_file = target / "model.onnx"
    if model_file.exists():
        Run(target).refuse_other(fold.recipe)
    else:
        train(fold.recipe, fold.prepared, fold.parts, fold.sides, target, options)
    predictor = load(model_file)
    unheard = fold.sides.test or fold.sides.validation
    noises = [
        row
        for row in fold.prepared.manifest
        if row.kind == "noise" and fold.parts[row.speaker_id] in unheard
    ]
    rows: list[Scored] = []
    for condition in conditions:
        rows += score(
            predictor,
            Manifest(fold.test),
            traits=fold.recipe.traits,
            noise=noises if condition.noise_snr is not None else None,
            noise_snr=condition.noise_snr,
            codec=condition.codec,
            seconds=condition.seconds,
            output=target / f"answers_{condition.name}.jsonl",
            progress=lambda done, total: options.report("measuring", done, total, {}),
        )
    return rows


def training_median(fold: Fold) -> float | None:
    """Median age of the speakers that a fold's model was trained on, in years."""
    aside: Collection[int] = {*fold.sides.validation, *fold.sides.test}
    rows = [
        row
        for row in fold.prepared.manifest
        if fold.parts.get(row.speaker_id) not in aside and row.speaker_id not in fold.sides.exclude
    ]
    return median_of_speakers(rows)
