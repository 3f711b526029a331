"""Going on with a long evaluation where it stopped."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from voxtrait.errors import UsageError
from voxtrait.evaluation.scored import Scored, read_rows
from voxtrait.system import shown
from voxtrait.whole_file import refusal

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Answers", "forget_others"]


class Answers:
    """Scored rows in ``FILE.partial``, which takes the file's name when all are there.

    So the answers of an earlier evaluation stay until those that replace them are whole.

    Args:
        output: JSON Lines; may not be there yet.
        condition: what the rows must be of, since others may not be mixed with them.
        models: likewise, by trait.
        mark: likewise, the fingerprint of these models; see `voxtrait.evaluation.asked`.
        anew: what earlier runs left is not gone on with.

    Attributes:
        done: rows that an earlier run left, by path; a line that it was killed in is cut off.

    Raises:
        ManifestError: not a file of scored rows.
        UsageError: rows of another condition or other models, if only in calibration.
    """

    def __init__(
        self,
        output: Path,
        condition: str,
        models: dict[str, str],
        mark: str,
        *,
        anew: bool = False,
    ) -> None:
        self.output, self.partial = output, _partial(output)
        self.done: dict[str, Scored] = {}
        if anew:
            self.partial.unlink(missing_ok=True)
            return
        source = self.partial if self.partial.exists() else output
        if not source.exists():
            return
        self.done = _rows_done(source, condition, models, mark)
        if source == output:
            shutil.copyfile(output, self.partial)
        content = self.partial.read_bytes()
        if not content.endswith(b"\n"):
            with self.partial.open("r+b") as file:
                file.truncate(content.rfind(b"\n") + 1)

    def add(self, row: Scored) -> None:
        """Add one row; the system has it when this returns.

        Raises:
            OutOfSpace: the disk is full; the rows before are safe.
            MissingRequirement: the system does not let it be written there.
        """
        try:
            self.partial.parent.mkdir(parents=True, exist_ok=True)
            with self.partial.open("ab") as file:
                file.write(f"{json.dumps(row.to_dict())}\n".encode())
        except OSError as error:
            what = f"{shown(str(self.partial))} cannot grow"
            hint = (
                "Free some space. What was answered is kept: `evaluate --resume` goes on, and "
                "`cross-validate` by itself."
            )
            raise refusal(self.partial, error, what, hint) from error

    def finish(self) -> None:
        """All rows are there."""
        if self.partial.exists():
            self.partial.replace(self.output)


def _rows_done(
    source: Path, condition: str, models: dict[str, str], mark: str
) -> dict[str, Scored]:
    rows = {str(row.utterance.path): row for row in read_rows(source, torn_end=True)}
    for row in rows.values():
        if (row.condition, row.models) != (condition, models):
            raise UsageError(
                f"{source} holds answers of {row.models} to recordings that were "
                f"{row.condition}; asked for are {models} and {condition}.",
                "Choose another folder for the output.",
            )
        if row.fingerprint != mark:
            named = ", ".join(sorted(set(models.values())))
            raise UsageError(
                f"{source} holds answers of another {named}: fingerprint "
                f"{row.fingerprint or 'missing'}, not {mark}. It was trained or calibrated "
                "otherwise, or beside another speech detector.",
                "Choose another folder for the output, or leave --resume out to answer anew.",
            )
    return rows


def forget_others(output: Path, mark: str) -> None:
    """Remove answers that are not of the models with this fingerprint, to be asked for anew.

    Raises:
        ManifestError: not a file of scored rows; it is left alone.
    """
    for file in (output, _partial(output)):
        if file.exists() and any(r.fingerprint != mark for r in read_rows(file, torn_end=True)):
            file.unlink()


def _partial(output: Path) -> Path:
    return output.with_name(f"{output.name}.partial")
