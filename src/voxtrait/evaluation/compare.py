"""Two evaluations of the same recordings, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxtrait.errors import UsageError
from voxtrait.evaluation.answers import answers
from voxtrait.evaluation.bootstrap import DRAWS, difference
from voxtrait.evaluation.groups import LEAST_SPEAKERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.evaluation.metric import Metric
    from voxtrait.evaluation.scored import Scored

__all__ = ["Comparison", "compare", "shared"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of two evaluations.

    Args:
        metric: its name.
        clips, speakers: recordings that both evaluated.
        first, second: the figure of each.
        change: second less first, with the 95 % interval ``low`` to ``high`` over speakers; an
            interval without 0 is a difference that other speakers would show as well. Fewer than
            ten speakers have none.
    """

    metric: str
    clips: int
    speakers: int
    first: float
    second: float
    change: float
    low: float | None
    high: float | None


def compare(
    first: Sequence[Scored],
    second: Sequence[Scored],
    trait: str,
    metric: Metric,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Comparison:
    """Compare on the recordings in both, drawing speakers for both at once.

    Recordings are matched by path, so one may be of clean recordings and the other of the same
    with noise. A refusal counts as wrong; for figures that need an answer (years, calibration)
    a recording counts only where both have one.

    Raises:
        UsageError: no recording with a truth for the trait is in both.
    """
    pairs = shared(first, second, trait)
    before, after = (
        answers([pair[side] for pair in pairs], trait, refusals=True) for side in (0, 1)
    )
    if not len(before):
        raise UsageError(
            f"The two evaluations share no recording with a known {trait}.",
            "Evaluate both models on the same corpus and split.",
        )
    if metric.answered_only:
        both = before.answered & after.answered
        before, after = before.where(both), after.where(both)
    change = difference(before, after, metric, draws=draws, seed=seed)
    several = before.speaker_count >= LEAST_SPEAKERS
    return Comparison(
        metric=metric.name,
        clips=len(before),
        speakers=before.speaker_count,
        first=metric.of(before),
        second=metric.of(after),
        change=change.value,
        low=change.low if several else None,
        high=change.high if several else None,
    )


def shared(
    first: Sequence[Scored], second: Sequence[Scored], trait: str
) -> list[tuple[Scored, Scored]]:
    """The recordings that both answered and that can be compared.

    A noise that one of them answered and the other refused has no fair count on either side.
    """
    by_path = {str(row.utterance.path): row for row in second}
    pairs = [(a, by_path[p]) for a in first if (p := str(a.utterance.path)) in by_path]
    return [
        (a, b)
        for a, b in pairs
        if a.utterance.kind == "speech" or (trait in a.label and trait in b.label)
    ]
