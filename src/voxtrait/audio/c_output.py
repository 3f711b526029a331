"""Keeping C libraries from writing to the user's terminal.

libmpg123, inside libsndfile, reports damaged MP3 files with ``fprintf(stderr, ...)``, libsndfile
damaged ALAC tables with ``printf``, and neither can be asked not to. Redirecting file descriptors
would also swallow what other threads say meanwhile, tracebacks included. So the C library's
*variables* ``stderr`` and ``stdout`` are pointed at the null device: Python writes to the
descriptors and notices nothing. Threads share one count, so that the first turns the variables and
the last turns them back; the stream behind them is never closed, so nobody can be caught writing
to a closed one.

glibc and macOS have such variables. Elsewhere (musl, Windows) nothing is done; MP3 files are
cleaned frame by frame before libmpg123 sees them, which leaves it little to say.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["silenced"]

_lock = threading.Lock()
_users = 0
_kept: list[int | None] = []


@contextmanager
def silenced() -> Iterator[None]:
    """Within this block what C code prints is dropped. Safe in many threads."""
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _users, _kept
    variables, null = _streams()
    with _lock:
        if _users == 0:
            _kept = [variable.value for variable in variables]
            for variable in variables:
                variable.value = null
        _users += 1


def _leave() -> None:
    global _users
    with _lock:
        _users -= 1
        if _users == 0:
            _restore()


def _restore() -> None:
    for variable, stream in zip(_streams()[0], _kept, strict=True):
        variable.value = stream


@lru_cache(maxsize=1)
def _streams() -> tuple[list[ctypes.c_void_p], int]:
    """The variables, and a stream to the null device; no variables where they cannot be turned."""
    try:
        if sys.platform == "darwin":
            names = ["__stderrp", "__stdoutp"]
        elif (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc"):
            names = ["stderr", "stdout"]  # musl's are constant: writing to them would crash
        else:
            return [], 0
        library = ctypes.CDLL(None)
        variables = [ctypes.c_void_p.in_dll(library, name) for name in names]
        library.fopen.restype = ctypes.c_void_p
        null = library.fopen(os.devnull.encode(), b"w")
    except (OSError, ValueError, AttributeError):
        return [], 0
    return (variables, null) if null else ([], 0)


def _start_anew() -> None:
    # A forked child has only the thread that forked: what others held would stay held for ever.
    global _lock, _users
    _lock = threading.Lock()
    if _users:
        _restore()
    _users = 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
