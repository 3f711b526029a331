"""How often each example is drawn, so that no corpus, speaker or class drowns the others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voxtrait.corpora import Utterance
    from voxtrait.training.recipe import Recipe, SampleSettings

__all__ = ["draw_weights", "drawn_shares"]


def draw_weights(
    rows: Sequence[Utterance],
    index: NDArray[np.void],
    traits: Sequence[str],
    settings: SampleSettings,
) -> NDArray[np.float64]:
    """Probability of each example of ``index`` to be drawn, ``[examples]``, summing to 1.

    Within a corpus every speaker of a class weighs the same, however many recordings there are;
    classes (every combination of the traits' labels) are evened out by ``balance``; corpora have
    the weights of the settings; ``clean`` is the share of the examples left as they were.
    """
    classes = [_stratum(row, traits) for row in rows]
    clips = Counter((row.speaker_id, stratum) for row, stratum in zip(rows, classes, strict=True))
    speakers = Counter(stratum for _, stratum in clips)
    per_row = np.zeros(len(rows))
    for number, (row, stratum) in enumerate(zip(rows, classes, strict=True)):
        named = np.prod([settings.classes.get(label, 1.0) for label in stratum[1:]])
        share = named * speakers[stratum] ** -settings.balance
        per_row[number] = share / clips[row.speaker_id, stratum]
    corpora = np.array([row.corpus for row in rows])
    used = np.zeros(len(rows), bool)
    used[index["utterance"]] = True
    for corpus in np.unique(corpora):
        mine = (corpora == corpus) & used
        total = per_row[mine].sum()
        if total:
            per_row[mine] *= settings.corpora.get(str(corpus), 1.0) / total
    weights: NDArray[np.float64] = per_row[index["utterance"]]
    clean = index["copy"] == 0
    for part, share in ((clean, settings.clean), (~clean, 1 - settings.clean)):
        # Copies of a recording share its weight.
        count = np.bincount(index["utterance"][part], minlength=len(rows))
        weights[part] *= share / np.maximum(count, 1)[index["utterance"][part]]
    result: NDArray[np.float64] = weights / weights.sum()
    return result


def drawn_shares(
    rows: Sequence[Utterance], index: NDArray[np.void], recipe: Recipe, trait: str
) -> NDArray[np.float64]:
    """How often training meets each label of a trait: the prior that its network learns.

    Returns:
        One share a label of the trait, each above 0, summing to 1.
    """
    weights = draw_weights(rows, index, recipe.traits, recipe.sample)
    if trait not in recipe.prepare.pitch_traits:
        weights = weights * ~index["pitch"]  # those carry no label of this trait
    labels = TRAITS[trait].labels
    shares = np.full(len(labels), 1e-3)
    for number, weight in zip(index["utterance"], weights, strict=True):
        label = rows[number].labels.get(trait)
        if label is not None:
            shares[labels.index(label)] += weight
    result: NDArray[np.float64] = shares / shares.sum()
    return result


def _stratum(row: Utterance, traits: Sequence[str]) -> tuple[str, ...]:
    return (row.corpus, *(row.labels.get(trait, "") for trait in traits))
