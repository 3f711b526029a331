"""``voxtrait export``: a training run's network to a model file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voxtrait.cli import training as common
from voxtrait.cli.places import check_model
from voxtrait.cli.text_file import replacing

__all__ = ["register"]

EXAMPLE = """\b
Example:
  voxtrait export runs/voice --output voice.onnx --folds runs/folds \\
    --measured runs/folds/report.json
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLE, short_help="Write a training run's network as a model file.")(
        export
    )


def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `train` wrote.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Model file to write.")
    ],
    measured: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="REPORT.json",
            help="Figures for the card, of `cross-validate`; may be repeated.",
        ),
    ] = None,
    folds: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Calibrate on the validation of its folds as well."),
    ] = None,
) -> int:
    """Write a run's network as a model file, calibrated as the run calibrated it.

    The graph is made anew from the checkpoint and compared with torch on recordings of the run.
    """
    with common.needing("export", "Exporting"):
        from voxtrait.training.reexport import reexport

    check_model(output)  # before the work
    with replacing(output):
        difference = reexport(run, output, measured or [], folds)
    typer.echo(f"{output}: differs from torch by {difference:.1e} at most")
    return 0
