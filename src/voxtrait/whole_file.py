"""Files that are there whole or not at all, whatever ends the program."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from typing import TYPE_CHECKING

from voxtrait.errors import MissingRequirement, OutOfSpace
from voxtrait.system import DISK_IS_FULL, shown

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["is_special", "is_taken", "refusal", "target_of", "write_whole"]


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then renamed.

    A pipe or a device is written to as it is, and of a link what it leads to is replaced.

    Args:
        path: of the file; folders above it that do not exist are made.
        content: all of it.

    Raises:
        OutOfSpace: the disk is full; what was at ``path`` is untouched.
        MissingRequirement: the system does not let it be written there; the same holds.
        BrokenPipeError: nobody reads the pipe any more.
    """
    target = target_of(path)
    # Part of the name: with all of it and more, one that is as long as may be would be too long.
    beside = target.with_name(f".{target.name[:40]}.{os.getpid()}.part")
    try:
        if is_special(target):
            target.write_bytes(content)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # else a machine that stops here leaves an empty file
        beside.replace(target)
    except BrokenPipeError:
        raise  # whoever read it has seen enough
    except OSError as error:
        what = f"{len(content):,} bytes for {shown(str(path))} do not fit"
        hint = "Free some space and try again; what was there before is untouched."
        raise refusal(path, error, what, hint) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()  # whatever ended this, Ctrl-C too


def refusal(
    path: str | os.PathLike[str], error: OSError, what: str, hint: str
) -> MissingRequirement:
    """What the user is told where the system does not let a file be written.

    Args:
        path: of the file.
        error: the system's.
        what: happens to the file where the disk is full.
        hint: what to do then.
    """
    if error.errno in DISK_IS_FULL:
        return OutOfSpace(f"The disk is full: {what}.", hint)
    return MissingRequirement(
        f"{shown(str(path))} cannot be written: {error.strerror}.",
        "Choose another place, or ask for permission to write there.",
    )


def target_of(path: str | os.PathLike[str]) -> Path:
    """What is written to: the end of a link is replaced, not the link.

    The link of a shell's pipe, ``/dev/fd/63``, ends in a name that no path leads to.
    """
    from pathlib import Path  # takes 3 ms of a start, which writes nothing

    named = Path(path)
    return named if is_special(named) else Path(os.path.realpath(named))


def is_special(path: Path) -> bool:
    """A pipe or a device: it can be written to, but not replaced."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def is_taken(file: int) -> bool:
    """Whether another process has a file open here; otherwise it is ours until we close it."""
    if sys.platform == "win32":  # where a lock would keep others from reading what is there
        return False
    import fcntl  # Windows has none

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:  # any other is of a file system without locks
        return isinstance(error, BlockingIOError)
    return False
