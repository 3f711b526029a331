"""An exception as words on standard error and an exit code."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from voxtrait.cli.exit_codes import CLOSED_PIPE, FAULT, INTERRUPTED
from voxtrait.cli.stderr import say
from voxtrait.errors import BrokenPackage, MissingRequirement, OutOfSpace, VoxtraitError
from voxtrait.system import DISK_IS_FULL

__all__ = ["broken_package", "report"]

# What every error of typer's parser descends from. It came from click, then from a copy of click
# inside typer, and has no lasting name.
_ParserError = typer.BadParameter.__mro__[2]


def report(error: BaseException, *, debug: bool = False) -> int:
    """Say what went wrong, and what to do, on standard error.

    Args:
        error: what was raised.
        debug: print the traceback first.

    Returns:
        The exit code of the process.
    """
    if isinstance(error, BrokenPipeError):
        return CLOSED_PIPE  # The reader has seen enough: `voxtrait ... | head`.
    if isinstance(error, (KeyboardInterrupt, typer.Abort)):
        return INTERRUPTED
    if debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, _ParserError):
        return _report_usage(error)
    known = _as_known(error)
    if known is None:
        say("error", f"{_where_it_broke(error)} This is a fault of voxtrait: {_report_at()}")
        return FAULT
    say("error", known.message)
    if known.hint:
        say("hint", known.hint)
    return known.exit_code


def _report_usage(error: BaseException) -> int:
    message = getattr(error, "format_message", error.__str__)()
    say("error", " ".join(message.replace("Value error, ", "").split()))
    context = getattr(error, "ctx", None)
    say("hint", f"{context.command_path if context else 'voxtrait'} --help shows what there is.")
    return 2


def _as_known(error: BaseException) -> VoxtraitError | None:
    """The error in the project's own words; None for a fault of ours."""
    if isinstance(error, VoxtraitError):
        return error
    if isinstance(error, MemoryError):
        return MissingRequirement(
            "There is not enough memory for this.", "Use fewer --jobs, or shorter recordings."
        )
    if isinstance(error, ImportError):
        package = broken_package(error)
        return BrokenPackage(package, error) if package else None
    if isinstance(error, OSError) and error.errno is not None:
        what = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}."
        if error.errno in DISK_IS_FULL:
            return OutOfSpace(f"The disk is full ({what[:-1]}).", "Free some space and try again.")
        return MissingRequirement(f"The system refused: {what}", "Check the name and its rights.")
    return None


def broken_package(error: BaseException) -> str:
    """The package whose import failed; empty where voxtrait asked for what it does not have."""
    if isinstance(error, ModuleNotFoundError):
        name = (error.name or "").partition(".")[0]
    else:
        name, trace = "", error.__traceback__
        while trace is not None:  # the innermost that is no part of Python
            module = str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
            name = name if module in sys.stdlib_module_names else module
            trace = trace.tb_next
    return "" if name == "voxtrait" else name


def _where_it_broke(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace else ""
    return f"{text}{place}."


def _report_at() -> str:
    """Where to report a fault, as the installed package's own metadata name it."""
    from importlib import metadata

    try:
        links = metadata.metadata("voxtrait").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        links = []
    named = dict(link.split(", ", 1) for link in links if ", " in link)
    tracker = named.get("Issues", "the project's issue tracker")
    return (
        f"please report it at {tracker}, with what the same call as `voxtrait --debug ...` prints."
    )
