"""Which prepared examples train and which validate."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voxtrait.errors import SplitError
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from voxtrait.corpora import Utterance

__all__ = ["HOMOPHONES", "Selection", "part_of_word", "select", "unheard_words"]

Selection = tuple[NDArray[np.bool_], NDArray[np.bool_]]

# Made words that sound like a word of Speech Commands, or begin with all of it: whoever heard them
# has heard the other.
HOMOPHONES = {"know": "no", "learned": "learn", "trees": "tree", "write": "right"}


def part_of_word(word: str, parts: int) -> int:
    """Deals words to parts by their hash: a test leaves some out that training never hears."""
    return int(sha256(word.encode()).hexdigest(), 16) % parts


def unheard_words(words: Iterable[str], part: int, parts: int) -> set[str]:
    """The words that a training leaves out for a test: those of a part, and what sounds like them.

    Args:
        words: of the recordings; ``""`` where a recording is not of one word.
        part: which is left out.
        parts: as many as there are.
    """
    return {
        word
        for word in words
        if word
        and part in {part_of_word(word, parts), part_of_word(HOMOPHONES.get(word, word), parts)}
    }


def select(
    rows: Sequence[Utterance],
    index: NDArray[np.void],
    *,
    validation: Collection[int],
    test: Collection[int] = (),
    unheard: Collection[str] = (),
    exclude: Collection[str] = (),
    silent: Collection[int] = (),
    unlabelled: Collection[int] = (),
) -> Selection:
    """Examples for training, and for validation, as two masks over ``index``.

    An example trains when neither its speaker nor anything mixed into it belongs to a part that
    validates or tests; where nobody knows the speaker, the mixed-in material decides. The
    recordings of validating speakers validate as they are.

    Args:
        rows: the utterances that ``index`` counts.
        index: of type `voxtrait.training.prepared.INDEX`.
        validation: parts that validate.
        test: parts that neither train nor validate.
        unheard: words left out of training.
        exclude: corpora, or speakers, left out of training and validation.
        silent: parts whose noises and voices must be in no example, though others of them train.
        unlabelled: numbers of rows that may train, but have nothing to validate.

    Raises:
        SplitError: nothing is left to train or to validate on.
    """
    kept = np.array([row.corpus not in exclude and row.speaker_id not in exclude for row in rows])
    heard = np.array(
        [row.word not in unheard or row.labels.get("digit") != NOT_A_DIGIT for row in rows]
    )
    aside = sorted({*validation, *test})
    mixed = sorted({*aside, *silent})
    inside = ~np.isin(index["part"], aside) & ~np.isin(index["material"], mixed)
    spoken = np.array([row.kind == "speech" for row in rows])[index["utterance"]]
    quiet = np.isin(index["part"], sorted(silent)) & ~spoken  # a noise itself, mixed with nothing
    training = inside & ~quiet & (kept & heard)[index["utterance"]]
    validating = np.isin(index["part"], sorted(validation)) & (index["copy"] == 0)
    validating &= (kept & heard)[index["utterance"]]
    validating &= ~np.isin(index["utterance"], list(unlabelled))
    if not training.any() or not validating.any():
        raise SplitError(
            f"{training.sum()} examples would train and {validating.sum()} validate.",
            "Use more speakers, or fewer parts for validation and test.",
        )
    return training, validating
