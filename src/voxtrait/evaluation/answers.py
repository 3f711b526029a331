"""The answers for one trait as columns, ready for arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from voxtrait.evaluation.scored import Scored

__all__ = ["REFUSED", "Answers", "answers"]

REFUSED = -1  # in place of a label's index where there was no answer


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Columns of the recordings whose truth is known for one trait.

    Args:
        trait: its name.
        labels: all of its labels, in order; indices below count in them.
        truth: index of the true label, ``[clips]``.
        predicted: index of the answered label, ``[clips]``; `REFUSED` without an answer.
        probabilities: ``[clips, labels]``; rows of 0 without an answer.
        unsure: ``[clips]``.
        speakers: who speaks, ``[clips]``.
        true_years: as the corpus has them, ``[clips]``; NaN where unknown.
        years: as answered.
        baseline_years: the training speakers' median, which needs no listening.
        interval: the 80 % interval of the years, ``[clips, 2]``; NaN where unknown.
    """

    trait: str
    labels: tuple[str, ...]
    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    unsure: NDArray[np.bool_]
    speakers: NDArray[np.str_]
    true_years: NDArray[np.float64]
    years: NDArray[np.float64]
    baseline_years: NDArray[np.float64]
    interval: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether each answer is the truth, ``[clips]``; a refusal is not."""
        return np.equal(self.predicted, self.truth)

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Whether there was an answer, ``[clips]``."""
        return np.not_equal(self.predicted, REFUSED)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """Probability of the answered label, ``[clips]``; 0 for a refusal."""
        if not len(self):
            return np.zeros(0)
        index = np.maximum(self.predicted, 0)
        return np.where(self.answered, self.probabilities[np.arange(len(self)), index], 0.0)

    @property
    def speaker_count(self) -> int:
        """How many speakers there are."""
        return len(np.unique(self.speakers))

    def where(self, mask: NDArray[np.bool_] | NDArray[np.int64]) -> Answers:
        """Some of the clips, by a mask or by indices."""
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        fixed = {"trait", "labels"}
        return Answers(**{k: v if k in fixed else v[mask] for k, v in columns.items()})


def answers(
    rows: Sequence[Scored],
    trait: str,
    *,
    refusals: bool = False,
    median_years: float | Mapping[str, float] | None = None,
) -> Answers:
    """The columns of the rows whose truth is known for the trait, in order.

    Args:
        rows: scored recordings, of any corpora and models.
        trait: name of a trait.
        refusals: keep spoken recordings without an answer, as `REFUSED`; otherwise they are left
            out. Noise without an answer is always left out: there it is the right thing.
        median_years: median age of the training speakers, or one by speaker id where speakers
            were answered by models of different folds.
    """
    labels = TRAITS[trait].labels
    index = {label: i for i, label in enumerate(labels)}
    kept = [
        row
        for row in rows
        if trait in row.utterance.labels
        and (trait in row.label or (refusals and row.utterance.kind == "speech"))
    ]
    nothing = (0.0,) * len(labels)
    speakers = [row.utterance.speaker_id for row in kept]
    medians = median_years if median_years is not None else {}
    return Answers(
        trait=trait,
        labels=labels,
        truth=np.array([index[r.utterance.labels[trait]] for r in kept], np.int64),
        predicted=np.array(
            [index[r.label[trait]] if trait in r.label else REFUSED for r in kept], np.int64
        ),
        probabilities=np.array(
            [r.probabilities.get(trait, nothing) for r in kept], np.float64
        ).reshape(len(kept), len(labels)),
        unsure=np.array([r.unsure.get(trait, False) for r in kept], np.bool_),
        speakers=np.array(speakers, np.str_),
        true_years=_column([r.utterance.age_years for r in kept]),
        years=_column([r.years for r in kept]),
        baseline_years=_column(
            [medians if isinstance(medians, int | float) else medians.get(s) for s in speakers]
        ),
        interval=np.array([r.interval or (np.nan, np.nan) for r in kept], np.float64).reshape(
            len(kept), 2
        ),
    )


def _column(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], np.float64)
