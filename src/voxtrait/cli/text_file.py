"""A text written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.cli.places import check_text
from voxtrait.cli.stderr import say
from voxtrait.whole_file import is_special, target_of, write_whole

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["put_in_place", "tell_replaced", "write_text"]


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
    was_there = target.exists() and not is_special(target)
    write_whole(target, text.encode(errors="backslashreplace"))
    if was_there:
        tell_replaced(target)


def put_in_place(beside: Path, target: Path) -> None:
    """Give a finished file its name, and say so where another had it until now."""
    was_there = target.exists()
    beside.replace(target)
    if was_there:
        tell_replaced(target)


def tell_replaced(target: Path) -> None:
    """Say that a file has taken the place of another."""
    say("note", f"{target} was there before and is replaced.")
