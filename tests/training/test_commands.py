"""``voxtrait train``, ``cross-validate`` and ``export`` as a user meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from voxtrait.cli.app import main
from voxtrait.model_file import ModelFile

RECIPE = str(Path(__file__).parents[2] / "recipes" / "digit_tiny.toml")

Command = Callable[..., int]


@pytest.fixture
def command(
    tiny_corpora: Path, tmp_path_factory: pytest.TempPathFactory, quick: list[str]
) -> Command:
    cache = tmp_path_factory.mktemp("cache")

    def run(name: str, recipe: str, *arguments: str) -> int:
        places = ["--corpora", str(tiny_corpora), "--cache", str(cache), "--device", "cpu"]
        return main([name, recipe, *quick, *places, *arguments])

    return run


def test_train_writes_a_model_file_and_says_where(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("train", RECIPE, "--output", str(tmp_path / "run")) == 0
    written = capsys.readouterr()
    assert written.out == f"{tmp_path / 'run' / 'model.onnx'}\n"
    assert "training 4/4, validation/digit_accuracy" in written.err
    exported = tmp_path / "digit.onnx"
    assert main(["export", str(tmp_path / "run"), "--output", str(exported)]) == 0
    assert "differs from torch by" in capsys.readouterr().out
    assert ModelFile.load(exported).card.name == "digit-tiny"


def test_cross_validation_answers_everybody_once_and_goes_on_after_a_stop(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folds = ["--folds", "2", "--output", str(tmp_path), "--set", "fit.epochs=2"]
    assert command("cross-validate", RECIPE, *folds, "--only", "0") == 0
    assert "fold 0 of 2 speaker folds" in (tmp_path / "report.md").read_text()
    capsys.readouterr()
    first = (tmp_path / "fold_0" / "model.onnx").stat().st_mtime_ns
    assert command("cross-validate", RECIPE, *folds) == 0
    assert (tmp_path / "fold_0" / "model.onnx").stat().st_mtime_ns == first
    assert capsys.readouterr().out == f"{tmp_path / 'report.md'}\n"
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["split"] == "2 speaker folds, pooled"
    answered = [
        json.loads(line)["utterance"]["path"]
        for fold in ("fold_0", "fold_1")
        for line in (tmp_path / fold / "answers_clean.jsonl").read_text().splitlines()
    ]
    assert len(answered) == len(set(answered)) == 40


def test_a_speaker_left_out_is_answered_by_a_model_of_the_others(
    command: Command, tmp_path: Path
) -> None:
    ways = ["--leave-one-speaker-out", "speech_commands", "--only", "0", "--noise-snr", "10"]
    assert command("cross-validate", RECIPE, *ways, "--output", str(tmp_path)) == 0
    split = json.loads((tmp_path / "without_speech_commands_0000" / "split.json").read_text())
    assert split["exclude"] == ["speech_commands/0000"]
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["corpora"]["speech_commands"]["speakers"] == 1
    # Another recipe's results are not taken for this one's.
    other = [*ways, "--set", "fit.rate=0.001", "--output", str(tmp_path)]
    assert command("cross-validate", RECIPE, *other) == 4


def test_a_corpus_left_out_is_in_neither_training_nor_babble(
    command: Command, tmp_path: Path
) -> None:
    ways = ["--leave-corpus-out", "speech_commands", "--output", str(tmp_path)]
    assert command("cross-validate", RECIPE, *ways) == 4  # no other corpus is in the recipe


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([], 2, "Give one of --folds, --leave-one-speaker-out and --leave-corpus-out."),
        (["--folds", "2", "--leave-corpus-out", "fsdd"], 2, "Give one of --folds"),
        (["--folds", "4"], 4, "4 parts of speakers cannot be cut into 4 folds."),
        (["--folds", "2", "--only", "7"], 2, "There is no fold 7."),
        (["--leave-one-speaker-out", "fsdd"], 4, "no known speaker of 'fsdd'"),
        (["--folds", "2", "--device", "tpu"], 5, "There is no 'tpu' device"),
        (["--folds", "2", "--set", 'corpora=["fsdd"]'], 4, "nobody said where it is"),
    ],
)
def test_what_cannot_be_cross_validated_is_said(
    command: Command,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    found = command("cross-validate", RECIPE, "--output", str(tmp_path / "out"), *arguments)
    assert (found, says in capsys.readouterr().err) == (code, True)


def test_a_folder_that_is_no_run_is_not_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(tmp_path), "--output", str(tmp_path / "m.onnx")]) == 4
    assert "is not a training run" in capsys.readouterr().err
