"""What is heard right on the validation side of one fold."""

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
from voxtrait.traits import AGE, DIGIT, GENDER, NOT_A_DIGIT, TRAITS

__all__ = ["Heard", "answers", "sides", "summary"]

# The corpus of most speakers, by trait.
STRANGERS = {DIGIT.name: "speech_commands", GENDER.name: "common_voice"}


@dataclass(frozen=True)
class Heard:
    """What was answered to one recording."""

    corpus: str
    speaker: str
    trait: str
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
    """The answer to each chosen example in each trait it has a label of, asked one by one."""
    rows: Sequence[Utterance] = list(prepared.manifest)
    found = []
    for entry in prepared.index[chosen]:
        row = rows[entry["utterance"]]
        place = slice(entry["start"], entry["start"] + entry["frames"])
        features = torch.from_numpy(prepared.shards[entry["shard"]][place].astype(np.float32))
        with torch.inference_mode():
            outputs = model.from_features(features.T[None], torch.ones(1, 1, len(features)))
        for name, logits in zip(model.heads, outputs, strict=True):
            # A noise has no label of its own; it is no digit.
            truth = row.labels.get(name, NOT_A_DIGIT if name == DIGIT.name else "")
            if truth:
                answer = TRAITS[name].labels[_answer(name, logits[0].double().softmax(0).numpy())]
                found.append(Heard(row.corpus, row.speaker_id, name, truth, answer))
    return found


def _answer(trait: str, probabilities: NDArray[np.float64]) -> int:
    """The likeliest label; of ages the group that the median lies in."""
    if TRAITS[trait].edges:
        return int(np.searchsorted(probabilities.cumsum(), 0.5))
    return int(probabilities.argmax())


def summary(heard: Sequence[Heard]) -> dict[str, Any]:
    """Shares with intervals over speakers, for the columns that the answered traits have.

    Returns:
        ``{column: {"value", "low", "high", "part", "whole", "speakers"}}``. Of digits those
        answered right, overall and in Speech Commands, and the others found; of genders those
        answered right, overall and in Common Voice; of ages those at most one group off.
    """
    parts: dict[str, list[Heard]] = {}
    digits = [row for row in heard if row.trait == DIGIT.name]
    if digits:
        spoken = [row for row in digits if row.truth != NOT_A_DIGIT]
        parts |= {"digits": spoken, STRANGERS[DIGIT.name]: _strangers(spoken)}
        parts[NOT_A_DIGIT] = [row for row in digits if row.truth == NOT_A_DIGIT]
    genders = [row for row in heard if row.trait == GENDER.name]
    if genders:
        parts |= {"genders": genders, STRANGERS[GENDER.name]: _strangers(genders)}
    ages = [row for row in heard if row.trait == AGE.name]
    if ages:
        parts["ages"] = ages
    return {
        name: asdict(share((row.speaker, int(_is_right(row)), 1) for row in rows))
        for name, rows in parts.items()
    }


def _strangers(heard: Sequence[Heard]) -> list[Heard]:
    return [row for row in heard if row.corpus == STRANGERS[row.trait]]


def _is_right(row: Heard) -> bool:
    labels = TRAITS[row.trait].labels
    off = abs(labels.index(row.answer) - labels.index(row.truth))
    return off <= (1 if TRAITS[row.trait].edges else 0)
