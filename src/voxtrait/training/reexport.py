"""A model file of a finished run, with its calibration and with measured figures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voxtrait.corpora import Manifest
from voxtrait.errors import RunError
from voxtrait.evaluation.report import measured as figures_of
from voxtrait.model_file import ModelFile, with_card, write_model
from voxtrait.training.build import build_model
from voxtrait.training.checkpoint import read_checkpoint
from voxtrait.training.export import check_export, export_model
from voxtrait.training.run import Run

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["reexport"]


def reexport(folder: Path, output: Path, measured: Path | None = None) -> float:
    """Write the model file of a run, and say how far it is from torch at most.

    Args:
        folder: of the run.
        output: the model file.
        measured: a report whose figures go into the card.

    Raises:
        RunError: the folder is no finished run, its checkpoint does not fit its recipe, or the
            graph does not answer as the network does.
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
    card = ModelFile.load(run.model_file).card
    if measured is not None:
        card = replace(card, measured=_figures(measured, card.name))
    write_model(output, with_card(data, card))
    return difference


def _figures(path: Path, name: str) -> dict[str, Any]:
    """What a report says of a model, for its card."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        found, figures = report["models"], figures_of(report)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"{path} is not a report that can be read: {error}.",
            "Give the report.json that `voxtrait cross-validate` wrote.",
        ) from error
    if found != [name]:
        raise RunError(
            f"{path} measures {', '.join(found)}, not {name}.", "Give the report of this model."
        )
    return figures
