"""What is said when a recording is read, but not all of it."""

from __future__ import annotations

import contextlib
import sys
import warnings
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["AudioWarning", "noted", "warn_cut", "warn_missing", "warn_short"]

# Each thread reads a recording of its own, and has a list of its own.
_notes: ContextVar[list[str] | None] = ContextVar("notes", default=None)


class AudioWarning(UserWarning):
    """Part of the recording is missing or damaged; the message names what."""


@contextlib.contextmanager
def noted() -> Iterator[list[str]]:
    """Collect what is warned of in this thread while the block runs, without the recording's name.

    Python's own filters may hide a warning; what is collected here is all of them.
    """
    outer = _notes.get()
    notes: list[str] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)
        if outer is not None:
            outer += notes


def warn_missing(name: str, what: str) -> None:
    """Warn that ``what`` of the recording ``name`` is not in the waveform."""
    if (notes := _notes.get()) is not None:
        notes.append(what)
    warnings.warn(f"{name}: {what}", AudioWarning, stacklevel=_level_of_the_caller())


def _level_of_the_caller() -> int:
    """How many frames above `warn_missing` somebody else's code is: a warning shows its line."""
    level, frame = 2, sys._getframe(2)
    while frame.f_back is not None and _is_ours(frame):
        level, frame = level + 1, frame.f_back
    return level


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] == "voxtrait"


def warn_cut(name: str, promised: int, there: int) -> None:
    """Warn if fewer bytes of compressed sound are there than the header promises."""
    if there < promised:
        missing = f"{promised - there} of {promised} bytes of sound are missing."
        warn_missing(name, f"the file was cut short; {missing}")


def warn_short(name: str, rate: int, promised: int, found: int) -> None:
    """Warn that fewer samples were found than there should be.

    Args:
        name: the recording.
        rate: its sample rate, Hz.
        promised: samples a channel, as the header or the last packet announces them.
        found: samples a channel that were decoded.
    """
    warn_missing(
        name,
        f"it should hold {promised / rate:.2f} s, only {found / rate:.2f} s could be decoded; "
        f"{(promised - found) / rate:.2f} s are missing.",
    )
