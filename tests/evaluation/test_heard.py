from __future__ import annotations

import json
from pathlib import Path

import pytest

from voxtrait.corpora.utterance import Utterance
from voxtrait.errors import RunError
from voxtrait.evaluation.heard import heard_speakers, read_split
from voxtrait.model_file import ModelFile
from voxtrait.testing import fake_model

ROWS = [
    Utterance(Path(f"{name}.wav"), corpus, f"{corpus}/{name}")
    for corpus, name in [
        ("near", "a"),
        ("near", "b"),
        ("near", "c"),
        ("near", "d"),
        ("near", "t"),
        ("far", "e"),
    ]
]
SPLIT = {
    "parts": {"near/a": 0, "near/b": 9, "near/c": -1, "near/t": 8, "far/e": 9},
    "validation": [9],
    "test": [8],
    "exclude": [],
}


@pytest.fixture
def card():
    found = ModelFile.load(fake_model(("gender",))).card
    return type(found)(**{**_fields(found), "trained_on": ({"corpus": "near"},)})


def _fields(card) -> dict[str, object]:
    return {name: getattr(card, name) for name in card.__slots__}


def run_folder(tmp_path: Path, content: str) -> Path:
    (tmp_path / "recipe.toml").write_text("")
    (tmp_path / "split.json").write_text(content)
    return tmp_path / "model.onnx"


def test_without_a_run_everybody_in_the_corpora_may_have_been_heard(card, tmp_path) -> None:
    assert read_split(tmp_path / "model.onnx") is None
    assert heard_speakers(card, ROWS) == {f"near/{name}" for name in "abcdt"}


def test_a_run_knows_who_was_heard(card, tmp_path: Path) -> None:
    split = read_split(run_folder(tmp_path, json.dumps(SPLIT)))
    # a and c were trained on; b calibrated, and so did e, whose corpus the card does not name for
    # nobody else was in it. t was kept for a test, and d was not there.
    assert heard_speakers(card, ROWS, split) == {"near/a", "near/b", "near/c", "far/e"}


def test_who_was_excluded_was_not_heard(card, tmp_path: Path) -> None:
    content = json.dumps({**SPLIT, "exclude": ["near/a"]})
    split = read_split(run_folder(tmp_path, content))
    assert heard_speakers(card, ROWS, split) == {"near/b", "near/c", "far/e"}


def test_a_corpus_that_was_excluded_was_not_heard(card, tmp_path: Path) -> None:
    content = json.dumps({**SPLIT, "exclude": ["near"]})
    split = read_split(run_folder(tmp_path, content))
    assert heard_speakers(card, ROWS, split) == {"far/e"}


@pytest.mark.parametrize("content", ["", "[]", '{"parts": 3}', '{"parts": {}}'])
def test_a_damaged_split_is_named(tmp_path: Path, content: str) -> None:
    with pytest.raises(RunError, match=r"split\.json"):
        read_split(run_folder(tmp_path, content))
