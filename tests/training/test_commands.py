"""``voxtrait train``, ``cross-validate`` and ``export`` as a user meets them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from voxtrait.cli.app import main
from voxtrait.cli.cross_validation import folder
from voxtrait.cli.training import _report
from voxtrait.model_file import ModelFile
from voxtrait.training.module import TrainingModule
from voxtrait.training.recipe import load_recipe

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
    output = ["--output", str(tmp_path / "run"), "--set", "split.test=[0]"]
    assert command("train", RECIPE, *output) == 0
    written = capsys.readouterr()
    split = json.loads((tmp_path / "run" / "split.json").read_text())
    assert (split["validation"], split["test"]) == ([3], [0])
    assert written.out == f"{tmp_path / 'run' / 'model.onnx'}\n"
    assert "training 4/4, validation/digit_accuracy" in written.err
    assert "warning: digit: no recording is " in written.err
    assert "digit: " in written.err  # what validation came to
    assert "validation recordings" in written.err
    exported = tmp_path / "digit.onnx"
    assert main(["export", str(tmp_path / "run"), "--output", str(exported)]) == 0
    assert "differs from torch by" in capsys.readouterr().out
    assert ModelFile.load(exported).card.name == "digit-tiny"


@pytest.mark.parametrize("name", ["train", "cross-validate"])
def test_where_a_teacher_lies_is_told_the_training(
    command: Command,
    name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("VOXTRAIT_TEACHERS", raising=False)
    folds = ["--folds", "2"] if name == "cross-validate" else []
    taught = [*folds, "--set", 'teacher.name="speech_embedding"', "--output", str(tmp_path / "run")]
    assert command(name, RECIPE, *taught) == 2
    assert "give --teachers DIR" in capsys.readouterr().err
    for given in (["--teachers", str(tmp_path)], []):
        assert command(name, RECIPE, *taught, *given) == 5
        assert f"{tmp_path / 'melspectrogram.onnx'} cannot be read" in capsys.readouterr().err
        monkeypatch.setenv("VOXTRAIT_TEACHERS", str(tmp_path))


def test_a_training_that_is_there_is_never_begun_anew_by_accident(
    command: Command,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    recipe = str(Path(RECIPE).resolve())
    assert command("train", recipe, "--set", "fit.epochs=1") == 0
    assert capsys.readouterr().out == f"{Path('runs/digit-tiny/model.onnx')}\n"
    before = Path("runs/digit-tiny/model.onnx").stat().st_mtime_ns
    assert command("train", recipe, "--set", "fit.epochs=2") == 2
    told = capsys.readouterr().err
    assert "runs/digit-tiny holds a training already" in told.replace("\\", "/")
    assert "--resume" in told
    assert Path("runs/digit-tiny/model.onnx").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("chosen", "name"),
    [
        ((5, None, None), "digit-tiny-5-folds"),
        ((None, "fsdd", None), "digit-tiny-without-each-of-fsdd"),
        ((None, None, "fsdd"), "digit-tiny-without-fsdd"),
    ],
)
def test_each_way_of_splitting_has_a_folder_of_its_own(
    chosen: tuple[int | None, str | None, str | None], name: str
) -> None:
    assert folder(load_recipe(Path(RECIPE)), *chosen) == Path("runs") / name


@pytest.mark.parametrize(("waiting", "told"), [(0.05, False), (0.3, True)])
def test_waiting_for_data_is_told_of(
    capsys: pytest.CaptureFixture[str], waiting: float, told: bool
) -> None:
    for epoch in (1, 2):
        _report("training", epoch, 2, {"waiting": waiting})
    assert ("waiting for data" in capsys.readouterr().err) == told


def test_cross_validation_answers_everybody_once_and_goes_on_after_a_stop(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folds = ["--folds", "2", "--output", str(tmp_path), "--set", "fit.epochs=2"]
    assert command("cross-validate", RECIPE, *folds, "--only", "0") == 0
    assert "fold 0 of 2 speaker folds" in (tmp_path / "report.md").read_text()
    capsys.readouterr()
    trained = tmp_path / "fold_0" / "checkpoints" / "final.safetensors"
    first = trained.stat().st_mtime_ns
    assert command("cross-validate", RECIPE, *folds) == 0
    assert trained.stat().st_mtime_ns == first
    assert capsys.readouterr().out == f"{tmp_path / 'report.md'}\n"
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["split"] == "2 speaker folds, pooled"
    digits = report["results"][0]
    assert digits["corpus"] == "speech_commands"
    # The one other word of the corpus is left out of one fold's training, and heard in the other's.
    others, unheard = (digits["digits"]["detection"][name] for name in ("others", "unheard"))
    left_out = [
        json.loads((tmp_path / fold / "split.json").read_text())["unheard"]
        for fold in ("fold_0", "fold_1")
    ]
    assert sum("bed" in words for words in left_out) == 1
    assert 0 < unheard["clips"] < others["clips"] == 12
    # Cut otherwise, some of those who are tested were heard by what lies there.
    ways = ["--folds", "3", "--output", str(tmp_path), "--set", "fit.epochs=2"]
    assert command("cross-validate", RECIPE, *ways) == 4
    assert "holds a run of other sides" in capsys.readouterr().err
    assert trained.stat().st_mtime_ns == first
    # A card takes several reports, and has what strangers were measured by first.
    (tmp_path / "other.json").write_text(
        json.dumps({**report, "split": "trained without speech_commands"})
    )
    exported = tmp_path / "digit.onnx"
    reports = [word for name in ("report", "other") for word in
               ("--measured", str(tmp_path / f"{name}.json"))]  # fmt: skip
    assert main(["export", str(tmp_path / "fold_0"), "--output", str(exported), *reports]) == 0
    measured = ModelFile.load(exported).card.measured["digit"]
    assert next(iter(measured)) == "speech_commands (left out of training)"
    assert measured["speech_commands"]["split"] == "2 speaker folds, pooled"
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
    assert command("cross-validate", RECIPE, *ways, "--room", "--output", str(tmp_path)) == 0
    split = json.loads((tmp_path / "without_speech_commands_0000" / "split.json").read_text())
    assert split["exclude"] == ["speech_commands/0000"]
    report = json.loads((tmp_path / "report.json").read_text())
    assert {row["condition"] for row in report["results"]} == {"clean", "noise 10 dB", "room"}
    assert report["corpora"]["speech_commands"]["speakers"] == 1
    # Another recipe's results are not taken for this one's.
    other = [*ways, "--set", "fit.rate=0.001", "--output", str(tmp_path)]
    assert command("cross-validate", RECIPE, *other) == 4


def test_a_detector_of_frames_is_refused_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = str(Path(RECIPE).with_name("speech.toml"))
    ways = ["--folds", "2", "--corpora", str(tmp_path / "none"), "--output", str(tmp_path / "out")]
    assert main(["cross-validate", recipe, *ways]) == 4
    assert "benchmarks/speech.py" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_only_corpus_of_a_recipe_cannot_be_left_out(command: Command, tmp_path: Path) -> None:
    ways = ["--leave-corpus-out", "speech_commands", "--output", str(tmp_path)]
    assert command("cross-validate", RECIPE, *ways) == 4  # no other corpus is in the recipe


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([], 2, "Give one of --folds, --leave-one-speaker-out and --leave-corpus-out."),
        (["--folds", "2", "--leave-corpus-out", "fsdd"], 2, "Give one of --folds"),
        (["--folds", "4"], 4, "4 parts of speakers cannot be cut into 4 folds."),
        (["--folds", "2", "--only", "7"], 2, "There is no fold 7."),
        (["--leave-one-speaker-out", "fsdd"], 4, "fsdd has 0 known speakers"),
        (["--folds", "2", "--device", "tpu"], 2, "There is no device 'tpu'"),
        (["--folds", "2", "--set", 'corpora=["fsdd"]'], 4, "fsdd is not in"),
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


@pytest.mark.parametrize("name", ["train", "cross-validate"])
def test_an_output_that_is_no_folder_is_refused_before_the_work(
    command: Command, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    folds = ["--folds", "2"] if name == "cross-validate" else []
    assert command(name, RECIPE, *folds, "--output", str(tmp_path / "file" / "run")) == 2
    said = capsys.readouterr().err
    assert f"{tmp_path / 'file'} is no folder." in said
    assert "preparing" not in said


def test_what_would_be_lost_in_a_folder_is_named(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.jsonl").write_text('{"my": "manifest"}')
    assert command("train", RECIPE, "--output", str(tmp_path)) == 2
    assert "holds manifest.jsonl, which is of no training" in capsys.readouterr().err
    assert (tmp_path / "manifest.jsonl").read_text() == '{"my": "manifest"}'


def test_an_interrupted_training_says_how_it_goes_on_and_goes_on(
    command: Command,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    step = TrainingModule.training_step
    done: list[int] = []

    def interrupted(module: TrainingModule, *batch: object) -> object:
        done.append(1)
        if len(done) == 6:
            raise KeyboardInterrupt
        return step(module, *batch)

    arguments = ("train", RECIPE, "--set", "fit.steps=4", "--output", str(tmp_path / "run"))
    with monkeypatch.context() as patched:
        patched.setattr(TrainingModule, "training_step", interrupted)
        assert command(*arguments) == 130
    assert "with --resume goes on" in capsys.readouterr().err
    assert command(*arguments, "--resume") == 0
    assert (tmp_path / "run" / "model.onnx").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="On Windows a kill is no signal.")
def test_a_killed_training_ends_with_the_code_of_a_kill(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = TrainingModule.training_step

    def killed(module: TrainingModule, *batch: object) -> object:
        os.kill(os.getpid(), signal.SIGTERM)
        return step(module, *batch)

    monkeypatch.setattr(TrainingModule, "training_step", killed)
    with pytest.raises(SystemExit) as leaving:
        command("train", RECIPE, "--output", str(tmp_path / "run"))
    assert leaving.value.code == 143


@pytest.mark.parametrize("output", ["-", "/dev/stdout"])
def test_what_is_no_text_is_not_written_to_standard_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], output: str
) -> None:
    if output != "-" and not Path(output).exists():
        pytest.skip("This system does not name standard output.")
    assert main(["export", str(tmp_path), "--output", output]) == 2
    assert "not written to standard output" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("place", "said"),
    [(".", "is a folder"), ("a.wav", "not called .onnx"), ("a.wav/m", "no folder")],
)
def test_a_model_is_not_written_over_what_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str, said: str
) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    assert main(["export", str(tmp_path), "--output", str(tmp_path / place)]) == 2
    assert said in capsys.readouterr().err
    assert (tmp_path / "a.wav").read_bytes() == b"RIFF"


def test_a_folder_that_is_no_run_is_not_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(tmp_path), "--output", str(tmp_path / "m.onnx")]) == 4
    assert "is not a training run" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["train", "cross-validate"])
@pytest.mark.parametrize(("there", "code"), [(False, 4), (True, 5)])
def test_a_recipe_that_is_not_there_is_told_before_an_extra_that_is_not(
    name: str, there: bool, code: int, tmp_path: Path
) -> None:
    ways = ["--folds", "2"] if name == "cross-validate" else []
    arguments = [name, RECIPE if there else str(tmp_path / "x.toml"), *ways]
    lines = (
        "import sys",
        "sys.modules['torch'] = None",
        "from voxtrait.cli.app import main",
        f"sys.exit(main({arguments}))",
    )
    run = subprocess.run([sys.executable, "-c", "; ".join(lines)], capture_output=True, text=True)
    assert run.returncode == code
    assert ("'train' extra" if there else "Cannot read the recipe") in run.stderr


def test_a_folder_without_folds_is_told_of_before_anything_is_trained(
    tmp_path: Path, tiny_corpora: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--leave-one-speaker-out", "speech_commands", "--calibration", str(tmp_path)]
    places = ["--corpora", str(tiny_corpora), "--output", str(tmp_path / "runs")]
    changes = ["--set", 'corpora=["speech_commands"]', "--set", 'teacher.name=""']
    assert main(["cross-validate", RECIPE, *options, *places, *changes]) == 4
    assert "holds no fold" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()
