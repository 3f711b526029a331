"""What single words ask for beyond accuracy: ten digits alone, and other words told from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.evaluation.answers import answers
from voxtrait.evaluation.bootstrap import DRAWS, interval
from voxtrait.evaluation.metric import Metric, counted, mean_of
from voxtrait.evaluation.pools import corpora_of_words
from voxtrait.traits import DIGIT, NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voxtrait.evaluation.answers import Answers
    from voxtrait.evaluation.scored import Scored

__all__ = ["FALSE_REJECTION", "Detection", "Found", "detection", "renormalised", "ten_digits"]

FALSE_REJECTION = 0.03
_OTHER = DIGIT.labels.index(NOT_A_DIGIT)


@dataclass(frozen=True, slots=True)
class Found:
    """Which share of some other words was found.

    Args:
        value: the share.
        low, high: its 95 % interval over speakers, at the threshold as it is.
        clips: recordings of them.
        words: how many different ones.
    """

    value: float
    low: float
    high: float
    clips: int
    words: int


@dataclass(frozen=True, slots=True)
class Detection:
    """How many other words are found when few digits are rejected.

    Args:
        threshold: a recording is rejected when its probability of ``not_a_digit`` is above this.
        false_rejection: share of the spoken digits so rejected.
        digits: spoken digits, so many recordings.
        others: the other words that are so rejected, of all; None without any.
        unheard: those of words that the answering model never heard in training.
        words: rate and number of recordings by word.
    """

    threshold: float
    false_rejection: float
    digits: int
    others: Found | None
    unheard: Found | None
    words: dict[str, tuple[float, int]]


def ten_digits(columns: Answers) -> Answers:
    """The recordings of a digit: an answer of ``not_a_digit`` to one is wrong."""
    return columns.where(columns.truth != _OTHER)


def renormalised(columns: Answers) -> float:
    """Accuracy over spoken digits when the answer has to be a digit; NaN without any.

    The probabilities of the ten are divided by their sum, which leaves their order: what a user
    sees who knows that a digit was said.
    """
    digits = ten_digits(columns)
    if not len(digits):
        return float("nan")
    return float((digits.probabilities[:, :_OTHER].argmax(axis=1) == digits.truth).mean())


def detection(
    rows: Sequence[Scored],
    share: float = FALSE_REJECTION,
    *,
    unheard: Collection[Path] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> Detection | None:
    """Other words found at a share of digits falsely rejected; None without a spoken digit.

    A recording without an answer counts as rejected, whichever it was. Noises are left out: that
    nobody speaks is for the speech detector to find, and counted elsewhere. So are corpora without
    digits: sentences are longer than any word, and as easily told from a digit.

    Args:
        rows: scored recordings.
        share: at most this share of the digits is rejected, 0 to 1.
        unheard: recordings of words that the model which answered them never heard.
        draws: how often the bootstrap draws the speakers.
        seed: the same seed gives the same interval.
    """
    of_words = corpora_of_words(rows)
    spoken = [row for row in rows if row.utterance.corpus in of_words and _counts(row)]
    columns = answers(spoken, "digit", refusals=True)
    is_digit = columns.truth != _OTHER
    if not is_digit.any():
        return None
    other = np.where(columns.answered, columns.probabilities[:, _OTHER], 1.0)
    threshold = _threshold(other[is_digit], share)
    rejected = other > threshold
    words = np.array([row.utterance.word for row in spoken], np.str_)
    new = np.array([row.utterance.path in unheard for row in spoken], np.bool_)

    def found(mask: NDArray[np.bool_]) -> Found | None:
        if not mask.any():
            return None
        hits = Metric("found", "Found", lambda _: counted(rejected[mask].astype(float)), mean_of)
        of = interval(columns.where(mask), hits, draws=draws, seed=seed)
        several = len(np.unique(words[mask]))
        return Found(of.value, of.low, of.high, int(mask.sum()), several)

    return Detection(
        threshold=threshold,
        false_rejection=float(rejected[is_digit].mean()),
        digits=int(is_digit.sum()),
        others=found(~is_digit),
        unheard=found(~is_digit & new),
        words={
            str(word): (float(rejected[mask].mean()), int(mask.sum()))
            for word in np.unique(words[~is_digit])
            if word
            for mask in [~is_digit & (words == word)]
        },
    )


def _counts(row: Scored) -> bool:
    # A file that could not be read says nothing of the model.
    spoken = row.utterance.kind == "speech" and "digit" in row.utterance.labels
    return spoken and (not row.error or row.error == "NoSpeech")


def _threshold(other: NDArray[np.float64], share: float) -> float:
    """The lowest threshold that rejects at most this share."""
    allowed = int(share * len(other) + 1e-9)
    # Above the (allowed + 1)th highest lie at most `allowed` values, fewer where some are equal.
    return float(np.sort(other)[::-1][allowed]) if allowed < len(other) else -1.0
