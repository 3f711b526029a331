from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voxtrait.cli.models import corpus_words, figures
from voxtrait.runtime import registry

Run = Callable[..., Any]


def test_every_model_that_ships_is_listed(voxtrait: Run) -> None:
    names = ["digit-tiny", "digit-small", "voice-tiny", "voice-small", "speech"]
    done = voxtrait("models")
    assert (done.code, done.err) == (0, "")
    assert [line for line in done.out.splitlines() if line and line[0] != " "] == names
    assert [row["name"] for row in voxtrait("models", "--format", "json").rows] == names


def test_json_says_what_a_model_answers_and_how_large_it_is(voxtrait: Run) -> None:
    row = voxtrait("models", "--format", "json").rows[3]
    shipped = registry.find("gender")
    assert row["traits"]["gender"] == ["female", "male"]
    assert (row["bytes"], row["sha256"]) == (shipped.size, shipped.sha256)
    assert row["path"] == str(shipped.path)


def test_the_gender_of_the_table_is_the_perceived_one(voxtrait: Run) -> None:
    assert "perceived gender, age" in voxtrait("models").out


def test_measured_figures_are_told_with_their_corpus_however_nested() -> None:
    measured = {
        "common_voice": {
            "gender": {"speakers": 1116, "uar": 0.96, "uar_95": [0.95, 0.97]},
            "age": {"split": "five speaker folds", "mae": 9.5},
        },
        "fsdd": {"accuracy": 0.98},
    }
    assert list(figures(measured)) == [
        "common_voice gender: 1,116 speakers, uar 0.960 (0.950-0.970)",
        "common_voice age: five speaker folds, mae 9.500",
        "fsdd: accuracy 0.980",
    ]


def test_a_corpus_is_told_with_its_speakers_hours_and_licence() -> None:
    corpus = {"corpus": "fsdd", "speakers": 6, "hours": 0.4, "licence": "CC-BY-SA-4.0"}
    assert corpus_words(corpus) == "fsdd (6 speakers, 0.4 hours, CC-BY-SA-4.0)"
