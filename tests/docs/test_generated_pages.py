"""Generated pages are current, the site builds, and the schema is one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "script",
    [
        "docs/generate_help.py",
        "docs/generate_sheets.py",
        "benchmarks/write_model_cards.py",
        "benchmarks/write_model_tables.py",
    ],
)
def test_what_a_script_writes_is_current(script: str) -> None:
    run = subprocess.run(
        [sys.executable, REPOSITORY / script, "--check"],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    assert run.returncode == 0, run.stderr


def test_the_site_builds_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    site = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", site],
        cwd=REPOSITORY,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=True,
        capture_output=True,
    )
    page = (site / "index.html").read_text(encoding="utf-8")
    assert "fonts.googleapis" not in page
    assert 'src="http' not in page
    assert (site / "predict.schema.json").read_bytes() == (
        REPOSITORY / "docs" / "predict.schema.json"
    ).read_bytes()


SCHEMA = json.loads((REPOSITORY / "docs" / "predict.schema.json").read_text(encoding="utf-8"))
ANSWER = {
    "label": "female",
    "probability": 0.9,
    "probabilities": {"female": 0.9, "male": 0.1},
    "unsure": False,
    "model": "voice-small",
}
LINE = {"path": "a.wav", "duration_s": 1.5, "speech_s": 1.2, "traits": {"gender": ANSWER}}


def valid(line: object) -> bool:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(line))


def test_the_schema_takes_an_answer_and_an_error() -> None:
    error = {"type": "UnreadableAudio", "message": "Not audio.", "hint": "Try another."}
    assert valid(LINE)
    assert valid({"path": "a.wav", "error": error})


def test_the_schema_refuses_what_no_line_may_hold() -> None:
    silent = {"type": "NoSpeech", "message": "No speech.", "hint": ""}
    assert not valid({**LINE, "more": 1})
    assert not valid({**LINE, "traits": {}})
    assert not valid({**LINE, "traits": {"gender": {**ANSWER, "label": "F"}}})
    assert not valid({**LINE, "traits": {"age": ANSWER}})
    assert not valid({"path": "a.wav", "error": silent})
    assert valid({"path": "a.wav", "error": {**silent, "duration_s": 1.0, "speech_s": 0.0}})
