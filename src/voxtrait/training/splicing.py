"""Words that nobody said, out of two that were: the beginning of one and the end of another.

Few recordings hold words that are nearly a digit, and whoever learnt digits from few such words
takes whatever begins like a digit for one: "forward" for four. A digit that goes on as another one
is no digit. Where both are the same digit, of two voices or takes, it still is one, so that the
seam tells nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.surroundings import mean_power, trim
from voxtrait.traits import DIGIT, NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["Splicer", "splice"]

BELOW_DB = (25.0, 40.0)  # what lies further below a word's loudest frame is no part of it
LONGEST = 150  # frames of a word
ALIKE = {("6", "7"), ("7", "6")}  # "siven" passes for a seven


def splice(
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    rng: np.random.Generator,
    *,
    same: bool,
) -> NDArray[np.float32]:
    """The beginning of one word and the end of another, at the loudness of the first.

    Args:
        first: natural-log levels of bands, ``[frames, bands]``.
        second: the same of the other word.
        rng: draws where they are cut.
        same: both are the same word, and are cut at the same place; else at least 40 % of the first
            and 60 % of the second are kept.

    Returns:
        ``[frames, bands]``, at most 150 frames.
    """
    first, second = trim(first, rng, BELOW_DB), trim(second, rng, BELOW_DB)
    if same:
        kept = dropped = rng.uniform(0.3, 0.7)
    else:
        kept, dropped = rng.uniform(0.4, 1.0), rng.uniform(0.0, 0.4)
    beginning = first[: max(round(kept * len(first)), 1)]
    end = second[round(dropped * len(second)) :]
    louder = mean_power(first) - mean_power(second)
    made: NDArray[np.float32] = np.concatenate([beginning, end + np.float32(louder)])[:LONGEST]
    return made


class Splicer:
    """Draws words to splice from the examples that train.

    Args:
        labels: the digit of each example, ``""`` where it has none; no digit is one of its own.
        weights: how likely each example is drawn, ``[examples]``.
        levels: reads an example, ``[frames, bands]``.
    """

    def __init__(
        self,
        labels: Sequence[str],
        weights: NDArray[np.float64],
        levels: Callable[[int], NDArray[np.float32]],
    ) -> None:
        names = np.array(labels)
        self.labels, self.levels = labels, levels
        self.of: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        for digit in DIGIT.labels:
            places = np.flatnonzero((names == digit) & (weights > 0))
            if digit != NOT_A_DIGIT and len(places):
                self.of[digit] = places, np.cumsum(weights[places]) / weights[places].sum()

    def __call__(self, number: int, rng: np.random.Generator) -> NDArray[np.float32] | None:
        """What to train on in place of an example, under its label; None where it is to stay."""
        label = self.labels[number]
        if label in self.of:
            return splice(self.levels(number), self._drawn(label, rng), rng, same=True)
        if label != NOT_A_DIGIT or len(self.of) < 2:
            return None
        digits = list(self.of)
        one, other = (digits[place] for place in rng.choice(len(digits), 2, replace=False))
        if (one, other) in ALIKE:
            return None
        return splice(self._drawn(one, rng), self._drawn(other, rng), rng, same=False)

    def _drawn(self, digit: str, rng: np.random.Generator) -> NDArray[np.float32]:
        places, chances = self.of[digit]
        place = min(int(np.searchsorted(chances, rng.random())), len(places) - 1)
        return self.levels(int(places[place]))
