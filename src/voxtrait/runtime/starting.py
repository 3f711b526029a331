"""Sessions of several models made side by side, the first time they are needed."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voxtrait.model_file import ModelFile

__all__ = ["starting"]

INTERRUPTED_S = 1.0  # how long an interrupted block waits for each thread


@contextlib.contextmanager
def starting(models: Sequence[ModelFile], threads: int) -> Iterator[None]:
    """Make sessions in the background while a recording is read.

    None of these threads outlives the block, unless Ctrl-C ends it: one that a fork cuts off would
    leave locks behind.

    Args:
        models: those that will be needed after the block.
        threads: of each session.
    """
    waiting = [model for model in models if not model.started(threads)]
    if waiting and (os.cpu_count() or 1) == 1:
        waiting = []
    workers = [
        threading.Thread(target=_start, args=(model, threads), name="voxtrait", daemon=True)
        for model in waiting
    ]
    longest = None
    for worker in workers:
        worker.start()
    try:
        yield
    except KeyboardInterrupt:
        longest = INTERRUPTED_S  # a worker may wait for an import that Ctrl-C broke off
        raise
    finally:
        for worker in workers:
            worker.join(longest)


def _start(model: ModelFile, threads: int) -> None:
    # What is wrong with it is raised when it is asked.
    with contextlib.suppress(Exception):
        model.session(threads)
