"""How every script here ends: with the exit code of the errors, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.cli.stderr import say
from voxtrait.errors import VoxtraitError

if TYPE_CHECKING:
    from collections.abc import Callable


def exit_code(work: Callable[[], None]) -> int:
    """Do the work; says on standard error what kept it from its end, as the command line does."""
    try:
        work()
    except VoxtraitError as error:
        say("error", error.message)
        say("hint", error.hint)
        return error.exit_code
    return 0
