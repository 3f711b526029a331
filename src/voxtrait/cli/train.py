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
from voxtrait.training.recipe_file import read_toml
from voxtrait.traits import TRAITS

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
    read_toml(recipe)  # what is no recipe is said before torch is imported, which takes seconds
    with common.needing("train", "Training"):
        from voxtrait.model_file import ModelFile
        from voxtrait.training.gather import unknown_labels
        from voxtrait.training.recipe import load_recipe
        from voxtrait.training.run import VALIDATION, Run
        from voxtrait.training.sides import Sides
        from voxtrait.training.train import prepare_recipe
        from voxtrait.training.train import train as run_training
        from voxtrait.training.validation import read_validated
        from voxtrait.training.verdict import verdicts

    chosen = load_recipe(recipe, changes or ())
    output = output or Path("runs") / chosen.name
    check_folder(output)
    begun = Run(output)
    if not resume and begun.recipe_file.exists():
        raise UsageError(
            f"{output} holds a training already.",
            "Go on with it by --resume, give --output another folder, or remove that one.",
        )
    if not resume and (others := begun.others()):
        raise UsageError(
            f"{output} holds {' and '.join(others)}, which is of no training, and would be lost.",
            "Give --output another folder.",
        )
    options = common.options(corpora, root, cache, device, jobs, teachers=teachers, resume=resume)
    prepared, parts = prepare_recipe(chosen, options)
    for trait, labels in unknown_labels(chosen, prepared.manifest).items():
        few = f"no recording is {' or '.join(labels)}; nothing is learnt of them"
        say("warning", f"{TRAITS[trait].title}: {few}.")
    sides = Sides(chosen.split.validation, chosen.split.test)
    try:
        run = run_training(chosen, prepared, parts, sides, output, options)
    except KeyboardInterrupt:
        if begun.recipe_file.exists():
            say("note", f"What was trained is in {output}; the same call with --resume goes on.")
        raise
    say("note", "the model file is written")
    if (output / VALIDATION).exists():
        traits = ModelFile.load(run.model_file).card.traits
        for line in verdicts(traits, read_validated(output / VALIDATION, traits)):
            say("note", line)
    typer.echo(run.model_file)
    return 0
