"""A text written whole or not at all, and the places that can be written to."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from voxtrait.cli.stderr import say
from voxtrait.errors import UsageError

__all__ = ["check_target", "is_special", "put_in_place", "target_of", "write_text"]


def write_text(path: str, text: str) -> None:
    """Write a file beside its place and rename it; a pipe or device is written to directly.

    Where a file was there before, standard error is told.

    Raises:
        UsageError: the path cannot be written to.
        OSError: the disk is full or refuses; what was there before is untouched.
    """
    target = target_of(path)
    check_target(target)
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


def target_of(path: str) -> Path:
    """What is written to: the end of a link is replaced, not the link.

    The link of a shell's pipe, ``/dev/fd/63``, ends in a name that no path leads to.
    """
    named = Path(path)
    return named if is_special(named) else Path(os.path.realpath(named))


def put_in_place(beside: Path, target: Path) -> None:
    """Give a finished file its name, and say so where another had it until now."""
    was_there = target.exists()
    beside.replace(target)
    if was_there:
        say("note", f"{target} was there before and is replaced.")


def is_special(path: Path) -> bool:
    """A pipe or a device: it can be written to, but not replaced."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def check_target(path: Path) -> None:
    """Refuse a path that is a folder or in none, or may not be written, or of a file of no text.

    What is written here is text, and so is all that it has reason to replace: whoever names a
    recording as the output means it as an input.

    Raises:
        UsageError: with the path.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "Give --output a file's name.")
    if not path.parent.is_dir():
        raise UsageError(f"The folder {path.parent} is not there.", "Make it first.")
    if not is_special(path) and not _may_write(path.parent):
        raise UsageError(
            f"In the folder {path.parent} nothing may be written.",
            "Ask for permission, or give --output another folder.",
        )
    if path.is_file() and _holds_bytes(path):
        raise UsageError(
            f"{path} is there already and is no text: a recording, perhaps.",
            "Give --output another name, or remove that file first.",
        )


def _may_write(folder: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=effective)


def _holds_bytes(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"\0" in file.read(1 << 16)  # every kind of recording has one; no text does
    except OSError:
        return False  # writing will say what is wrong
