"""The validation of a cross-validation's folds, which calibrates other runs of the recipe too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voxtrait.errors import RunError
from voxtrait.training.run import VALIDATION, Run
from voxtrait.training.settings import SplitSettings

if TYPE_CHECKING:
    from pathlib import Path

    from voxtrait.training.recipe import Recipe

__all__ = ["folds_of"]


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


def _trained_by(recipe: Recipe) -> Recipe:
    """A recipe, but for who was kept aside and how the file is written."""
    return replace(recipe, split=SplitSettings(), source="")
