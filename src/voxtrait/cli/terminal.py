"""What a stream can show: anything, how wide it is, and whether it takes colours."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from voxtrait.errors import MissingRequirement

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["ENDLESS", "is_coloured", "standard_output", "width_of"]

# Wide enough that nothing in a file or a pipe is folded; a table takes only what it needs.
ENDLESS = 10_000


def standard_output(hint: str = "Open it: leave out >&-, or write > FILE.") -> TextIO:
    """Where data goes.

    Raises:
        MissingRequirement: it was closed before the process began.
    """
    if sys.stdout is None:
        raise MissingRequirement("Standard output is closed.", hint)
    return sys.stdout


def is_coloured(stream: TextIO) -> bool:
    """A terminal, unless it is a dumb one or ``NO_COLOR`` is set."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def width_of(stream: TextIO) -> int:
    """Columns of a terminal; endless for anything else."""
    return shutil.get_terminal_size().columns if stream.isatty() else ENDLESS
