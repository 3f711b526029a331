"""What ``voxtrait cross-validate`` does around its trainings: plan, check, write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voxtrait.cli.stderr import say
from voxtrait.errors import UnusablePackage, UsageError
from voxtrait.evaluation import report, ways
from voxtrait.evaluation.plots import draw
from voxtrait.training import folds as plans
from voxtrait.training.cross_validate import training_median
from voxtrait.training.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voxtrait.cli.evaluation import Passes
    from voxtrait.evaluation.distortion import Distortion
    from voxtrait.evaluation.scored import Scored
    from voxtrait.training.folds import Fold
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.train import Options

__all__ = ["distortions", "folder", "plan", "said", "write"]


def distortions(passes: Passes, wanted: Sequence[Fold]) -> list[list[Distortion]]:
    """What each fold is measured under, before hours of training: what cannot be is said now.

    Raises:
        UsageError: a value that cannot be, or noise or rooms that a fold has nothing for.
    """
    # Where nobody has any recordings for it, no fold is to blame.
    passes.distortions([row for row in wanted[0].manifest if row.kind in plans.MATERIALS])
    return [_with_materials(passes, fold) for fold in wanted]


def _with_materials(passes: Passes, fold: Fold) -> list[Distortion]:
    """A fold is measured with what its training did not hear; see `Fold.materials`."""
    try:
        return passes.distortions(fold.materials)
    except UsageError as error:
        raise UsageError(
            f"{fold.name}: {error.message} Training heard all that are there.",
            "Give the noise corpus more recordings, ask for fewer folds, or leave this out.",
        ) from error


def plan(
    recipe: Recipe,
    options: Options,
    folds: int | None,
    speaker_of: str | None,
    corpus: str | None,
) -> tuple[str, Iterable[Fold]]:
    """The split in words, and its folds."""
    if folds is not None:
        return ways.folds(folds), plans.folds(recipe, folds, options)
    if speaker_of is not None:
        return ways.without_speakers(speaker_of), plans.speaker_folds(recipe, speaker_of, options)
    assert corpus is not None
    return ways.without_corpus(corpus), [plans.corpus_fold(recipe, corpus, options)]


def folder(recipe: Recipe, folds: int | None, speaker_of: str | None, corpus: str | None) -> Path:
    """Where the runs and the report go unless somebody says: a way of splitting has its own."""
    way = f"without-{corpus}"
    if folds is not None:
        way = f"{folds}-folds"
    elif speaker_of is not None:
        way = f"without-each-of-{speaker_of}"
    return Path("runs") / f"{recipe.name}-{way}"


def said(way: str, some: Sequence[str], calibration: Path | None) -> str:
    """The split in words, with which folds were done where not all, and what calibrated them."""
    if some:
        way = ways.some_of([name.replace("_", " ") for name in some], way)
    return way if calibration is None else ways.calibrated(way)


def write(output: Path, done: Sequence[tuple[Fold, Sequence[Scored]]], way: str) -> None:
    """The pooled report, with pictures where they can be drawn."""
    medians: dict[str, float] = {}
    unheard: set[Path] = set()
    for fold, rows in done:
        words = set(Run(output / fold.name).split()["unheard"])
        unheard.update(row.utterance.path for row in rows if row.utterance.word in words)
        median = training_median(fold)
        if median is not None:
            medians.update({row.utterance.speaker_id: median for row in rows})
    rows = [row for _, some in done for row in some]
    built = report.build(rows, split=way, median_years=medians or None, unheard=unheard)
    report.write(built, output)
    try:
        draw(built, output)
    except UnusablePackage as error:
        say("note", f"no pictures: {error.message}")
