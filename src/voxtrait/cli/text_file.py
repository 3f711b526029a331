"""A text written whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from voxtrait.cli.places import check_text
from voxtrait.cli.stderr import say
from voxtrait.whole_file import is_special, target_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["put_in_place", "write_text"]


def write_text(path: str, text: str) -> None:
    """Write a file beside its place and rename it; a pipe or device is written to directly.

    Where a file was there before, standard error is told.

    Raises:
        UsageError: the path cannot be written to.
        OSError: the disk is full or refuses; what was there before is untouched.
    """
    target = target_of(path)
    check_text(target)
    if is_special(target):
        target.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")
        return
    # Not FILE.partial: that may hold what an interrupted run of another format answered.
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")
        put_in_place(beside, target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def put_in_place(beside: Path, target: Path) -> None:
    """Give a finished file its name, and say so where another had it until now."""
    was_there = target.exists()
    beside.replace(target)
    if was_there:
        say("note", f"{target} was there before and is replaced.")
