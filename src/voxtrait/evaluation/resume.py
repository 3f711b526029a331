"""Going on with a long evaluation where it stopped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from voxtrait.errors import OutOfSpace, UsageError
from voxtrait.evaluation.scored import Scored, read_rows

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


def add_row(output: Path, row: Scored) -> None:
    """Add one row to the file, which begins with the first.

    Raises:
        OutOfSpace: it could not be written; the rows before are safe.
    """
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with output.open("a", encoding="utf-8", errors="surrogateescape") as file:
            file.write(f"{json.dumps(row.to_dict())}\n")
    except OSError as error:
        raise OutOfSpace(
            f"{output} could not be written: {error.strerror}.",
            "Free some space and run the same command again; it goes on where it stopped.",
        ) from error
