"""``voxtrait cross-validate``: figures in which nobody is answered by a model that heard them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voxtrait.cli import training as common
from voxtrait.cli.conditions import CodecOption, NoiseSnr, Room, Seconds
from voxtrait.cli.places import check_folder
from voxtrait.cli.roots import Corpora, Roots
from voxtrait.cli.stderr import say
from voxtrait.errors import RecipeError, UsageError
from voxtrait.training.recipe_file import read_toml

__all__ = ["register"]

EXAMPLE = """\b
Examples:
  voxtrait cross-validate recipes/voice_tiny.toml --folds 5 \\
    --corpora data --teachers teachers --output runs/folds
  voxtrait cross-validate recipes/voice_tiny.toml \\
    --leave-corpus-out librispeech --corpora data --teachers teachers \\
    --output runs/strangers
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    short = "Train on some speakers, answer the others, in turn."
    app.command("cross-validate", epilog=EXAMPLE, short_help=short)(cross_validate)


def cross_validate(
    recipe: common.RecipeFile,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Folder of the runs and report, or runs/NAME-WAY."
        ),
    ] = None,
    folds: Annotated[int | None, typer.Option(min=2, metavar="K", help="Folds by speaker.")] = None,
    leave_one_speaker_out: Annotated[
        str | None,
        typer.Option(metavar="CORPUS", help="Leave each speaker of a corpus out in turn."),
    ] = None,
    leave_corpus_out: Annotated[
        str | None, typer.Option(metavar="CORPUS", help="Train without a corpus, test on it.")
    ] = None,
    only: Annotated[
        list[int] | None,
        typer.Option(metavar="N", help="Do these folds only; the report says so."),
    ] = None,
    calibration: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Calibrate on the validation of the recipe's folds in DIR too, as export does.",
        ),
    ] = None,
    noise_snr: NoiseSnr = None,
    room: Room = False,
    seconds: Seconds = None,
    codec: CodecOption = None,
    changes: common.Changes = None,
    corpora: Corpora = None,
    root: Roots = None,
    teachers: common.Teachers = None,
    device: common.Device = "auto",
    cache: common.Cache = Path(".voxtrait/prepared"),
    jobs: common.Jobs = 1,
) -> int:
    """Train on some speakers, answer the others, until everybody was answered; pool the answers.

    A killed run goes on where it stopped. The report is written to DIR/report.md and .json.
    """
    ways = [folds, leave_one_speaker_out, leave_corpus_out]
    if sum(way is not None for way in ways) != 1:
        raise UsageError(
            "Give one of --folds, --leave-one-speaker-out and --leave-corpus-out.",
            "For example: --folds 5",
        )
    if calibration is not None and leave_corpus_out is not None:
        raise UsageError(
            "--calibration is of folds that heard the corpus that --leave-corpus-out leaves out.",
            "Leave it out: the run's own validation calibrates.",
        )
    read_toml(recipe)  # what is no recipe is said before torch is imported, which takes seconds
    with common.needing("train", "Cross-validation"):
        from voxtrait.cli import cross_validation as steps
        from voxtrait.cli.evaluation import Passes
        from voxtrait.training.cross_validate import calibrate_fold, measure_fold, train_fold
        from voxtrait.training.pooling import folds_of
        from voxtrait.training.recipe import load_recipe

    chosen = load_recipe(recipe, changes or ())
    if chosen.prepare.style == "frames":
        raise RecipeError(
            f"{chosen.name} says which frames are speech, which is no answer about a recording.",
            "benchmarks/speech.py trains and measures it, fold by fold.",
        )
    if output is None:
        output = steps.folder(chosen, folds, leave_one_speaker_out, leave_corpus_out)
    check_folder(output)
    options = common.options(corpora, root, cache, device, jobs, teachers=teachers, resume=True)
    passes = Passes(tuple(noise_snr or ()), tuple(seconds or ()), room, codec)
    way, planned = steps.plan(chosen, options, folds, leave_one_speaker_out, leave_corpus_out)
    wanted = [fold for number, fold in enumerate(planned) if not only or number in only]
    if not wanted:
        raise UsageError(
            f"There is no fold {', '.join(map(str, only or ()))}.", "The first fold is 0."
        )
    distortions = steps.distortions(passes, wanted)
    if calibration is not None:
        folds_of(chosen, calibration)  # what is wrong with it is said before hours of training
    for fold in wanted:
        train_fold(fold, output, options)
    done = []
    for fold, conditions in zip(wanted, distortions, strict=True):
        say("note", f"{fold.name}: {len(fold.test)} recordings to answer")
        if untaught := [trait for trait in chosen.traits if trait not in fold.measured]:
            few = "too few other speakers taught it"
            say("note", f"{fold.name}: {' and '.join(untaught)} not measured: {few}")
        calibrate_fold(fold, wanted, output, calibration)
        done.append((fold, measure_fold(fold, output, options, conditions)))
    way = steps.said(way, [fold.name for fold in wanted] if only else [], calibration)
    steps.write(output, done, way)
    typer.echo(output / "report.md")
    return 0
