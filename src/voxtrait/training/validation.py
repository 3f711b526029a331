"""What a network says, uncalibrated, of validation speakers' whole recordings, and its file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voxtrait.errors import RunError
from voxtrait.runtime import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from voxtrait.corpora import Utterance
    from voxtrait.model_file import TraitCard
    from voxtrait.runtime.answer import Answer

__all__ = ["Validated", "dump_validated", "read_validated", "validated"]


class Validated(NamedTuple):
    """The answer to one recording.

    Args:
        trait: its name.
        speaker_id: who speaks.
        label: the truth.
        z: log-probabilities averaged over the recording, one a label of the model's card.
    """

    trait: str
    speaker_id: str
    label: str
    z: tuple[float, ...]


def validated(
    data: bytes,
    rows: Sequence[Utterance],
    progress: Callable[[int, int], None] | None = None,
) -> list[Validated]:
    """Answers through the runtime that ships.

    Left out are answers that are not the network's own: those put together of several words or of
    one too long. Of digits only recordings of single words are kept, where there are any: those
    are what is asked, and sentences, which are easy, would hide how sure to be of a word.

    Args:
        data: a model file not yet calibrated.
        rows: recordings of validation speakers.
        progress: called with recordings done and recordings in all.
    """
    predictor = load(data)
    (card,) = predictor.cards
    spoken = [row for row in rows if row.kind == "speech"]
    words = [row for row in spoken if row.word]
    wanted = words if "digit" in card.traits and words else spoken
    found: list[Validated] = []
    results = predictor.predict_many([row.path for row in wanted], on_error="return")
    for done, (row, result) in enumerate(zip(wanted, results, strict=True), start=1):
        for name, answer in getattr(result, "traits", {}).items():
            labels, truth = card.traits[name].labels, row.labels.get(name, "")
            if truth in labels and _own(answer, card.window.seconds):
                # The card has temperature 1 and no prior, so these are the network's.
                z = np.log([max(answer.probabilities[label], 1e-12) for label in labels])
                found.append(Validated(name, row.speaker_id, truth, tuple(z.tolist())))
        if progress is not None:
            progress(done, len(wanted))
    return found


def dump_validated(answers: Iterable[Validated]) -> str:
    """The answers as JSON Lines."""
    return "".join(
        json.dumps([*answer[:3], [round(value, 5) for value in answer.z]]) + "\n"
        for answer in answers
    )


def read_validated(path: Path, traits: Mapping[str, TraitCard]) -> list[Validated]:
    """The answers that `dump_validated` wrote.

    Args:
        path: the file.
        traits: of the model that the answers are to calibrate.

    Raises:
        RunError: no such file, not one of these, or not the answers of such a model.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        answers = [
            Validated(str(trait), str(speaker), str(label), tuple(map(float, z)))
            for trait, speaker, label, z in rows
        ]
    except (OSError, ValueError, TypeError) as error:
        raise RunError(
            f"{path} does not hold the answers of a run's validation: {error}.",
            "Give folders that `voxtrait train` or `cross-validate` of this version wrote.",
        ) from error
    for line, answer in enumerate(answers, start=1):
        labels = traits[answer.trait].labels if answer.trait in traits else ()
        if answer.label not in labels or len(answer.z) != len(labels):
            raise RunError(
                f"{path}, line {line}: {answer.trait} {answer.label!r} with {len(answer.z)} "
                f"numbers is no answer of this model, whose traits are {', '.join(traits)}.",
                "Give folders of the same recipe, trained by this version.",
            )
    return answers


def _own(answer: Answer, longest: float) -> bool:
    words = getattr(answer, "segments", ())
    return len(words) <= 1 and all(word.end_s - word.start_s <= longest for word in words)
