"""``--corpora DIR`` and ``--root CORPUS=DIR``: where corpora lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxtrait.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Corpora", "Roots", "parse_roots"]

Corpora = Annotated[
    Path | None,
    typer.Option(
        "--corpora",
        metavar="DIR",
        envvar="VOXTRAIT_CORPORA",
        help="Folder that holds corpora under their usual names.",
    ),
]
Roots = Annotated[
    list[str] | None,
    typer.Option("--root", metavar="CORPUS=DIR", help="Where one corpus lies; may be repeated."),
]


def parse_roots(written: Iterable[str], names: Sequence[str] = ()) -> dict[str, list[Path]]:
    """Folders by corpus; a corpus named twice has two.

    Args:
        written: ``CORPUS=DIR``, or a folder that belongs to the only corpus asked for.
        names: the corpora asked for.

    Raises:
        UsageError: a folder that may belong to any corpus.
    """
    roots: dict[str, list[Path]] = {}
    for text in written:
        name, equals, place = text.partition("=")
        if name and equals and place and not Path(text).is_dir():
            roots.setdefault(name.strip(), []).append(Path(place).expanduser())
        elif len(names) == 1 and text:
            roots.setdefault(names[0], []).extend(_inside(names[0], text))
        else:
            raise UsageError(
                f"--root {text!r} does not say which corpus lies there.",
                "Write --root CORPUS=DIR, for example --root fsdd=data/fsdd, or --corpora DIR for "
                "a folder of corpora.",
            )
    return roots


def _inside(name: str, text: str) -> list[Path]:
    """The folder itself, or the corpus below it when it is a folder of corpora."""
    from voxtrait.corpora import CORPUS_FOLDERS

    folder = Path(text).expanduser()
    usual = [folder / inner for inner in CORPUS_FOLDERS.get(name, ())]
    return [place for place in usual if place.is_dir()] or [folder]
