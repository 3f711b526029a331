"""Keeping what is raised inside a C library's callback: Ctrl-C, above all.

A signal that arrives while libsndfile decodes is answered by the next Python code that runs, and
that is the callback by which libsndfile reads. C code cannot be left by an exception: cffi hands it
to ``sys.unraisablehook``, which prints it, and the file seems to end there.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["interruptible"]


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise behind this block what was raised inside a cffi callback within it.

    In the main thread, which alone is interrupted; elsewhere nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    lost: list[BaseException] = []
    before, caller, is_over = sys.unraisablehook, threading.get_ident(), False

    def keep(unraisable: sys.UnraisableHookArgs) -> None:
        # The hook is everybody's: other threads meet it, and somebody may put it back later.
        ours = threading.get_ident() == caller and not is_over
        inside = "cffi callback" in (unraisable.err_msg or "")
        if ours and inside and unraisable.exc_value is not None:
            lost.append(unraisable.exc_value)
        else:
            before(unraisable)

    sys.unraisablehook = keep
    try:
        yield
    finally:
        is_over = True
        if sys.unraisablehook is keep:
            sys.unraisablehook = before
        if lost:
            raise lost.pop()
