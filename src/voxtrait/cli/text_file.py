"""A text written whole or not at all, and what is said of a file that gave way."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from voxtrait.cli.places import check_text
from voxtrait.cli.stderr import say
from voxtrait.whole_file import is_special, target_of, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["replacing", "write_text"]


def write_text(path: str, text: str) -> None:
    """Write a file beside its place and rename it; a pipe or device is written to directly.

    Where a file was there before, standard error is told.

    Raises:
        UsageError: the path cannot be written to.
        OutOfSpace: the disk is full; what was there before is untouched.
        MissingRequirement: the system refuses; likewise.
    """
    target = target_of(path)
    check_text(target)
    with replacing(target):
        write_whole(target, text.encode(errors="backslashreplace"))


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[None]:
    """Say after the block that it put a file in the place of another, where there was one."""
    target = target_of(path)
    was_there = target.exists() and not is_special(target)
    yield
    if was_there:
        say("note", f"{target} was there before and is replaced.")
