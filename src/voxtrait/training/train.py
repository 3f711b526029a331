"""From a recipe to a calibrated model file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.corpora.splits import fold_of_speaker
from voxtrait.model_file import write_model
from voxtrait.networks import FrameNet, TraitModel
from voxtrait.training.build import build_model
from voxtrait.training.calibrate import Shares, calibrate, natural_prior
from voxtrait.training.checkpoint import write_checkpoint
from voxtrait.training.device import pick_device
from voxtrait.training.export import check_export, export_model
from voxtrait.training.fit import fit
from voxtrait.training.gather import check_taught, gather
from voxtrait.training.pitch_fit import fit_pitch_heads
from voxtrait.training.prepare import prepare
from voxtrait.training.run import VALIDATION, Run
from voxtrait.training.sampler import drawn_shares
from voxtrait.training.sides import selected, split_of
from voxtrait.training.sources import sources
from voxtrait.training.validation import dump_validated, validated
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxtrait.corpora import Manifest, Utterance
    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.selection import Selection
    from voxtrait.training.sides import Sides

__all__ = [
    "Options",
    "gather_recipe",
    "prepare_recipe",
    "prepare_rows",
    "train",
]

Report = Callable[[str, int, int, Mapping[str, float]], None]


def _silent(stage: str, done: int, total: int, figures: Mapping[str, float]) -> None:
    del stage, done, total, figures


@dataclass(frozen=True)
class Options:
    """What is not part of a recipe: where things are, and on what machine.

    Args:
        corpora: a folder with one folder a corpus.
        roots: corpus name to its folders.
        cache: where prepared examples are kept.
        teachers: where the files of teachers lie, as ``recipes/teachers.py`` writes them.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        processes: how many prepare recordings side by side.
        resume: go on where an earlier training of the same folder stopped.
        report: called with stage, steps done, steps in all, and figures.
    """

    corpora: Path | None = None
    roots: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    cache: Path = Path(".voxtrait/prepared")
    teachers: Path | None = None
    device: str = "auto"
    processes: int = 1
    resume: bool = False
    report: Report = _silent


def gather_recipe(recipe: Recipe, options: Options) -> tuple[Manifest, dict[str, int]]:
    """The recordings of a recipe, and the part of each speaker; -1 for one whom nobody knows."""
    manifest = _gathered(recipe, options)
    return manifest, fold_of_speaker(manifest, recipe.split.parts)


def _gathered(recipe: Recipe, options: Options) -> Manifest:
    # What cannot be made, or not here, is said before the work, not after it.
    build_model(recipe)
    pick_device(options.device)
    return gather(recipe, options.corpora, options.roots)


def prepare_recipe(recipe: Recipe, options: Options) -> tuple[Prepared, dict[str, int]]:
    """The prepared examples of a recipe, and the part of each speaker.

    Raises:
        CorpusError: a corpus is not where it should be, or no recording knows one of the traits.
    """
    manifest = _gathered(recipe, options)
    check_taught(recipe, manifest)  # before speakers are dealt: only those with a label count
    parts = fold_of_speaker(manifest, recipe.split.parts)
    return prepare_rows(recipe, manifest, parts, options), parts


def prepare_rows(
    recipe: Recipe, manifest: Manifest, parts: dict[str, int], options: Options
) -> Prepared:
    """The prepared examples of what `gather_recipe` found."""
    return prepare(
        recipe,
        manifest,
        parts,
        options.cache,
        processes=options.processes,
        teachers=options.teachers,
        progress=lambda stage, done, total: options.report(stage, done, total, {}),
    )


def train(
    recipe: Recipe,
    prepared: Prepared,
    parts: Mapping[str, int],
    sides: Sides,
    folder: Path,
    options: Options,
) -> Run:
    """Train, export, compare with torch, calibrate; all of it ends in ``folder``.

    Raises:
        SplitError: too few speakers for the sides.
        RunError: the folder, to be gone on with, was begun with another recipe or other sides; or
            the exported graph does not answer as the network does.
    """
    run = Run(folder)
    split = split_of(prepared.manifest, parts, sides)
    selection = selected(prepared, recipe, sides, split["unheard"])
    if options.resume and run.recipe_file.exists():
        run.refuse_other(recipe, split)
        split = run.split()  # what was not heard from the beginning
    run.describe(recipe, prepared.manifest, split)
    module = fit(
        recipe,
        prepared,
        selection,
        folder,
        device=options.device,
        resume=options.resume,
        progress=lambda done, total, figures: options.report("training", done, total, figures),
    )
    model = module.model.cpu().eval()
    if isinstance(model, TraitModel):
        fit_pitch_heads(model, prepared, recipe, selection[0])
    write_checkpoint(run.checkpoint, {"model": dict(model.state_dict())})
    data = export_model(recipe, model, trained_on=sources(prepared, selection[0]))
    check_export(model, data, _recordings(prepared, selection[1]))
    if not isinstance(model, FrameNet):
        data = _calibrated(data, recipe, prepared, selection, run, options)
    write_model(run.model_file, data)
    return run


def _recordings(prepared: Prepared, mask: NDArray[np.bool_]) -> list[Utterance]:
    rows = list(prepared.manifest)
    return [rows[number] for number in np.unique(prepared.index["utterance"][mask])]


def _calibrated(
    data: bytes,
    recipe: Recipe,
    prepared: Prepared,
    selection: Selection,
    run: Run,
    options: Options,
) -> bytes:
    """The model file, calibrated; what it was calibrated on stays in the run's folder."""
    training, validation = selection
    answers = validated(
        data,
        _recordings(prepared, validation),
        lambda done, total: options.report("calibrating", done, total, {}),
    )
    run.write(VALIDATION, dump_validated(answers))
    heard, index = _recordings(prepared, training), prepared.index[training]
    rows = list(prepared.manifest)
    shares = {
        trait: Shares(
            tuple(drawn_shares(rows, index, recipe, trait).tolist()), natural_prior(heard, trait)
        )
        for trait in recipe.traits
        if TRAITS[trait].edges
    }
    return calibrate(data, answers, shares)
