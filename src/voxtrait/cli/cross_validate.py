"""``voxtrait cross-validate``: figures in which nobody is answered by a model that heard them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxtrait.cli import training as common
from voxtrait.cli.stderr import say
from voxtrait.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxtrait.training.cross_validate import Fold
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.train import Options

__all__ = ["register"]

EXAMPLE = """\b
Examples:
  voxtrait cross-validate recipes/voice_tiny.toml --folds 5 --corpora data --output runs/folds
  voxtrait cross-validate recipes/voice_tiny.toml --leave-corpus-out librispeech \\
    --corpora data --output runs/strangers
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cross-validate", epilog=EXAMPLE)(cross_validate)


def cross_validate(
    recipe: common.RecipeFile,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder of the runs and report.")
    ],
    folds: Annotated[int | None, typer.Option(min=2, help="Folds by speaker.")] = None,
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
    noise_snr: Annotated[
        list[float] | None, typer.Option(metavar="DB", help="Measure under noise as well.")
    ] = None,
    seconds: Annotated[
        list[float] | None, typer.Option(metavar="S", help="Measure on so many seconds as well.")
    ] = None,
    telephone: Annotated[
        bool, typer.Option("--telephone", help="Measure through a telephone as well.")
    ] = False,
    changes: common.Changes = None,
    corpora: common.Corpora = None,
    root: common.Roots = None,
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
    with common.needing("train", "Cross-validation"):
        from voxtrait.training.cross_validate import Condition, run_fold
        from voxtrait.training.recipe import load_recipe

    chosen = load_recipe(recipe, changes or ())
    options = common.options(corpora, root, cache, device, jobs, resume=True)
    conditions = [
        Condition(),
        *(Condition(f"noise_{snr:g}_db", noise_snr=snr) for snr in noise_snr or ()),
        *(Condition(f"{length:g}_s", seconds=length) for length in seconds or ()),
        *([Condition("telephone", codec="telephone")] if telephone else []),
    ]
    way, planned = _plan(chosen, options, folds, leave_one_speaker_out, leave_corpus_out)
    done = []
    for number, fold in enumerate(planned):
        if only and number not in only:
            continue
        say("note", f"{fold.name}: {len(fold.test)} recordings to answer")
        done.append((fold, run_fold(fold, output, options, conditions)))
    if not done:
        raise UsageError(
            f"There is no fold {', '.join(map(str, only or ()))}.", "The first fold is 0."
        )
    if only:
        names = ", ".join(fold.name.replace("_", " ") for fold, _ in done)
        way = f"{names} of {way.removesuffix(', pooled')}"
    _write(output, done, way)
    typer.echo(output / "report.md")
    return 0


def _plan(
    recipe: Recipe,
    options: Options,
    folds: int | None,
    speaker_of: str | None,
    corpus: str | None,
) -> tuple[str, Iterable[Fold]]:
    """The split in words, and its folds."""
    from voxtrait.training import cross_validate as plans

    if folds is not None:
        return f"{folds} speaker folds, pooled", plans.folds(recipe, folds, options)
    if speaker_of is not None:
        plan = plans.speaker_folds(recipe, speaker_of, options)
        return f"each speaker of {speaker_of} left out in turn, pooled", plan
    assert corpus is not None
    return f"trained without {corpus}", [plans.corpus_fold(recipe, corpus, options)]


def _write(output: Path, done: list[tuple[Fold, list]], way: str) -> None:  # type: ignore[type-arg]
    """The pooled report, with pictures where they can be drawn."""
    from voxtrait.evaluation import report
    from voxtrait.evaluation.plots import draw
    from voxtrait.training.cross_validate import training_median

    medians = {}
    for fold, rows in done:
        median = training_median(fold)
        if median is not None:
            medians.update({row.utterance.speaker_id: median for row in rows})
    rows = [row for _, some in done for row in some]
    built = report.build(rows, split=way, median_years=medians or None)
    report.write(built, output)
    try:
        draw(built, output)
    except MissingExtra as error:
        say("note", f"no pictures: {error.message}")
