"""How far a long run has come, for people at a terminal only."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["A_FEW", "is_terminal", "progress_bar"]

A_FEW = 3  # as many are answered before a bar could be read


@contextlib.contextmanager
def progress_bar(
    title: str, total: int, *, done: int = 0, hidden: bool = False
) -> Iterator[Callable[[], None]]:
    """A bar on standard error while the block runs, gone after it.

    There is none for a few steps, nor where standard error is not a terminal.

    Args:
        title: what is being done.
        total: steps in all.
        done: steps that were done before.
        hidden: draw none, because the data itself appears on the terminal.

    Yields:
        To be called after each step.
    """
    if hidden or total - done <= A_FEW or not is_terminal():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    # Standard output is data: rich must not send it to the terminal by way of the bar.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task(title, total=total, completed=done)
        yield lambda: progress.advance(task)


def is_terminal() -> bool:
    """Whether standard error is a terminal on which a bar can move."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
