"""The exit codes that are of no error of ours; those of errors stand in `voxtrait.errors`."""

from __future__ import annotations

__all__ = ["CLOSED_PIPE", "FAULT", "INTERRUPTED"]

FAULT = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # 128 + SIGINT
CLOSED_PIPE = 141  # 128 + SIGPIPE
