"""A model file of a finished run, with its calibration and with measured figures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from voxtrait.corpora import Manifest
from voxtrait.errors import RunError
from voxtrait.evaluation.report import measured as figures_of
from voxtrait.model_file import ModelFile, with_card, write_model
from voxtrait.training.checkpoint import read_checkpoint
from voxtrait.training.export import export_model, largest_difference
from voxtrait.training.materials import read_16k
from voxtrait.training.module import build_model
from voxtrait.training.run import Run
from voxtrait.training.train import COMPARED, MOST_DIFFERENCE

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
    some = [read_16k(row.path) for row in rows[:: max(1, len(rows) // COMPARED)][:COMPARED]]
    difference = largest_difference(model, data, some)
    if difference > MOST_DIFFERENCE:
        raise RunError(f"The graph differs from the network by {difference:.2g}.", "Report this.")
    card = ModelFile.load(run.model_file).card
    if measured is not None:
        report = json.loads(measured.read_text(encoding="utf-8"))
        card = replace(card, measured=figures_of(report))
    write_model(output, with_card(data, card))
    return difference
