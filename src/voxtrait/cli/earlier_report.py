"""The files of a report that an evaluation puts another in the place of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from voxtrait.evaluation.plots import KINDS
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["answers_file", "earlier_files"]


def answers_file(folder: Path, condition: str) -> Path:
    """Where an evaluation keeps its answers under a condition."""
    return folder / f"{condition.replace(' ', '_')}.jsonl"


def earlier_files(folder: Path) -> list[Path]:
    """What lies in a folder beside the report of an earlier evaluation, the report first.

    Nothing where there is no report, or none of ours: only what it names itself is listed.
    """
    path = folder / "report.json"
    try:
        report = json.loads(path.read_bytes())
        conditions = [str(result["condition"]) for result in report["results"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    named = [path, path.with_suffix(".md")]
    named += [folder / f"{trait}-{kind}.png" for trait in TRAITS for kind in KINDS]
    answers = (answers_file(folder, condition) for condition in dict.fromkeys(conditions))
    named += [file for file in answers if file.parent == folder]
    return [file for file in named if file.is_file()]
