"""What is said on standard error: a line each, safe on a terminal, never in the data's way."""

from __future__ import annotations

import contextlib
import sys
import warnings
from typing import TYPE_CHECKING

from voxtrait.cli.terminal import is_coloured
from voxtrait.cli.text import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["say", "warnings_as_lines"]

_COLOURS = {"error": "31", "warning": "33", "hint": "36"}


def say(kind: str, message: str) -> None:
    """Print ``kind: message`` as one line.

    Args:
        kind: ``error``, ``warning``, ``hint`` or ``note``.
        message: any text; control characters are escaped.
    """
    if sys.stderr is None:  # Started with standard error closed; print() would use standard output.
        return
    colour = _COLOURS.get(kind)
    head = f"\x1b[{colour}m{kind}:\x1b[0m" if colour and is_coloured(sys.stderr) else f"{kind}:"
    # Nobody is left to be told when standard error itself is gone.
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{head} {escape(message)}\n")
        sys.stderr.flush()


@contextlib.contextmanager
def warnings_as_lines() -> Iterator[None]:
    """Show every Python warning by `say`, without the source line that raised it."""

    def show(message: Warning | str, *_: object, **__: object) -> None:
        say("warning", str(message))

    with warnings.catch_warnings():
        # "always": by default a second file with the same fault would pass in silence.
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = show
        yield
