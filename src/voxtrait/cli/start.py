"""Where the process starts: Ctrl-C ends it quietly before there is a command, and after it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from voxtrait.cli.exit_codes import INTERRUPTED

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["main"]


def main() -> int:
    """Run the command line of `voxtrait.cli.app`; returns the exit code of the process."""
    # Where Ctrl-C is ignored, as under nohup, it stays ignored.
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heard:
        signal.signal(signal.SIGINT, _leave)
    from voxtrait.cli.app import main as run  # takes a while: it brings typer

    if heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on it is an exception
    try:
        code = run()
    finally:
        if heard:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback of what Python tidies up
    if code == INTERRUPTED:
        os._exit(code)  # a thread may still be making a session, which no end of Python stands
    return code


def _leave(number: int, frame: FrameType | None) -> None:
    """At once: what is half imported cannot be tidied up, and nothing was begun."""
    del number, frame
    os._exit(INTERRUPTED)
