"""One answer a speaker, from all of their recordings."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.runtime.years import quantiles, typical_years
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voxtrait.evaluation.scored import Scored

__all__ = ["by_speaker"]

_TINY = 1e-12  # a label that a model does not know has probability 0


def by_speaker(rows: Sequence[Scored], trait: str) -> list[Scored]:
    """Average each speaker's log-probabilities under each condition, as windows are in the runtime.

    The label comes from the average with the prior divided out, as in a single answer; years and
    their interval come from the average itself. The truth is the speaker's commonest label and
    their mean years, since some give other ages in other releases.

    Args:
        rows: scored recordings; those without a truth for the trait are left out, and those
            without an answer where the speaker has another that was answered.
        trait: name of a trait.

    Returns:
        One row a speaker and condition, in order of first appearance; ``unsure`` where most of
        the recordings were, without an answer where none of them had one.
    """
    groups: dict[tuple[str, str], list[Scored]] = {}
    for row in rows:
        if trait in row.utterance.labels:
            groups.setdefault((row.utterance.speaker_id, row.condition), []).append(row)
    joined = []
    for group in groups.values():
        answered = [row for row in group if trait in row.label]
        joined.append(_joined(answered, trait) if answered else group[0])
    return joined


def _joined(group: list[Scored], trait: str) -> Scored:
    first, labels = group[0], TRAITS[trait].labels
    scores = np.mean([np.log(np.maximum(row.probabilities[trait], _TINY)) for row in group], axis=0)
    probabilities = np.exp(scores - scores.max())
    probabilities /= probabilities.sum()
    flat = np.mean([scores - _log_prior(row, trait) for row in group], axis=0)
    truth = Counter(row.utterance.labels[trait] for row in group).most_common(1)[0][0]
    ages = [row.utterance.age_years for row in group if row.utterance.age_years is not None]
    years, interval = _years(probabilities, trait)
    return replace(
        first,
        utterance=replace(
            first.utterance,
            labels={**first.utterance.labels, trait: truth},
            age_years=float(np.mean(ages)) if ages else None,
        ),
        probabilities={trait: tuple(float(p) for p in probabilities)},
        # A single recording keeps its answer: rounding must not turn a tie.
        label={trait: first.label[trait] if len(group) == 1 else labels[int(np.argmax(flat))]},
        unsure={trait: sum(row.unsure.get(trait, False) for row in group) * 2 > len(group)},
        years=first.years if len(group) == 1 else years,
        interval=first.interval if len(group) == 1 else interval,
        duration=sum(row.duration for row in group),
        speech=sum(row.speech for row in group),
    )


def _log_prior(row: Scored, trait: str) -> NDArray[np.float64]:
    # Without one the probabilities are the scores themselves; and a label that the model does
    # not know has neither probability nor prior, and must not gain by dividing one by the other.
    prior = np.array(row.priors.get(trait, ()) or (1.0,) * len(TRAITS[trait].labels))
    return np.log(np.where(prior > 0, prior, 1.0))


def _years(
    probabilities: NDArray[np.float64], trait: str
) -> tuple[float | None, tuple[float, float] | None]:
    if not TRAITS[trait].edges:
        return None, None
    edges, chances = TRAITS[trait].edges, probabilities.tolist()
    low, high = quantiles(chances, edges, (0.1, 0.9))
    return typical_years(chances, edges), (low, high)
