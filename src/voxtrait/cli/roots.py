"""``--root CORPUS=DIR``: where a corpus lies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voxtrait.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["parse_roots"]


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
