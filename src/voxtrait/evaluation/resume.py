"""Going on with a long evaluation where it stopped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from voxtrait.errors import MissingRequirement, OutOfSpace, UsageError
from voxtrait.evaluation.scored import Scored, read_rows
from voxtrait.system import DISK_IS_FULL, shown
from voxtrait.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["add_row", "forget_others", "rows_done"]


def rows_done(output: Path, condition: str, models: dict[str, str], mark: str) -> dict[str, Scored]:
    """Rows that an earlier run left, by path; a line that it was killed in is cut off.

    Args:
        output: JSON Lines; may not be there yet.
        condition: what the rows must be of, since others may not be mixed with them.
        models: likewise, by trait.
        mark: likewise, the fingerprint of these models; see `voxtrait.evaluation.asked`.

    Raises:
        ManifestError: not a file of scored rows.
        UsageError: rows of another condition or other models, if only in calibration.
    """
    if not output.exists():
        return {}
    rows = {str(row.utterance.path): row for row in read_rows(output, torn_end=True)}
    for row in rows.values():
        if (row.condition, row.models) != (condition, models):
            raise UsageError(
                f"{output} holds answers of {row.models} to recordings that were "
                f"{row.condition}; asked for are {models} and {condition}.",
                "Choose another folder for the output.",
            )
        if row.fingerprint != mark:
            named = ", ".join(sorted(set(models.values())))
            raise UsageError(
                f"{output} holds answers of another {named}: fingerprint "
                f"{row.fingerprint or 'missing'}, not {mark}. It was trained or calibrated "
                "otherwise, or beside another speech detector.",
                "Choose another folder for the output, or leave --resume out to answer anew.",
            )
    content = output.read_bytes()
    if not content.endswith(b"\n"):
        with output.open("r+b") as file:
            file.truncate(content.rfind(b"\n") + 1)
    return rows


def forget_others(output: Path, mark: str) -> None:
    """Remove answers that are not of the models with this fingerprint, to be asked for anew.

    Raises:
        ManifestError: not a file of scored rows; it is left alone.
    """
    if output.exists() and any(r.fingerprint != mark for r in read_rows(output, torn_end=True)):
        output.unlink()


def add_row(output: Path, row: Scored, *, replacing: bool = False) -> None:
    """Add one row to the file, which begins with the first.

    Args:
        output: JSON Lines; folders above it that do not exist are made.
        row: what to add.
        replacing: rows that an earlier run left give way to this one.

    Raises:
        OutOfSpace: the disk is full; the rows before are safe.
        MissingRequirement: the system does not let it be written there.
    """
    line = f"{json.dumps(row.to_dict())}\n".encode()
    if replacing or not output.exists():
        write_whole(output, line)
        return
    try:
        with output.open("ab") as file:
            file.write(line)
    except OSError as error:
        if error.errno in DISK_IS_FULL:
            raise OutOfSpace(
                f"The disk is full: {shown(str(output))} cannot grow.",
                "Free some space. What was answered is kept: `evaluate --resume` goes on, and "
                "`cross-validate` by itself.",
            ) from error
        raise MissingRequirement(
            f"{shown(str(output))} cannot be written: {error.strerror}.",
            "Choose another place, or ask for permission to write there.",
        ) from error
