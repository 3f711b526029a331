from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from voxtrait.cli import model_list, model_table, table
from voxtrait.cli.model_list import print_list
from voxtrait.cli.model_table import corpus_words, figures, print_models
from voxtrait.cli.models import as_row
from voxtrait.runtime import registry

Run = Callable[..., Any]


NAMES = ["digit-tiny", "digit-small", "voice-tiny", "voice-small", "speech"]


def cells(line: str) -> list[str]:
    return re.split(r"\s{2,}", line.strip())


def test_every_model_that_ships_is_listed_in_a_line_or_with_all_figures(voxtrait: Run) -> None:
    done = voxtrait("models")
    assert (done.code, done.err) == (0, "")
    table, legend = done.out.split("\n\nMeasured on")
    assert [name for line in table.splitlines() if (name := cells(line)[0]) in NAMES] == NAMES
    assert "UAR: the mean of the labels' recalls" in legend
    details, legend = voxtrait("models", "--details").out.split("\n\nMeasured on")
    assert [line for line in details.splitlines() if line and line[0] != " "] == NAMES
    assert "UAR: the mean of the labels' recalls" in legend
    assert [row["name"] for row in voxtrait("models", "--format", "json").rows] == NAMES


def test_a_named_model_is_shown_with_all_figures(voxtrait: Run) -> None:
    shown = voxtrait("models", "speech", "digit-tiny").out.splitlines()
    assert [line for line in shown if line in NAMES] == ["digit-tiny", "speech"]
    (row,) = voxtrait("models", "voice-small", "--format", "json").rows
    assert row["name"] == "voice-small"


def test_a_model_file_of_one_s_own_is_shown_as_well(
    voxtrait: Run, models_folder: Path, tmp_path: Path
) -> None:
    file = models_folder / "voice-tiny.onnx"
    (row,) = voxtrait("models", file, "--format", "json").rows
    (shipped,) = voxtrait("models", "voice-tiny", "--format", "json").rows
    assert row["path"] == str(file)
    assert (row["sha256"], row["traits"]) == (shipped["sha256"], shipped["traits"])
    (tmp_path / "text.onnx").write_text("text")
    assert voxtrait("models", tmp_path / "text.onnx").code == 4


def test_a_model_that_does_not_ship_is_an_error_that_names_those_that_do(voxtrait: Run) -> None:
    done = voxtrait("models", "voice-huge")
    assert (done.code, done.out) == (4, "")
    assert "hint: There are: digit-tiny, " in done.err


def test_json_says_what_a_model_answers_and_how_large_it_is(voxtrait: Run) -> None:
    row = voxtrait("models", "--format", "json").rows[3]
    shipped = registry.find("gender")
    assert row["traits"]["gender"] == ["female", "male"]
    assert (row["bytes"], row["sha256"]) == (shipped.size, shipped.sha256)
    assert row["path"] == str(shipped.path)


def test_the_gender_of_the_table_is_the_perceived_one(voxtrait: Run) -> None:
    assert "perceived gender" in voxtrait("models").out
    assert "perceived gender, age" in voxtrait("models", "--details").out


def listed(rows: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    print_list(rows)
    return [cells(line) for line in capsys.readouterr().out.splitlines()]


def test_the_list_has_one_figure_an_answer_with_its_corpus_and_the_corpora_of_training(
    capsys: pytest.CaptureFixture[str],
) -> None:
    twin = {**model_row(MEASURED), "name": "voice-tiny"}
    lines = listed([twin, model_row(MEASURED), model_row({}) | {"name": "new"}], capsys)
    size = ["1.09 MB", "241,936"]
    assert lines[1] == ["Model", "Size", "Parameters", "Answers", "Measured"]
    assert lines[3] == ["voice-tiny", *size, "perceived gender", "96.0 % UAR, all corpora"]
    assert lines[4] == ["age", "9.5 years off, common voice"]
    assert lines[7] == ["new", *size, "perceived gender", "not yet"]
    assert ["voice-tiny, voice-small, new: trained on noise."] in lines
    assert "(five speaker folds; fold 0)" in " ".join(map(" ".join, lines))


MEASURED = {
    "gender": {
        "all": {
            "split": "five speaker folds",
            "speakers": 1116,
            "accuracy": 0.97,
            "uar": 0.96,
            "uar_95": [0.95, 1.0],
            "ece": 0.02,
            "unsure_share": 1.0,
            "error_among_sure": 0.5,
        },
        "speech_commands": {"split": "five speaker folds", "speakers": 9},
    },
    "age": {"common_voice": {"split": "fold 0", "mae_years": 9.54, "uar": 0.1}},
}


def test_measured_figures_are_found_with_their_names_however_nested() -> None:
    nested = {"a": {"b": {"uar": 0.9}, "c": {"d": {"uar": 0.8}}}, "e": {"uar": 0.7, "f": {"g": 1}}}
    assert [(names, leaf.get("uar")) for names, leaf in figures(nested)] == [
        (("a", "b"), 0.9),
        (("a", "c", "d"), 0.8),
        (("e",), 0.7),
        (("e", "f"), None),
    ]


def model_row(measured: dict[str, Any]) -> dict[str, Any]:
    corpora = [{"corpus": "noise", "speakers": 9, "hours": 1.0, "licence": "CC0-1.0, " * 20}]
    return {
        "name": "voice-small",
        "bytes": 1_090_000,
        "parameters": 241_936,
        "traits": {"gender": [], "age": []},
        "trained_on": corpora,
        "measured": measured,
    }


def test_figures_stand_below_their_headings_and_empty_columns_are_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_models([model_row(MEASURED)])
    lines = [re.split(r"\s{2,}", line.strip()) for line in capsys.readouterr().out.splitlines()]
    at = lines.index(["perceived gender, measured on five speaker folds"])
    assert lines[at + 1] == ["speakers", "accuracy", "UAR (95 %)", "ECE", "unsure", "errors"]
    figures = ["1,116", "97.0 %", "96.0 % (95.0-100.0)", "0.020", "100.0 %", "50.0 %"]
    assert lines[at + 2] == ["all", *figures]
    assert lines[at + 3] == ["speech commands", "9"]
    assert lines[at + 4 : at + 7] == [
        ["age, measured on fold 0"],
        ["UAR (95 %)", "years off"],
        ["common voice", "10.0 %", "9.5"],
    ]


@pytest.mark.parametrize("columns", [60, 80, 100, 160])
def test_no_line_is_wider_than_100_columns_or_the_terminal(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = [as_row(model) for model in registry.models()]
    for module, show in ((model_table, print_models), (model_list, print_list)):
        monkeypatch.setattr(module, "standard_console", lambda: Console(width=columns))
        monkeypatch.setattr(table, "standard_console", lambda: Console(width=columns))
        show([model_row(MEASURED), *shipped])
        out = capsys.readouterr().out
        assert max(map(len, out.splitlines())) <= min(columns, 100)
        assert "…" not in out


def test_a_corpus_is_told_with_its_speakers_hours_and_licence() -> None:
    corpus = {"corpus": "fsdd", "speakers": 6, "hours": 1.44, "licence": "CC-BY-SA-4.0"}
    assert corpus_words(corpus) == "fsdd (6 speakers, 1.4 hours, CC-BY-SA-4.0)"
    made = {"corpus": "synthetic_voices", "speakers": 0, "hours": 0.4}
    assert corpus_words(made) == "synthetic voices (24 minutes)"
