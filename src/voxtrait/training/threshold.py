"""How sure an answer must be, so that few of the sure ones are wrong: the `unsure_below` of a card.

The lowest threshold with at most 2 % errors among the sure answers of validation is chosen where
chance was kind, so that strangers meet more errors than that. What is asked for here is that
2 % can be *assured*. A share of errors above 2 % is a positive sum over the sure answers,

    excess = sum of w * (wrong - 0.02),

and a sum has a simple variance. A speaker's answers go together, so speakers count as what is
drawn (Cochran, Sampling Techniques, 1977, ratio estimates from clusters):

    variance = sum over speakers of (the speaker's own excess) ** 2,

but no less than that of independent answers of which 2 % are wrong, ``0.02 * 0.98 * sum of w ** 2``
(the score test's): ten answers without an error assure nothing. A threshold counts as assured when
``excess + 1.96 * sqrt(variance)``, nominally the upper end of an interval of 95 %, is not
above 0, both with ``w`` the same for every answer and with every corpus weighing the same: the
first lets a big easy corpus hide a small hard one, the second a small easy one a big hard one. That
the lowest of many thresholds is taken costs little: on data drawn from a known population (see the
tests) strangers meet at most 2 % in 96 of 100 trials, and in 44 with the estimate alone. Where some
speakers are much harder to answer than others it is in fewer: the variance is that of the speakers
who were met, and a hard one may not be among them.

One label in a hundred may be wrong in a corpus, and some corpora have five speakers. Then nothing
is assured, or by luck a handful of answers. So caution marks the least probable fifth at most: what
is marked where 2 % cannot be had at all. Only what the estimate itself demands is marked beyond.
"""

from __future__ import annotations

import math
from collections import Counter
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["MOST_ERRORS", "choose_threshold"]

MOST_ERRORS = 0.02
ASSURANCE = NormalDist().inv_cdf(0.975)


def choose_threshold(
    probability: ArrayLike,
    correct: ArrayLike,
    speakers: Sequence[str],
    *,
    most_errors: float = MOST_ERRORS,
    least_coverage: float = 0.10,
    otherwise_unsure: float = 0.2,
) -> float:
    """The probability below which an answer is unsure.

    Where no threshold leaves at most ``most_errors`` of wrong answers among the sure ones and at
    least ``least_coverage`` of all answers sure, the threshold marks the least probable
    ``otherwise_unsure`` of the answers, one of several at least. Else it is the lowest under which
    that share of errors is assured, but none above the one just named, unless the lowest without
    assurance is.

    Args:
        probability: of each answer's label, ``[recordings]``.
        correct: whether each answer is right, ``[recordings]``.
        speakers: who was answered, as ``"<corpus>/<speaker>"``, ``[recordings]``.
        most_errors: share of the sure answers that may be wrong.
        least_coverage: share of the answers that must be sure.
        otherwise_unsure: share that is marked where the above cannot be had.

    Raises:
        ValueError: no answer, or shapes that do not fit.
    """
    chances, right = np.asarray(probability, np.float64), np.asarray(correct, np.bool_)
    if chances.ndim != 1 or not len(chances) == len(right) == len(speakers) > 0:
        raise ValueError(
            f"shapes {chances.shape}, {right.shape} and ({len(speakers)},); all must be "
            "[recordings], of at least one"
        )
    order = np.argsort(-chances, kind="stable")
    falling, wrong = chances[order], ~right[order]
    sure = np.arange(1, len(falling) + 1)
    # A threshold cannot part answers of the same probability.
    possible = np.append(falling[1:] < falling[:-1], True) & (sure >= least_coverage * len(sure))
    estimated = _lowest(falling, possible & (np.cumsum(wrong) / sure <= most_errors))
    marked = max(round(otherwise_unsure * len(falling)), 1)
    fifth = falling[max(len(falling) - 1 - marked, 0)]
    if math.isinf(estimated):
        return float(fifth)
    who = [speakers[at] for at in order]
    assured = possible
    for weight in (np.ones(len(who)), _corpora_alike(who)):
        assured = assured & (_upper_excess(wrong, weight, who, most_errors) <= 0)
    return float(max(estimated, min(_lowest(falling, assured), fifth)))


def _lowest(falling: NDArray[np.float64], fits: NDArray[np.bool_]) -> float:
    """The last of the falling thresholds that fits; infinite where none does."""
    found = np.flatnonzero(fits)
    return float(falling[found[-1]]) if len(found) else math.inf


def _corpora_alike(speakers: Sequence[str]) -> NDArray[np.float64]:
    """A weight for each answer, so that the answers of every corpus weigh the same together."""
    corpora = [speaker.partition("/")[0] for speaker in speakers]
    answers = Counter(corpora)
    return np.array([1 / answers[corpus] for corpus in corpora])


def _upper_excess(
    wrong: NDArray[np.bool_],
    weight: NDArray[np.float64],
    speakers: Sequence[str],
    most_errors: float,
) -> NDArray[np.float64]:
    """Upper end of the excess, see above, over the first answer, the first two and so on."""
    excess = weight * (wrong - most_errors)
    own: Counter[str] = Counter()  # each speaker's excess so far
    variance = np.zeros(len(excess))
    total = 0.0
    for at, (speaker, more) in enumerate(zip(speakers, excess.tolist(), strict=True)):
        total += more * (2 * own[speaker] + more)  # (a + b) ** 2 - a ** 2
        own[speaker] += more
        variance[at] = total
    least = most_errors * (1 - most_errors) * np.cumsum(weight**2)
    upper: NDArray[np.float64] = np.cumsum(excess)
    upper += ASSURANCE * np.sqrt(np.maximum(variance, least))
    return upper
