"""The places that commands write to, looked at before the work and not after it."""

from __future__ import annotations

import os
from pathlib import Path

from voxtrait.errors import UsageError
from voxtrait.whole_file import is_special, target_of

__all__ = ["check_folder", "check_manifest", "check_model", "check_text", "is_standard"]

WRITABLE = "Ask for permission, or give --output another folder."


def check_text(path: Path) -> None:
    """Refuse a path that is a folder or in none, or may not be written, or of a file of no text.

    What is written here is text, and so is all that it has reason to replace: whoever names a
    recording as the output means it as an input.

    Raises:
        UsageError: with the path.
    """
    _check_no_folder(path)
    if not os.path.isdir(path.parent):  # noqa: PTH112 - a Path's raises where it may not look
        raise UsageError(f"The folder {path.parent} is not there.", "Make it first.")
    if not is_special(path) and not _may_write(path.parent):
        raise UsageError(f"In the folder {path.parent} nothing may be written.", WRITABLE)
    if os.path.isfile(path) and _holds_bytes(path):  # noqa: PTH113 - likewise
        raise _taken(path, "is no text: a recording, perhaps")


def check_manifest(path: Path) -> None:
    """Refuse what `check_text` refuses, and a file that is no JSON Lines: a table, perhaps.

    Raises:
        UsageError: with the path.
    """
    check_text(path)
    if is_special(path) or not path.exists():
        return
    with path.open("rb") as file:
        first = file.read(1)
    if first not in (b"", b"{"):
        raise _taken(path, "is no manifest")


def check_model(path: Path) -> None:
    """Refuse a path where no model file can be made, or of a file that is called otherwise.

    Raises:
        UsageError: with the path.
    """
    _check_not_standard(path)
    path = target_of(path)
    _check_no_folder(path)
    if is_special(path):
        return
    check_folder(path.parent)
    if path.suffix != ".onnx" and os.path.lexists(path):
        raise _taken(path, "not called .onnx: a recording, perhaps")


def check_folder(path: Path) -> None:
    """Refuse a folder that cannot be made, or in which nothing may be written.

    Raises:
        UsageError: with the path, or the part of it that is to blame.
    """
    _check_not_standard(path)
    there = next((part for part in (path, *path.parents) if os.path.lexists(part)), path)
    if not os.path.isdir(there):  # noqa: PTH112 - likewise
        raise UsageError(f"{there} is no folder.", "Give --output a folder's name.")
    if not _may_write(there):
        raise UsageError(f"In the folder {there} nothing may be written.", WRITABLE)


def is_standard(path: str | Path) -> bool:
    """Whether standard output goes there: it is not replaced, for others may write to it too."""
    try:
        return str(path) == "-" or os.path.samestat(os.stat(path), os.fstat(1))  # noqa: PTH116
    except (OSError, ValueError):
        return False


def _check_not_standard(path: Path) -> None:
    if is_standard(path):
        raise UsageError("This is not written to standard output.", "Give --output a name.")


def _check_no_folder(path: Path) -> None:
    if os.path.isdir(path):  # noqa: PTH112 - likewise
        raise UsageError(f"{path} is a folder.", "Give --output a file's name.")


def _taken(path: Path, why: str) -> UsageError:
    return UsageError(
        f"{path} is there already and {why}.",
        "Give --output another name, or remove that file first.",
    )


def _may_write(folder: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=effective)


def _holds_bytes(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"\0" in file.read(1 << 16)  # every kind of recording has one; no text does
    except OSError:
        return False  # writing will say what is wrong
