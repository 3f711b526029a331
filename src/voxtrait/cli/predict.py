"""``voxtrait predict``: what recordings say about their speakers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from voxtrait.cli.asking import ask
from voxtrait.cli.inputs import find_recordings
from voxtrait.cli.options import (
    DEFAULT_SIZE,
    SIZES,
    as_channel,
    as_seconds,
    as_size,
    as_trait,
    load_predictor,
)
from voxtrait.cli.output import open_output
from voxtrait.cli.progress import progress_bar
from voxtrait.cli.stderr import say
from voxtrait.cli.tally import Tally
from voxtrait.errors import UsageError
from voxtrait.traits import TRAITS

__all__ = ["register"]

EXAMPLES = """\b
Examples:
  voxtrait predict clip.wav
  voxtrait predict interviews/ --trait gender --trait age --output answers.csv
  voxtrait predict @list.txt --format json --output answers.jsonl --resume
  ffmpeg -i talk.mp4 -f wav - | voxtrait predict - --format json

\b
Exit code: 0 all answered, 1 some inputs failed, 2 wrong usage, 3 no input
could be read, 4 a model file is wrong, 5 something is missing here.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(predict)


class Shape(StrEnum):
    """How answers are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def predict(
    context: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(
            parser=str,  # kept as it is: typer's own check refuses names that are no valid text
            metavar="PATH",
            help="Recordings, folders of them (with their subfolders), @LIST for a file with one "
            "path a line (# begins a comment), - for a recording on standard input.",
        ),
    ],
    trait: Annotated[
        list[str] | None,
        typer.Option(
            parser=as_trait,
            metavar="|".join(TRAITS),
            autocompletion=lambda: list(TRAITS),
            help="What to answer; may be repeated. All traits by default.",
        ),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            parser=str,
            metavar="FILE",
            help="Model file instead of the shipped ones; may be repeated.",
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            parser=as_size,
            metavar="|".join(SIZES),
            autocompletion=lambda: list(SIZES),
            help=f"Size of the shipped models; {DEFAULT_SIZE} by default.",
        ),
    ] = None,
    shape: Annotated[
        Shape | None,
        typer.Option(
            "--format",
            help="table for people, json (an object a line) or csv for programs. By "
            "default a table, and with --output what its suffix says: .json, .jsonl, "
            ".csv or .txt.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            parser=str,
            metavar="FILE",
            help="File to write, whole or not at all; one that is there is replaced when all is "
            "answered. - is standard output.",
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with --output where an earlier run ended, and try again what failed.",
        ),
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Recordings answered at once.")] = 1,
    threads: Annotated[
        int, typer.Option(min=1, metavar="N", help="Threads within a recording.")
    ] = 1,
    max_seconds: Annotated[
        float,
        typer.Option(
            parser=as_seconds,
            metavar="SECONDS",
            show_default=False,
            help="Longer recordings are refused. An hour (3600) by default.",
        ),
    ] = 3600.0,
    channel: Annotated[
        str,
        typer.Option(
            parser=as_channel, metavar="mix|N", help="All channels mixed, or one; 0 is the first."
        ),
    ] = "mix",
) -> int:
    """Answer recordings: digit, perceived gender, age.

    Perceived gender: as the speakers or editors of the training recordings labelled it. An answer
    that had better not be relied on is called unsure. Without speech there is no answer.
    """
    if model and size:
        raise UsageError(
            "--size picks among the shipped models, --model names another.", "Give one."
        )
    recordings = list(find_recordings(paths))
    answers = open_output(shape, output, resume=resume)
    tally = Tally(answers.earlier)
    try:
        todo = answers.earlier.left_of(recordings)
        predictor = load_predictor(trait or [], model or [], size or DEFAULT_SIZE, threads)
        answers.earlier.check_same_options(predictor, channel)
        rows = ask(
            predictor,
            todo,
            max_seconds=max_seconds,
            channel=channel,
            jobs=jobs,
            debug=context.obj.debug,
        )
        done, hidden = len(recordings) - len(todo), answers.is_seen
        with progress_bar("Listening", len(recordings), done=done, hidden=hidden) as advance:
            for row in rows:
                answers.write(row)
                tally.add(row)
                advance()
    except BaseException:
        # Also when interrupted: what is answered stays, and the user hears where.
        if kept := answers.abandon():
            say("note", kept)
        raise
    answers.finish()
    tally.tell()
    return tally.exit_code()
