"""Which prepared examples train and which validate."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voxtrait.errors import SplitError
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from voxtrait.corpora import Utterance

__all__ = ["Selection", "part_of_word", "select"]

Selection = tuple[NDArray[np.bool_], NDArray[np.bool_]]


def part_of_word(word: str, parts: int) -> int:
    """Deals words to parts by their hash: a test leaves some out that training never hears."""
    return int(sha256(word.encode()).hexdigest(), 16) % parts


def select(
    rows: Sequence[Utterance],
    index: NDArray[np.void],
    *,
    validation: Collection[int],
    test: Collection[int] = (),
    unheard: Collection[str] = (),
    exclude: Collection[str] = (),
    silent: Collection[int] = (),
) -> Selection:
    """Examples for training, and for validation, as two masks over ``index``.

    An example trains when neither its speaker nor anything mixed into it belongs to a part that
    validates or tests; where only training knows the speaker, the mixed-in material decides. The
    recordings of validating speakers validate as they are.

    Args:
        rows: the utterances that ``index`` counts.
        index: of type `voxtrait.training.prepared.INDEX`.
        validation: parts that validate.
        test: parts that neither train nor validate.
        unheard: words left out of training.
        exclude: corpora, or speakers, left out of training and validation.
        silent: parts whose noises and voices must be in no example, though others of them train.

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
    training = inside & (kept & heard)[index["utterance"]]
    validating = np.isin(index["part"], sorted(validation)) & (index["copy"] == 0)
    validating &= (kept & heard)[index["utterance"]]
    if not training.any() or not validating.any():
        raise SplitError(
            f"{training.sum()} examples would train and {validating.sum()} validate.",
            "Use more speakers, or fewer parts for validation and test.",
        )
    return training, validating
