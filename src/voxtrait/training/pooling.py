"""The validation of a run and of folds of its recipe, which calibrates it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voxtrait.errors import RunError
from voxtrait.training.run import VALIDATION, Run
from voxtrait.training.settings import SplitSettings
from voxtrait.training.validation import read_validated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from voxtrait.model_file import TraitCard
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.validation import Validated

__all__ = ["folds_of", "pooled"]


def folds_of(recipe: Recipe, folder: Path, run: Run | None = None) -> list[Run]:
    """The folds of a recipe in a folder.

    Args:
        recipe: that of the model to be calibrated.
        folder: of a cross-validation.
        run: the model's own, if there is one yet; it may lie there too, and is no fold.

    Raises:
        RunError: there are none, or they are of another recipe.
    """
    own = run.folder.resolve() if run else None
    paths = [path.parent for path in sorted(folder.glob(f"*/{VALIDATION}"))]
    found = [Run(path) for path in paths if path.resolve() != own]
    if not found:
        raise RunError(
            f"{folder} holds no fold: no folder in it has a {VALIDATION}.",
            "Give the folder that `voxtrait cross-validate --output` was given.",
        )
    for fold in found:
        if _trained_by(fold.recipe()) != _trained_by(recipe):
            raise RunError(
                f"{fold.folder} was trained by another recipe than {run.folder if run else 'this'},"
                " or with other --set values, so its answers say nothing of how sure this model "
                "may be.",
                "Give the folds of the run's own recipe.",
            )
    return found


def pooled(
    run: Run,
    others: Iterable[Path],
    traits: Mapping[str, TraitCard],
    tested: Collection[str] = (),
) -> list[Validated]:
    """The answers of a run's validation and of others', but for whom the run keeps aside.

    Args:
        run: the one to be calibrated.
        others: folders of other runs; its own may be among them, and counts once.
        traits: of its card.
        tested: speakers, and corpora, that it is tested on; those that its split keeps for tests,
            or leaves out, need not be among them.
    """
    split = run.split()
    aside = {speaker for speaker, part in split["parts"].items() if part in split["test"]}
    aside.update(split["exclude"], tested)
    places = {place.resolve(): place for place in (run.folder, *others)}
    return [
        answer
        for place in places.values()
        for answer in read_validated(place / VALIDATION, traits)
        if aside.isdisjoint((answer.speaker_id, answer.speaker_id.partition("/")[0]))
    ]


def _trained_by(recipe: Recipe) -> Recipe:
    """A recipe, but for who was kept aside and how the file is written."""
    return replace(recipe, split=SplitSettings(), source="")
