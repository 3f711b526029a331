"""``voxtrait train``: a recipe and recordings to a model file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voxtrait.cli import training as common
from voxtrait.cli.places import check_folder
from voxtrait.cli.roots import Corpora, Roots
from voxtrait.cli.stderr import say
from voxtrait.errors import UsageError

__all__ = ["register"]

EXAMPLE = """\b
Example:
  voxtrait train recipes/voice_tiny.toml --corpora data --teachers teachers \\
    --output runs/voice
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLE, short_help="Make a model file from a recipe and recordings.")(train)


def train(
    recipe: common.RecipeFile,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Folder of the run, or runs/NAME."),
    ] = None,
    changes: common.Changes = None,
    corpora: Corpora = None,
    root: Roots = None,
    teachers: common.Teachers = None,
    device: common.Device = "auto",
    cache: common.Cache = Path(".voxtrait/prepared"),
    jobs: common.Jobs = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where an earlier training in DIR stopped.")
    ] = False,
) -> int:
    """Train the network of a recipe, export it and calibrate it: DIR/model.onnx.

    Part of the speakers is kept out of training for validation and calibration, and
    whom split.test names for a test of your own.
    """
    with common.needing("train", "Training", recipe):
        from voxtrait.model_file import ModelFile
        from voxtrait.training.recipe import load_recipe
        from voxtrait.training.run import VALIDATION, Run
        from voxtrait.training.sides import Sides
        from voxtrait.training.train import prepare_recipe
        from voxtrait.training.train import train as run_training
        from voxtrait.training.validation import read_validated
        from voxtrait.training.verdict import verdicts

    chosen = load_recipe(recipe, changes or ())
    output = output or Path("runs") / chosen.name
    if not resume and Run(output).recipe_file.exists():
        raise UsageError(
            f"{output} holds a training already.",
            "Go on with it by --resume, give --output another folder, or remove that one.",
        )
    check_folder(output)
    options = common.options(corpora, root, cache, device, jobs, teachers=teachers, resume=resume)
    prepared, parts = prepare_recipe(chosen, options)
    sides = Sides(chosen.split.validation, chosen.split.test)
    run = run_training(chosen, prepared, parts, sides, output, options)
    say("note", "the model file is written")
    if (output / VALIDATION).exists():
        traits = ModelFile.load(run.model_file).card.traits
        for line in verdicts(traits, read_validated(output / VALIDATION, traits)):
            say("note", line)
    typer.echo(run.model_file)
    return 0
