"""Digits heard right on the validation side of one fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from detection.figures import share
from voxtrait.corpora import Utterance
from voxtrait.networks import TraitModel
from voxtrait.training.folds import Fold
from voxtrait.training.prepared import Prepared
from voxtrait.training.selection import Selection, select, unheard_words
from voxtrait.traits import DIGIT, NOT_A_DIGIT

__all__ = ["Heard", "answers", "sides", "summary"]

STRANGERS = "speech_commands"  # the corpus of most speakers


@dataclass(frozen=True)
class Heard:
    """What was answered to one recording."""

    corpus: str
    speaker: str
    truth: str
    answer: str


def sides(fold: Fold) -> Selection:
    """Which examples train and which validate; those that test are in neither."""
    rows = list(fold.prepared.manifest)
    of = fold.sides
    unheard = unheard_words((row.word for row in rows), of.unheard_part, of.unheard_parts)
    return select(
        rows, fold.prepared.index, validation=of.validation, test=of.test, unheard=unheard
    )


def answers(model: TraitModel, prepared: Prepared, chosen: NDArray[np.bool_]) -> list[Heard]:
    """The likeliest label of each chosen example, asked one by one and whole."""
    rows: Sequence[Utterance] = list(prepared.manifest)
    found = []
    for entry in prepared.index[chosen]:
        row = rows[entry["utterance"]]
        place = slice(entry["start"], entry["start"] + entry["frames"])
        features = torch.from_numpy(prepared.shards[entry["shard"]][place].astype(np.float32))
        with torch.inference_mode():
            (logits,) = model.from_features(features.T[None], torch.ones(1, 1, len(features)))
        # A noise has no label of its own; it is no digit.
        truth = row.labels.get(DIGIT.name, NOT_A_DIGIT)
        answer = DIGIT.labels[int(logits.argmax())]
        found.append(Heard(row.corpus, row.speaker_id, truth, answer))
    return found


def summary(heard: Sequence[Heard]) -> dict[str, Any]:
    """Shares with intervals over speakers: digits right, overall and of strangers; others found."""
    digits = [row for row in heard if row.truth != NOT_A_DIGIT]
    strangers = [row for row in digits if row.corpus == STRANGERS]
    others = [row for row in heard if row.truth == NOT_A_DIGIT]
    parts = {"digits": digits, STRANGERS: strangers, NOT_A_DIGIT: others}
    return {
        name: asdict(share((row.speaker, int(row.answer == row.truth), 1) for row in rows))
        for name, rows in parts.items()
    }
