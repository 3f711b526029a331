"""``voxtrait evaluate``: how good a model is on recordings whose truth is known."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from voxtrait.cli.conditions import CodecOption, NoiseSnr, Room, Seconds
from voxtrait.cli.options import DEFAULT_SIZE, SIZES, as_size, as_trait, load_predictor
from voxtrait.cli.places import check_folder
from voxtrait.cli.stderr import say
from voxtrait.cli.terminal import standard_output
from voxtrait.errors import UnusablePackage, UsageError
from voxtrait.traits import TRAITS

__all__ = ["register"]

EXAMPLES = """\b
Examples:
  voxtrait evaluate --corpus librispeech --root data/librispeech --split all
  voxtrait evaluate --corpus fsdd --corpus speech_commands --corpora data \\
    --trait digit --noise-snr 10 --codec telephone --output report

\b
--split test, validation and train are shares of the corpus's speakers, the
same on every machine: a tenth, a tenth and the rest. Most models were trained
on some of each. Too few speakers for that can be measured with --split all.

\b
--split unheard leaves out whoever took part in training, validation or
calibration. Of a model in its run's folder that is known by speaker: unheard
are the test parts (train --set split.test=[8]) and who was not there. Of any
other model it is known by corpus only: whoever is in one that its card names
may have been heard.
"""


class Shape(StrEnum):
    """What is printed."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


class Part(StrEnum):
    """Which speakers are measured on."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    UNHEARD = "unheard"
    ALL = "all"


def register(app: typer.Typer) -> None:
    """Add the command."""
    short = "Measure a model where the truth is known."
    app.command(epilog=EXAMPLES, short_help=short)(evaluate)


def evaluate(
    model: Annotated[
        list[str] | None,
        typer.Option(
            parser=str,
            metavar="FILE",
            help="Model file; may be repeated. By default those shipped.",
        ),
    ] = None,
    size: Annotated[
        str,
        typer.Option(
            parser=as_size,
            metavar="|".join(SIZES),
            autocompletion=lambda: list(SIZES),
            help="Size of the shipped models.",
        ),
    ] = DEFAULT_SIZE,
    corpus: Annotated[
        list[str] | None,
        typer.Option(metavar="CORPUS", help="What to measure on; may be repeated."),
    ] = None,
    root: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DIR|CORPUS=DIR", help="Where the corpus lies; with its name for several."
        ),
    ] = None,
    corpora: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            envvar="VOXTRAIT_CORPORA",
            help="Folder that holds corpora under their usual names.",
        ),
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Manifest to measure on, of any corpora.")
    ] = None,
    split: Annotated[Part, typer.Option(help="Speakers to measure on.")] = Part.TEST,
    trait: Annotated[
        list[str] | None,
        typer.Option(
            parser=as_trait, metavar="|".join(TRAITS), help="What to measure; may be repeated."
        ),
    ] = None,
    noise_snr: NoiseSnr = None,
    room: Room = False,
    seconds: Seconds = None,
    codec: CodecOption = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="An earlier --output to compare with, clip by clip."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Folder for report, pictures and all answers."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with --output where an earlier run ended.")
    ] = False,
    pictures: Annotated[bool, typer.Option(help="Draw pictures into --output.")] = True,
    shape: Annotated[Shape, typer.Option("--format", help="What to print.")] = Shape.TABLE,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Recordings answered at once.")] = 1,
) -> int:
    """Measure a model on recordings whose truth is known, with 95 % intervals over speakers.

    Each value of --noise-snr, --seconds, --room and --codec is one more pass over the same
    recordings, compared with the clean ones. Noise and rooms are those of the noise corpus
    (--corpora, or --root noise=DIR). Perceived gender: as speakers or editors labelled it.
    """
    from voxtrait.cli.earlier_report import answers_file, earlier_files
    from voxtrait.cli.evaluation import Passes, answer, changes, show
    from voxtrait.cli.selection import Selection
    from voxtrait.evaluation import plots, report
    from voxtrait.evaluation.scored import read_rows

    out = standard_output()
    if resume and output is None:
        raise UsageError("--resume needs the folder of the earlier run.", "Give --output DIR.")
    if output is not None:
        check_folder(output)
        pictures = pictures and _can_draw()
    earlier = list(read_rows(against / "clean.jsonl")) if against is not None else []
    predictor = load_predictor(trait or [], model or [], size, threads=1)
    traits = [name for name in predictor.traits if not trait or name in trait]
    passes = Passes(tuple(noise_snr or ()), tuple(seconds or ()), room, codec)
    chosen = Selection.gather(corpus or [], root or [], corpora, manifest, noise=passes.need_noise)
    chosen = chosen.part(split, predictor.cards, [Path(name) for name in model or []])
    distortions = passes.distortions(chosen.noises)
    replaced = earlier_files(output) if output is not None and not resume else []
    if replaced:
        say("note", f"{replaced[0]} of an earlier evaluation will be replaced, and its files.")
    rows = answer(
        predictor, chosen.rows, traits, distortions, output=output, resume=resume, jobs=jobs
    )
    built = report.build(rows, split=chosen.split, traits=traits, median_years=chosen.median_years)
    if output is not None:
        written = report.write(built, output)
        if pictures:
            written += plots.draw(built, output)
        written += [answers_file(output, distortion.name) for distortion in distortions]
        for stale in set(replaced).difference(written):
            stale.unlink(missing_ok=True)
        say("note", f"Wrote {output / 'report.md'}, and what lies beside it.")
    show(built, changes(rows, earlier, traits) if against is not None else [], shape, out)
    return 1 if any(row["failed"] for row in built["answering"]) else 0


def _can_draw() -> bool:
    """Whether pictures can be drawn; else that is said before the work, not after it."""
    from voxtrait.evaluation import plots

    try:
        plots.check_matplotlib()
    except UnusablePackage as error:
        say("note", f"The report will have no pictures: {error.message} {error.hint}")
        return False
    return True
