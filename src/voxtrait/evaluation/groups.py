"""Figures by group of speakers and kind of recording, and the group that fares worst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.evaluation.answers import answers
from voxtrait.evaluation.metrics import ACCURACY, UAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.evaluation.answers import Answers
    from voxtrait.evaluation.scored import Scored

__all__ = [
    "DIMENSIONS",
    "LEAST_SPEAKERS",
    "Group",
    "Worst",
    "by_condition",
    "by_group",
    "worst_group",
]

LEAST_SPEAKERS = 10
UNKNOWN = "unknown"
DIMENSIONS = ("gender", "age", "corpus", "language")
_DURATIONS = (1.0, 2.0, 4.0, 8.0)  # seconds; a border belongs to the longer side


@dataclass(frozen=True, slots=True)
class Group:
    """One cell.

    Args:
        cell: dimension to value, such as ``{"gender": "female", "age": "60+"}``.
        speakers, clips: how many; ``refused`` of the clips are spoken and have no answer.
        accuracy, uar: a refusal is wrong. None under ten speakers, where they would say more of
            chance, and of single people, than of the group. Where all of the cell has one true
            label both are its recall.
    """

    cell: dict[str, str]
    speakers: int
    clips: int
    refused: int
    accuracy: float | None
    uar: float | None


@dataclass(frozen=True, slots=True)
class Worst:
    """The group with the lowest recall, among those of ten speakers and one true label."""

    cell: dict[str, str]
    speakers: int
    clips: int
    recall: float


def by_group(rows: Sequence[Scored], trait: str) -> list[Group]:
    """Every dimension alone, each with the true label, then gender x age x corpus x language.

    A dimension in which all recordings agree is left out.

    Args:
        rows: scored recordings of one condition.
        trait: name of a trait; its true label is a dimension as well.
    """
    kept = [row for row in rows if _asked(row, trait)]
    columns = answers(kept, trait, refusals=True)
    described = [_describe(row, trait) for row in kept]
    found: list[Group] = []
    for dimensions in _tables(trait, described):
        cells: dict[tuple[str, ...], list[int]] = {}
        for index, values in enumerate(described):
            cells.setdefault(tuple(values[d] for d in dimensions), []).append(index)
        found += [
            _measure(columns.where(np.array(members)), dict(zip(dimensions, cell, strict=True)))
            for cell, members in sorted(cells.items())
        ]
    return found


def by_condition(rows: Sequence[Scored], trait: str) -> list[Group]:
    """Each condition alone, then with the true label: what noise, a room or a telephone leave.

    Args:
        rows: scored recordings of several conditions; the first row's, mostly ``"clean"``, is left
            out, since `by_group` has it.
        trait: name of a trait.
    """
    kept = [row for row in rows if _asked(row, trait)]
    columns = answers(kept, trait, refusals=True)
    conditions = np.array([row.condition for row in kept], np.str_)
    found: list[Group] = []
    for condition in dict.fromkeys(
        row.condition for row in kept if row.condition != rows[0].condition
    ):
        mine = columns.where(conditions == condition)
        found.append(_measure(mine, {"condition": condition}))
        for index in np.unique(mine.truth):
            cell = {trait: mine.labels[index], "condition": condition}
            found.append(_measure(mine.where(mine.truth == index), cell))
    return found


def worst_group(groups: Sequence[Group], trait: str) -> Worst | None:
    """The lowest recall among cells that name the trait's true label; None without such a cell."""
    recalls = [
        Worst(group.cell, group.speakers, group.clips, group.accuracy)
        for group in groups
        if trait in group.cell and group.accuracy is not None
    ]
    return min(recalls, key=lambda worst: worst.recall, default=None)


def _tables(trait: str, described: Sequence[dict[str, str]]) -> list[tuple[str, ...]]:
    """Which dimensions to cut by: one that is the same for all would only repeat other cells."""
    varying = [
        dimension
        for dimension in dict.fromkeys((*DIMENSIONS, "duration"))
        if dimension != trait and len({values[dimension] for values in described}) > 1
    ]
    crossed = tuple(d for d in varying if d in DIMENSIONS)
    tables = [(trait,), *((d,) for d in varying), *((trait, d) for d in varying)]
    return list(dict.fromkeys([*tables, (trait, *crossed)]))


def _asked(row: Scored, trait: str) -> bool:
    """Whether the row counts: noise without an answer has the right one, speech without a wrong."""
    answered = trait in row.label or row.utterance.kind == "speech"
    return trait in row.utterance.labels and answered


def _describe(row: Scored, trait: str) -> dict[str, str]:
    labels = row.utterance.labels
    return {
        trait: labels[trait],
        "gender": labels.get("gender", UNKNOWN),
        "age": labels.get("age", UNKNOWN),
        "corpus": row.utterance.corpus,
        "language": row.utterance.language or UNKNOWN,
        "duration": duration_name(row.duration or row.utterance.duration),
    }


def duration_name(seconds: float) -> str:
    """Which span a duration falls into, such as ``"1 to 2 s"``, sorted as text as in time."""
    if seconds < _DURATIONS[0]:
        return f"0 to {_DURATIONS[0]:.0f} s"
    if seconds >= _DURATIONS[-1]:
        return f"{_DURATIONS[-1]:.0f} s and more"
    low = max(border for border in _DURATIONS if border <= seconds)
    return f"{low:.0f} to {min(border for border in _DURATIONS if border > seconds):.0f} s"


def _measure(columns: Answers, cell: dict[str, str]) -> Group:
    enough = columns.speaker_count >= LEAST_SPEAKERS
    return Group(
        cell=cell,
        speakers=columns.speaker_count,
        clips=len(columns),
        refused=int((~columns.answered).sum()),
        accuracy=ACCURACY.of(columns) if enough else None,
        uar=UAR.of(columns) if enough else None,
    )
