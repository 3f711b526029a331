"""Honest figures: every speaker is answered by a model that never heard them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.corpora import Manifest
from voxtrait.evaluation.asked import fingerprint
from voxtrait.evaluation.distortion import UNCHANGED
from voxtrait.evaluation.resume import forget_others
from voxtrait.evaluation.scoring import score
from voxtrait.evaluation.years import median_of_speakers
from voxtrait.model_file import ModelFile, write_model
from voxtrait.runtime import load
from voxtrait.training.calibrate import recalibrated
from voxtrait.training.pooling import folds_of, pooled
from voxtrait.training.run import Run
from voxtrait.training.sides import split_of
from voxtrait.training.train import Options, train

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from voxtrait.evaluation.distortion import Distortion
    from voxtrait.evaluation.scored import Scored
    from voxtrait.training.folds import Fold

__all__ = ["calibrate_fold", "measure_fold", "train_fold", "training_median"]


def train_fold(fold: Fold, folder: Path, options: Options) -> None:
    """Train a fold's model unless it is there.

    Args:
        fold: what to train.
        folder: holds a folder for each fold.
        options: where things are.

    Raises:
        RunError: the model there is of another recipe, or kept others aside: it may have heard
            whom this fold is tested on.
    """
    target = folder / fold.name
    if (target / "model.onnx").exists():
        split = split_of(fold.manifest, fold.parts, fold.sides)
        Run(target).refuse_other(fold.recipe, split)
    else:
        train(fold.recipe, fold.prepared, fold.parts, fold.sides, target, options)


def calibrate_fold(
    fold: Fold, others: Iterable[Fold], folder: Path, calibration: Path | None = None
) -> None:
    """Calibrate a fold's model on the validation of all folds, but for whom it is tested on.

    A tenth of the speakers is too few to fix a threshold that few errors decide.

    Args:
        fold: a trained one.
        others: those of the same recipe, trained.
        folder: holds a folder for each fold.
        calibration: folder of another cross-validation of the recipe, whose validation calibrates
            in place of the others': where one speaker after another is left out, all folds have
            the same few validation speakers.

    Raises:
        RunError: ``calibration`` holds no folds, or those of another recipe.
    """
    run = Run(folder / fold.name)
    if calibration is None:
        places = [folder / other.name for other in others]
    else:
        places = [one.folder for one in folds_of(run.recipe(), calibration, run)]
    before = run.model_file.read_bytes()
    traits = ModelFile.load(before).card.traits
    answers = pooled(run, places, traits, {row.speaker_id for row in fold.test})
    after = recalibrated(before, answers)
    if after != before:
        write_model(run.model_file, after)


def measure_fold(
    fold: Fold,
    folder: Path,
    options: Options,
    distortions: Sequence[Distortion] = (UNCHANGED,),
) -> list[Scored]:
    """Answer a fold's test recordings.

    Args:
        fold: a trained one.
        folder: holds a folder for each fold. Answers of its model there are not asked for again;
            those of a model that stood there before, if only calibrated otherwise, are removed.
        options: where things are.
        distortions: what is done to the recordings; each is a pass over all of them.
    """
    target = folder / fold.name
    predictor = load(target / "model.onnx")
    mark = fingerprint(predictor)
    rows: list[Scored] = []
    for distortion in distortions:
        answers = target / f"answers_{distortion.name.replace(' ', '_').lower()}.jsonl"
        forget_others(answers, mark)
        rows += score(
            predictor,
            Manifest(fold.test),
            traits=fold.measured,
            distortion=distortion,
            output=answers,
            progress=lambda done, total: options.report("measuring", done, total, {}),
        )
    return rows


def training_median(fold: Fold) -> float | None:
    """Median age of the speakers that a fold's model was trained on, in years."""
    aside: Collection[int] = {*fold.sides.validation, *fold.sides.test}
    rows = [
        row
        for row in fold.manifest
        if fold.parts.get(row.speaker_id) not in aside and row.speaker_id not in fold.sides.exclude
    ]
    return median_of_speakers(rows)
