"""Scored rows as a model might give them, made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voxtrait.corpora.utterance import Utterance
from voxtrait.evaluation.scored import Scored
from voxtrait.traits import TRAITS

MakeRow = Callable[..., Scored]


@pytest.fixture(scope="session")
def row() -> MakeRow:
    """One row: ``row("gender", "female", {"female": 0.9, "male": 0.1}, speaker="a")``."""
    count = iter(range(1_000_000))

    def make(
        trait: str,
        truth: str,
        probabilities: dict[str, float] | None,
        *,
        speaker: str = "",
        corpus: str = "made_up",
        label: str = "",
        word: str = "",
        kind: str = "speech",
        language: str = "en",
        also: dict[str, str] | None = None,
        age: float | None = None,
        path: str = "",
        **values: object,
    ) -> Scored:
        number = next(count)
        utterance = Utterance(
            Path(path or f"/clips/{number}.wav"),
            corpus,
            f"{corpus}/{speaker or number}",
            {trait: truth, **(also or {})},
            word=word,
            kind=kind,
            age_years=age,
            language=language,
        )
        if probabilities is None:
            return Scored(utterance, **{"error": "NoSpeech", **values})  # type: ignore[arg-type]
        row = tuple(probabilities.get(label, 0.0) for label in TRAITS[trait].labels)
        found = label or TRAITS[trait].labels[int(np.argmax(row))]
        return Scored(
            utterance,
            probabilities={trait: row},
            label={trait: found},
            models={trait: "made-up-tiny"},
            duration=1.5,
            speech=1.0,
            **values,  # type: ignore[arg-type]
        )

    return make


@pytest.fixture(scope="session")
def voices(row: MakeRow) -> list[Scored]:
    """Gender of 400 clips of 80 speakers in two corpora, answered as surely as they are right."""
    rng = np.random.default_rng(0)
    rows = []
    for clip in range(400):
        speaker = clip % 80
        truth = ("female", "male")[speaker % 2]
        other = ("male", "female")[speaker % 2]
        sure = float(rng.uniform(0.5, 1))
        said, unsaid = (truth, other) if rng.random() < sure else (other, truth)
        rows.append(
            row(
                "gender",
                truth,
                {said: sure, unsaid: 1 - sure},
                speaker=str(speaker),
                corpus=("near", "far")[speaker // 2 % 2],
                also={"age": ("teens", "60+")[speaker // 4 % 2]} if speaker < 70 else {},
                unsure={"gender": sure < 0.6},
            )
        )
    return rows
