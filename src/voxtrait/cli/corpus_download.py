"""``voxtrait corpus download``: a corpus from its makers."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxtrait.cli.places import check_folder
from voxtrait.cli.progress import is_terminal
from voxtrait.cli.stderr import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

    from voxtrait.corpora.download.get import Progress

__all__ = ["EXAMPLE", "download"]

EXAMPLE = """\b
Examples:
  voxtrait corpus download fsdd --output data
  voxtrait corpus download librispeech --part dev-clean --part test-clean
"""


def download(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CORPUS",
            help="audiomnist, fsdd, librispeech or speech_commands; common_voice with --archive.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="Folder of corpora, as for --corpora."),
    ] = Path("data"),
    parts: Annotated[
        list[str] | None,
        typer.Option("--part", metavar="PART", help="Of librispeech; may be repeated."),
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Unpack this file, which was got by hand."),
    ] = None,
) -> int:
    """Get a corpus from its makers, check it, and unpack it where --corpora finds it.

    A download that breaks off goes on when the same is called again. What is there is left alone.
    """
    from voxtrait.corpora.download import download as get
    from voxtrait.corpora.download import licence_of

    say("note", licence_of(name))
    check_folder(output)
    with _bar() as progress:
        place = get(name, output, parts=parts or (), archive=archive, progress=progress)
    typer.echo(place)
    return 0


@contextmanager
def _bar() -> Iterator[Progress]:
    """Bytes on a terminal; elsewhere a line where something else begins."""
    if not is_terminal():
        stages: set[str] = set()

        def tell(stage: str, done: int, size: int) -> None:
            del done, size
            if stage not in stages:
                stages.add(stage)
                say("note", stage)

        yield tell
        return
    import rich.progress
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    timing = (TransferSpeedColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with rich.progress.Progress(*columns, *timing, console=console, redirect_stdout=False) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, size: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=None)
            bars.update(tasks[stage], completed=done, total=max(size, done) or None)

        yield show
