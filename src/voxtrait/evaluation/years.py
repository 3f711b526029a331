"""Age in years: how far from the truth, decade by decade, and what a guess would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.corpora.utterance import Utterance
    from voxtrait.evaluation.answers import Answers

__all__ = ["Decade", "by_decade", "median_of_speakers"]


@dataclass(frozen=True, slots=True)
class Decade:
    """Signed error of the answers to speakers of one true decade.

    Args:
        name: ``"teens"``, ``"20s"`` to ``"90s"``.
        speakers, clips: how many.
        bias: mean of answered less true years; above 0 where voices are heard as older.
        mae: mean absolute error in years.
    """

    name: str
    speakers: int
    clips: int
    bias: float
    mae: float


def median_of_speakers(utterances: Sequence[Utterance]) -> float | None:
    """Median age over speakers whose years are known, each counted once; None without any.

    What somebody would answer who never listens: the baseline for the error in years.
    """
    years: dict[str, list[float]] = {}
    for utterance in utterances:
        if utterance.age_years is not None:
            years.setdefault(utterance.speaker_id, []).append(utterance.age_years)
    return float(np.median([np.mean(of_one) for of_one in years.values()])) if years else None


def by_decade(answers: Answers) -> list[Decade]:
    """Errors by true decade, the youngest first; everybody under 20 is ``"teens"``."""
    known = answers.where(~np.isnan(answers.true_years) & ~np.isnan(answers.years))
    decades = np.maximum(known.true_years // 10, 1).astype(int)
    error = known.years - known.true_years
    return [
        Decade(
            name="teens" if decade == 1 else f"{decade}0s",
            speakers=len(np.unique(known.speakers[decades == decade])),
            clips=int((decades == decade).sum()),
            bias=float(error[decades == decade].mean()),
            mae=float(np.abs(error[decades == decade]).mean()),
        )
        for decade in np.unique(decades)
    ]
