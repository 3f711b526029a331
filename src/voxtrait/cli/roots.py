"""``--corpora DIR`` and ``--root CORPUS=DIR``: where corpora lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxtrait.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def parse_roots(written: Iterable[str]) -> dict[str, list[Path]]:
    """Folders by corpus; a corpus named twice has two.

    Raises:
        UsageError: not of the form ``CORPUS=DIR``.
    """
    roots: dict[str, list[Path]] = {}
    for text in written:
        name, equals, place = text.partition("=")
        if not (name and equals and place):
            raise UsageError(f"{text!r} is not CORPUS=DIR.", "For example: --root fsdd=data/fsdd")
        roots.setdefault(name.strip(), []).append(Path(place).expanduser())
    return roots
