"""From a recipe to a calibrated model file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voxtrait.corpora import Manifest, Utterance
from voxtrait.model_file import write_model
from voxtrait.networks import FrameNet
from voxtrait.training.build import build_model
from voxtrait.training.calibrate import calibrate
from voxtrait.training.checkpoint import write_checkpoint
from voxtrait.training.export import check_export, export_model
from voxtrait.training.fit import fit
from voxtrait.training.gather import LICENCES, deal, gather
from voxtrait.training.prepare import prepare
from voxtrait.training.run import Run
from voxtrait.training.sampler import drawn_shares
from voxtrait.training.selection import part_of_word, select
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe

__all__ = ["Options", "Sides", "prepare_recipe", "train"]

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
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        processes: how many prepare recordings side by side.
        resume: go on where an earlier training of the same folder stopped.
        report: called with stage, steps done, steps in all, and figures.
    """

    corpora: Path | None = None
    roots: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    cache: Path = Path(".voxtrait/prepared")
    device: str = "auto"
    processes: int = 1
    resume: bool = False
    report: Report = _silent


@dataclass(frozen=True)
class Sides:
    """Who validates, who tests, and which words and corpora training does not hear."""

    validation: Collection[int]
    test: Collection[int] = ()
    silent: Collection[int] = ()  # parts whose noises and voices are mixed into nothing
    unheard_part: int = -1  # of as many as `unheard_parts`
    unheard_parts: int = 5
    exclude: Collection[str] = ()  # corpora or speakers


def prepare_recipe(recipe: Recipe, options: Options) -> tuple[Prepared, dict[str, int]]:
    """The prepared examples of a recipe, and the part of each speaker."""
    build_model(recipe)  # what it cannot be made of is said before the work, not after it
    manifest = gather(recipe, options.corpora, options.roots)
    parts = deal(recipe, manifest)
    prepared = prepare(
        recipe,
        manifest,
        parts,
        options.cache,
        processes=options.processes,
        progress=lambda done, total: options.report("preparing", done, total, {}),
    )
    return prepared, parts


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
        RunError: the exported graph does not answer as the network does.
    """
    run = Run(folder)
    if options.resume:
        run.refuse_other(recipe)
    rows = list(prepared.manifest)
    unheard = {
        row.word
        for row in rows
        if row.word and part_of_word(row.word, sides.unheard_parts) == sides.unheard_part
    }
    exclude = set(sides.exclude)
    selection = select(
        rows,
        prepared.index,
        validation=sides.validation,
        test=sides.test,
        unheard=unheard,
        exclude=exclude,
        silent=sides.silent,
    )
    split = {
        "validation": sorted(sides.validation),
        "test": sorted(sides.test),
        "unheard": sorted(unheard),
        "exclude": sorted(exclude),
        "parts": dict(sorted(parts.items())),
    }
    run.describe(recipe, Manifest(rows), split)
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
    write_checkpoint(run.checkpoint, {"model": dict(model.state_dict())})
    training, validating = (
        [rows[i] for i in np.unique(prepared.index["utterance"][mask])] for mask in selection
    )
    data = export_model(recipe, model, trained_on=_sources(prepared, selection[0]))
    check_export(model, data, validating)
    if not isinstance(model, FrameNet):
        data = calibrate(
            data,
            validating,
            training,
            {
                trait: drawn_shares(rows, prepared.index[selection[0]], recipe, trait).tolist()
                for trait in recipe.traits
                if TRAITS[trait].edges
            },
            lambda done, total: options.report("calibrating", done, total, {}),
        )
    write_model(run.model_file, data)
    return run


def _sources(prepared: Prepared, mask: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    """What a model was trained on, a table a corpus, for its card."""
    index = prepared.index[mask & (prepared.index["copy"] == 0)]
    rows: Sequence[Utterance] = list(prepared.manifest)
    frames: dict[str, int] = {}
    speakers: dict[str, set[str]] = {}
    clips: dict[str, int] = {}
    for number, count in zip(index["utterance"], index["frames"], strict=True):
        row = rows[number]
        frames[row.corpus] = frames.get(row.corpus, 0) + int(count)
        clips[row.corpus] = clips.get(row.corpus, 0) + 1
        known = speakers.setdefault(row.corpus, set())
        if row.speaker_known:
            known.add(row.speaker_id)
    return [
        {
            "corpus": corpus,
            "speakers": len(speakers[corpus]),  # whom somebody wrote down
            "clips": clips[corpus],
            "hours": round(count / 360_000, 3),
            "licence": LICENCES.get(corpus, "see its source"),
        }
        for corpus, count in sorted(frames.items())
    ]
