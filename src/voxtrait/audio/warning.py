"""What is said when a recording is read, but not all of it."""

from __future__ import annotations

import warnings

__all__ = ["AudioWarning", "warn_cut", "warn_missing", "warn_short"]


class AudioWarning(UserWarning):
    """Part of the recording is missing or damaged; the message names what."""


def warn_missing(name: str, what: str) -> None:
    """Warn that ``what`` of the recording ``name`` is not in the waveform."""
    warnings.warn(f"{name}: {what}", AudioWarning, stacklevel=2)


def warn_cut(name: str, promised: int, there: int) -> None:
    """Warn if fewer bytes of compressed sound are there than the header promises."""
    if there < promised:
        missing = f"{promised - there} of {promised} bytes of sound are missing."
        warn_missing(name, f"the file was cut short; {missing}")


def warn_short(name: str, rate: int, promised: int, found: int) -> None:
    """Warn that fewer samples were found than the header promises.

    Args:
        name: the recording.
        rate: its sample rate, Hz.
        promised: samples a channel that the header announces.
        found: samples a channel that were decoded.
    """
    warn_missing(
        name,
        f"the header promises {promised / rate:.2f} s, only {found / rate:.2f} s could be decoded; "
        f"{(promised - found) / rate:.2f} s are missing.",
    )
