"""What the commands that train have in common: their options, and how they show progress."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxtrait.cli.failure import broken_package
from voxtrait.cli.roots import parse_roots
from voxtrait.cli.stderr import say
from voxtrait.errors import BrokenPackage, MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voxtrait.training.train import Options

__all__ = [
    "Cache",
    "Changes",
    "Device",
    "Jobs",
    "RecipeFile",
    "Teachers",
    "needing",
    "options",
]

MOST_WAITING = 0.1  # share of an epoch; reading and changing examples takes a few hundredths

RecipeFile = Annotated[Path, typer.Argument(metavar="RECIPE.toml", help="What to train, and how.")]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change one value of the recipe: fit.epochs=5."
    ),
]
Device = Annotated[
    str, typer.Option(metavar="auto|cpu|cuda|mps", help="Where the network is trained.")
]
Jobs = Annotated[int, typer.Option(min=1, metavar="N", help="Processes that prepare recordings.")]
Cache = Annotated[Path, typer.Option(metavar="DIR", help="Where prepared examples are kept.")]
Teachers = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", envvar="VOXTRAIT_TEACHERS", help="Where the files of a teacher lie."
    ),
]


def options(
    corpora: Path | None,
    roots: Sequence[str] | None,
    cache: Path,
    device: str,
    jobs: int,
    *,
    teachers: Path | None = None,
    resume: bool = False,
) -> Options:
    """The options of a training, with its progress on standard error, a line a step."""
    from voxtrait.training.train import Options

    return Options(
        corpora=corpora,
        roots=parse_roots(roots or ()),
        cache=cache,
        teachers=teachers,
        device=device,
        processes=jobs,
        resume=resume,
        report=_report,
    )


@contextlib.contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Turn the lack of an extra's package into an error that names the extra.

    Raises:
        MissingExtra: the extra is not there.
        BrokenPackage: a package of it does not load.
    """
    try:
        yield
    except (ImportError, OSError) as error:
        package = broken_package(error)
        if not package:
            raise
        if isinstance(error, ModuleNotFoundError):
            raise MissingExtra(what, extra) from error
        raise BrokenPackage(package, error) from error


def _report(stage: str, done: int, total: int, figures: Mapping[str, Any]) -> None:
    if not figures and done % max(1, total // 20) and done != total:
        return  # twenty lines a stage are enough
    shown = "".join(
        f", waiting {value:.0%}" if name == "waiting" else f", {name} {value:.4g}"
        for name, value in figures.items()
    )
    say("note", f"{stage} {done}/{total}{shown}")
    if done == total and figures.get("waiting", 0) > MOST_WAITING:
        share = f"{figures['waiting']:.0%} of the last epoch was spent on waiting for data"
        say("note", f"{share}: another program, or a slow disk, holds the training up")
