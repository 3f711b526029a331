"""The folder of one training: what it was made of, by which versions, and what came out."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from voxtrait._version import __version__
from voxtrait.errors import RunError
from voxtrait.training.recipe import Recipe, load_recipe
from voxtrait.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voxtrait.corpora import Manifest

__all__ = ["VALIDATION", "Run"]

VALIDATION = "validation.jsonl"  # what the validation speakers were answered, uncalibrated

# What a training writes beside its recipe and its split, with which it begins.
WRITTEN = ("environment.json", "manifest.jsonl", "metrics.jsonl", "model.onnx", "sha256.txt")

PACKAGES = (
    "lightning",
    "numpy",
    "onnx",
    "onnxruntime",
    "safetensors",
    "soundfile",
    "soxr",
    "torch",
)


class Run:
    """A run's folder and the files in it.

    Args:
        folder: made when the first file is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recipe_file = folder / "recipe.toml"
        self.split_file = folder / "split.json"
        self.manifest_file = folder / "manifest.jsonl"
        self.checkpoint = folder / "checkpoints" / "final.safetensors"
        self.model_file = folder / "model.onnx"

    def describe(self, recipe: Recipe, manifest: Manifest, split: Mapping[str, Any]) -> None:
        """Write what the training is made of: recipe, versions, split, recordings with hashes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # The split first: a folder with a recipe is one that was begun, and has both.
        self.write("split.json", json.dumps(dict(split), indent=1))
        self.write("recipe.toml", recipe.source)
        versions = {name: importlib.metadata.version(name) for name in PACKAGES}
        machine = {
            "voxtrait": __version__,
            "python": platform.python_version(),
            "platform": platform.platform(),
            "processors": os.cpu_count(),
            "packages": versions,
            "seed": recipe.seed,
        }
        self.write("environment.json", json.dumps(machine, indent=1))
        manifest.write_jsonl(self.manifest_file)
        hashes = [f"{sha256(row.path.read_bytes()).hexdigest()}  {row.path}" for row in manifest]
        self.write("sha256.txt", "\n".join(hashes) + "\n")

    def recipe(self) -> Recipe:
        """The recipe that the run was started with.

        Raises:
            RunError: the folder is no run.
        """
        if not self.recipe_file.exists():
            raise RunError(
                f"{self.folder} is not a training run: it has no recipe.toml.",
                "Give a folder that `voxtrait train` wrote.",
            )
        return load_recipe(self.recipe_file)

    def refuse_other(self, recipe: Recipe, split: Mapping[str, Any]) -> None:
        """Go on only with what this folder was begun with.

        Args:
            recipe: what is to be trained.
            split: who is to be kept aside, as `describe` was given it.

        Raises:
            RunError: the folder holds a run of another recipe, or one that kept other
                speakers or words aside.
        """
        begun_with = self.recipe_file
        if not begun_with.exists() or begun_with.read_text(encoding="utf-8") != recipe.source:
            raise RunError(
                f"{self.folder} holds a run of another recipe, or of other --set values.",
                "Give another folder, or the recipe and values it was begun with.",
            )
        begun = self.split()
        if other := [name for name in split if begun.get(name) != split[name]]:
            raise RunError(
                f"{self.folder} holds a run of other sides: {', '.join(other)} of its split.json "
                "differ, so it may have heard what this one is tested on.",
                "Give another folder, or the folds and corpora it was begun with.",
            )

    def others(self) -> list[str]:
        """Names of files that a training would replace in a folder where none was begun."""
        if self.recipe_file.exists() or self.split_file.exists():
            return []
        return [name for name in WRITTEN if (self.folder / name).exists()]

    def split(self) -> dict[str, Any]:
        """Which parts validate and test, and which part each speaker belongs to."""
        if not self.split_file.exists():
            raise RunError(f"{self.folder} has no split.json.", "Train again.")
        split: dict[str, Any] = json.loads(self.split_file.read_text(encoding="utf-8"))
        return split

    def write(self, name: str, text: str) -> None:
        """Write a text file whole or not at all."""
        write_whole(self.folder / name, text.encode())
