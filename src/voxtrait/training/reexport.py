"""A model file of a finished run, with its calibration and with measured figures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voxtrait.corpora import Manifest
from voxtrait.errors import RunError
from voxtrait.evaluation.measured import measured as figures_of
from voxtrait.model_file import ModelFile, with_card, write_model
from voxtrait.training.build import build_model
from voxtrait.training.calibrate import recalibrated
from voxtrait.training.checkpoint import read_checkpoint
from voxtrait.training.export import check_export, export_model
from voxtrait.training.pooling import folds_of, pooled
from voxtrait.training.run import Run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


__all__ = ["reexport"]


def reexport(
    folder: Path, output: Path, measured: Sequence[Path] = (), folds: Path | None = None
) -> float:
    """Write the model file of a run, and say how far it is from torch at most.

    Args:
        folder: of the run.
        output: the model file.
        measured: reports whose figures go into the card, in any order.
        folds: folder of a cross-validation of the same recipe, whose validation calibrates too:
            a tenth of the speakers is few to fix a threshold with.

    Raises:
        RunError: the folder is no finished run, its checkpoint does not fit its recipe, the graph
            does not answer as the network does, or the folds are none or of another recipe.
    """
    run = Run(folder)
    recipe = run.recipe()
    model = build_model(recipe)
    try:
        model.load_state_dict(read_checkpoint(run.checkpoint)["model"])
    except (RuntimeError, KeyError) as error:
        raise RunError(
            f"The checkpoint of {folder} does not fit its recipe: {error}.", "Train again."
        ) from error
    data = export_model(recipe, model.eval())
    rows = [row for row in Manifest.read_jsonl(run.manifest_file) if row.path.exists()]
    difference = check_export(model, data, rows)
    calibrated = run.model_file.read_bytes()
    if folds is not None:
        traits = ModelFile.load(calibrated).card.traits
        others = [fold.folder for fold in folds_of(recipe, folds, run)]
        calibrated = recalibrated(calibrated, pooled(run, others, traits))
    card = ModelFile.load(calibrated).card
    if measured:
        card = replace(card, measured=_figures(measured, card.name))
    write_model(output, with_card(data, card))
    return difference


def _figures(paths: Sequence[Path], name: str) -> dict[str, Any]:
    """What reports say of a model, for its card."""
    return figures_of(*(_report(path, name) for path in paths))


def _report(path: Path, name: str) -> dict[str, Any]:
    """A report of this model and of this version's form."""
    try:
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found, _ = report["models"], figures_of(report)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"{path} is not a report that can be read: {error}.",
            "Give the report.json that `voxtrait cross-validate` of this version wrote.",
        ) from error
    if found != [name]:
        raise RunError(
            f"{path} measures {', '.join(found)}, not {name}.", "Give the report of this model."
        )
    return report
