"""How often each example is drawn, so that no corpus, speaker or class drowns the others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.errors import RecipeError
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voxtrait.corpora import Utterance
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.settings import SampleSettings

__all__ = ["draw_weights", "drawn_shares"]

RAREST = 1e-3  # what a label counts that training never meets


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

    A release of a corpus that does not know its speakers was recorded at another time by other
    means. Its classes get the same shares as in the rest: where it holds the older people, the
    network would else learn to hear the release instead of the age.

    Raises:
        RecipeError: the settings leave nothing to draw.
    """
    used = np.unique(index["utterance"])
    classes = {number: _stratum(rows[number], traits) for number in used}
    clips = Counter((rows[number].speaker_id, stratum) for number, stratum in classes.items())
    known = {rows[number].speaker_id: rows[number].speaker_known for number in used}
    speakers = Counter(stratum for _, stratum in clips)
    of_release = Counter((stratum, known[speaker]) for speaker, stratum in clips)
    per_row = np.zeros(len(rows))
    for number, stratum in classes.items():
        row = rows[number]
        named = np.prod([settings.classes.get(label, 1.0) for label in stratum[1:]])
        share = named * speakers[stratum] ** (1 - settings.balance)
        members = of_release[stratum, row.speaker_known] * clips[row.speaker_id, stratum]
        per_row[number] = share / members
    releases = Counter((stratum[0], known[speaker]) for speaker, stratum in clips)
    corpora = Counter(stratum[0] for _, stratum in clips)
    keys = [(rows[number].corpus, rows[number].speaker_known) for number in used]
    for (corpus, has_names), people in releases.items():
        mine = used[[key == (corpus, has_names) for key in keys]]
        weight = settings.corpora.get(corpus, 1.0) * people / corpora[corpus]
        total = per_row[mine].sum()
        if total > 0:  # else every class of it has the weight 0: it is not drawn
            per_row[mine] *= weight / total
    weights: NDArray[np.float64] = per_row[index["utterance"]]
    clean = index["copy"] == 0
    for part, share in ((clean, settings.clean), (~clean, 1 - settings.clean)):
        # Copies of a recording share its weight.
        count = np.bincount(index["utterance"][part], minlength=len(rows))
        weights[part] *= share / np.maximum(count, 1)[index["utterance"][part]]
    if not weights.sum() > 0:
        raise RecipeError(
            "sample: every example that could train has the weight 0.",
            "Raise a weight of sample.corpora or sample.classes, or sample.clean where "
            "prepare.copies is 0.",
        )
    result: NDArray[np.float64] = weights / weights.sum()
    return result


def drawn_shares(
    rows: Sequence[Utterance], index: NDArray[np.void], recipe: Recipe, trait: str
) -> NDArray[np.float64]:
    """How often training meets each label of a trait: the prior that its network learns.

    A label that it never meets has the share of the most frequent one: what is taken out of the
    scores for rarity would lift it above all that the network does know.

    Returns:
        One share a label of the trait, each above 0, summing to 1.
    """
    weights = draw_weights(rows, index, recipe.traits, recipe.sample)
    if trait not in recipe.prepare.pitch_traits:
        weights = weights * ~index["pitch"]  # those carry no label of this trait
    labels = TRAITS[trait].labels
    shares = np.full(len(labels), RAREST)
    for number, weight in zip(index["utterance"], weights, strict=True):
        label = rows[number].labels.get(trait)
        if label is not None:
            shares[labels.index(label)] += weight
    shares[shares == RAREST] = shares.max()
    result: NDArray[np.float64] = shares / shares.sum()
    return result


def _stratum(row: Utterance, traits: Sequence[str]) -> tuple[str, ...]:
    return (row.corpus, *(row.labels.get(trait, "") for trait in traits))
