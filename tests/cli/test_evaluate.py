from __future__ import annotations

import errno
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from voxtrait.cli.app import main
from voxtrait.model_file import ModelFile, with_card
from voxtrait.runtime import loading
from voxtrait.testing import fake_detector, fake_model


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model file, in a place where the shipped detector hears computed tones."""
    detector = ModelFile.load(fake_detector())
    monkeypatch.setattr(loading, "find", lambda *_: SimpleNamespace(load=lambda: detector))
    path = tmp_path / "model.onnx"
    path.write_bytes(fake_model())
    return path


@pytest.fixture
def fsdd(tmp_path: Path) -> Path:
    """Twelve speakers who say three digits each."""
    folder = tmp_path / "data" / "fsdd"
    (folder / "recordings").mkdir(parents=True)
    time = np.arange(4000) / 8000
    for speaker in range(12):
        for digit in range(3):
            tone = 0.1 * (1 + digit) * np.sin(2 * np.pi * (150 + 20 * speaker) * time)
            path = folder / "recordings" / f"{digit}_speaker{'abcdefghijkl'[speaker]}_0.wav"
            soundfile.write(path, tone, 8000)
    return folder


@pytest.fixture
def noise(fsdd: Path) -> Path:
    folder = fsdd.parent / "noise"
    (folder / "hum").mkdir(parents=True)
    rng = np.random.default_rng(0)
    rows = ["path,kind"]
    for number, kind in enumerate(["noise", "noise", "room"]):
        soundfile.write(folder / "hum" / f"{number}.wav", rng.normal(0, 0.1, 4000), 8000)
        rows.append(f"hum/{number}.wav,{kind}")
    (folder / "files.csv").write_text("\n".join(rows) + "\n")
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["evaluate", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_a_folder_gets_report_pictures_and_answers(model, fsdd, tmp_path, capsys) -> None:
    pytest.importorskip("matplotlib", reason="the evaluate extra is not installed")
    out = tmp_path / "out"
    code, table, _ = run(
        capsys, "--model", model, "--corpus", "fsdd", "--root", fsdd, "--split", "all",
        "--trait", "digit", "-o", out,
    )  # fmt: skip
    assert code == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "clean.jsonl",
        "digit-confusion.png",
        "digit-coverage.png",
        "digit-reliability.png",
        "report.json",
        "report.md",
    ]
    report = json.loads((out / "report.json").read_text())
    assert report["split"] == "all"
    assert report["corpora"]["fsdd"]["clips"] == 36
    assert "digit, fsdd, clean" in table


def test_the_split_is_by_speaker_and_the_test_is_a_tenth(model, fsdd, capsys) -> None:
    code, text, _ = run(
        capsys, "--model", model, "--corpus", "fsdd", "--root", fsdd.parent, "--format", "json"
    )
    report = json.loads(text)
    assert code == 0
    assert report["split"] == "test"
    assert report["corpora"]["fsdd"] == {"clips": 3, "speakers": 1, "hours": pytest.approx(0.0004)}


def test_a_corpus_without_a_speaker_in_the_split_is_named(model, fsdd, noise, capsys) -> None:
    code, _, warned = run(
        capsys, "--model", model, "--corpus", "fsdd", "--corpus", "noise", "--corpora", fsdd.parent,
        "--trait", "digit",
    )  # fmt: skip
    assert code == 0
    assert "noise has no speaker in --split test: it is not measured." in warned


def test_every_condition_is_one_more_pass(model, fsdd, noise, capsys) -> None:
    code, text, _ = run(
        capsys, "--model", model, "--corpus", "fsdd", "--corpora", fsdd.parent, "--split", "all",
        "--trait", "digit", "--noise-snr", 10, "--noise-snr", 20, "--room", "--seconds", 0.3,
        "--codec", "telephone", "--format", "json",
    )  # fmt: skip
    assert code == 0
    report = json.loads(text)
    assert [row["condition"] for row in report["results"]] == [
        "clean", "0.3 s", "room", "noise 10 dB", "noise 20 dB", "telephone",
    ]  # fmt: skip
    assert {row["against"] for row in report["changes"]} == {"clean"}


def test_speakers_that_were_trained_on_are_warned_of_and_can_be_left_out(
    model, fsdd, capsys
) -> None:
    card = ModelFile.load(model).card
    model.write_bytes(with_card(model.read_bytes(), replace(card, trained_on=TRAINED)))
    base = ["--model", model, "--corpus", "fsdd", "--root", fsdd, "--split"]
    code, text, warned = run(capsys, *base, "all", "--format", "markdown")
    assert code == 0
    assert "12 of these 12 speakers took part in the model's training" in warned
    assert "Split: all; 12 of 12 speakers may have been heard in training." in text
    code, _, said = run(capsys, *base, "unheard")
    assert code == 4
    assert "No recording is left of --split unheard." in said


TRAINED = ({"corpus": "fsdd", "speakers": 12, "hours": 0.1, "licence": "CC-BY-SA-4.0"},)


def test_an_earlier_evaluation_is_gone_on_with_and_compared_with(
    model, fsdd, tmp_path, capsys
) -> None:
    base = ["--model", model, "--corpus", "fsdd", "--root", fsdd, "--split", "all", "--no-pictures"]
    first, second = tmp_path / "first", tmp_path / "second"
    assert run(capsys, *base, "-o", first)[0] == 0
    rows = (first / "clean.jsonl").read_bytes()
    (first / "clean.jsonl").write_bytes(rows[: len(rows) // 2])
    assert run(capsys, *base, "-o", first, "--resume")[0] == 0
    assert (first / "clean.jsonl").read_bytes() == rows
    code, text, _ = run(capsys, *base, "-o", second, "--against", first, "--format", "json")
    assert code == 0
    against = json.loads(text)["against"]
    assert [row["metric"] for row in against] == [
        f"{trait} {metric}"
        for trait in ("digit",)  # nothing else is known of these speakers
        for metric in ("accuracy", "uar", "ece")
    ]
    assert [(row["clips"], row["change"]) for row in against] == [(36, 0)] * 3


def test_without_resume_an_evaluation_begins_anew(model, fsdd, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    base = ["--corpus", "fsdd", "--root", fsdd, "--no-pictures", "-o", out]
    other = tmp_path / "other.onnx"
    other.write_bytes(fake_model(["digit"], seed=1))
    assert run(capsys, "--model", other, *base)[0] == 0
    assert run(capsys, "--model", model, *base, "--resume")[0] == 2
    assert run(capsys, "--model", model, *base)[0] == 0
    assert len((out / "clean.jsonl").read_text().splitlines()) == 3


def test_a_file_of_something_else_is_not_replaced(model, fsdd, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "clean.jsonl").write_text('{"my": "file"}\n')
    base = ["--model", model, "--corpus", "fsdd", "--root", fsdd, "--no-pictures", "-o", out]
    for more in ([], ["--resume"]):
        code, _, said = run(capsys, *base, *more)
        assert (code, "is not a scored row" in said) == (4, True)
    assert (out / "clean.jsonl").read_text() == '{"my": "file"}\n'


def test_a_report_takes_the_place_of_an_earlier_one_whole(
    model, fsdd, noise, tmp_path, capsys
) -> None:
    pytest.importorskip("matplotlib")
    out = tmp_path / "out"
    base = ["--model", model, "--corpus", "fsdd", "--root", f"fsdd={fsdd}", "--split", "all"]
    base += ["-o", out]
    first = run(capsys, *base, "--root", f"noise={noise}", "--noise-snr", 10)
    assert first[0] == 0
    assert "replaced" not in first[2]
    (out / "mine.txt").write_text("kept")
    before = {path.name for path in out.iterdir()}
    assert {"noise_10_dB.jsonl", "digit-confusion.png", "clean.jsonl"} <= before
    code, _, said = run(capsys, *base, "--no-pictures")
    assert code == 0
    assert "report.json of an earlier evaluation will be replaced" in said
    assert {path.name for path in out.iterdir()} == {
        "mine.txt", "report.json", "report.md", "clean.jsonl",
    }  # fmt: skip


def test_a_trait_that_no_recording_has_a_truth_of_is_named(model, fsdd, capsys) -> None:
    asked = ["--trait", "digit", "--trait", "age", "--split", "all"]
    code, _, said = run(capsys, "--model", model, "--corpus", "fsdd", "--root", fsdd, *asked)
    assert code == 0
    assert "No recording has a known age" in said
    assert "known digit" not in said


def test_what_is_compared_with_is_read_before_the_work(
    model, fsdd, tmp_path, capsys, monkeypatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("measured, though there is nothing to compare with")

    monkeypatch.setattr("voxtrait.cli.evaluation.score", refuse)
    base = ["--model", model, "--corpus", "fsdd", "--root", fsdd, "--split", "all"]
    code, _, said = run(capsys, *base, "--against", tmp_path)
    assert code == 4
    assert "clean.jsonl" in said


def test_a_manifest_can_be_measured_on(model, fsdd, tmp_path, capsys) -> None:
    from voxtrait.corpora import READERS, Manifest

    file = tmp_path / "rows.jsonl"
    Manifest(READERS["fsdd"](fsdd)).write_jsonl(file)
    base = ["--model", model, "--manifest", file, "--split", "all"]
    code, text, _ = run(capsys, *base, "--format", "json")
    assert (code, json.loads(text)["corpora"]["fsdd"]["speakers"]) == (0, 12)
    next((fsdd / "recordings").iterdir()).unlink()
    code, _, said = run(capsys, *base)
    assert code == 4
    assert "1 of 36 recordings of the manifest are gone" in said


def test_a_recording_that_cannot_be_read_is_counted_and_ends_with_1(model, fsdd, capsys) -> None:
    next((fsdd / "recordings").iterdir()).write_text("no sound")
    code, text, _ = run(
        capsys, "--model", model, "--corpus", "fsdd", "--root", fsdd, "--split", "all",
        "--format", "json",
    )  # fmt: skip
    assert code == 1
    (row,) = json.loads(text)["answering"]
    assert (row["clips"], row["failed"]) == (36, 1)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ([], 2, "Nothing says what to measure on."),
        (["--corpus", "fsdd", "--corpus", "noise", "--root", "x"], 2, "which corpus lies there"),
        (["--corpus", "fsdd", "--root", "nowhere"], 4, "nowhere"),
        (["--corpus", "fsdd", "--root", "FSDD", "--trait", "gender", "--trait", "tone"], 2, "tone"),
        (["--corpus", "fsdd", "--root", "FSDD", "--trait", "age"], 4, "known age"),
        (["--corpus", "fsdd", "--root", "FSDD", "--resume"], 2, "--output"),
        (["--corpus", "fsdd", "--root", "FSDD", "--seconds", "0"], 2, "cut to 0"),
        (["--corpus", "fsdd", "--root", "FSDD", "--noise-snr", "9"], 2, "noise"),
        (["--corpus", "fsdd", "--root", "FSDD", "--against", "nothing"], 4, "nothing"),
    ],
)
def test_what_cannot_be_is_said_with_its_exit_code(
    model, fsdd, capsys, monkeypatch, options: list[str], code: int, said: str
) -> None:
    monkeypatch.delenv("VOXTRAIT_CORPORA", raising=False)
    given = [str(fsdd) if option == "FSDD" else option for option in options]
    found, out, err = run(capsys, "--model", model, *given)
    assert (found, out) == (code, "")
    assert said in err
    assert "hint:" in err
    assert "Traceback" not in err


def test_answers_of_an_earlier_evaluation_stay_until_there_are_new_ones(
    model, fsdd, tmp_path, capsys, monkeypatch
) -> None:
    output = tmp_path / "out"
    base = ["--model", model, "--corpus", "fsdd", "--root", fsdd, "-o", output, "--no-pictures"]
    assert run(capsys, *base)[0] == 0
    before = (output / "clean.jsonl").read_bytes()

    def full(path: Path, *rest, **more):
        if path.suffix == ".partial" and path.exists() and path.stat().st_size:
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(path, *rest, **more)

    opened = Path.open
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        code, _, said = run(capsys, *base)
    assert (code, "--resume" in said) == (5, True)
    assert (output / "clean.jsonl").read_bytes() == before
    assert len((output / "clean.jsonl.partial").read_text().splitlines()) == 1
    assert run(capsys, *base, "--resume")[0] == 0
    assert run(capsys, *base)[0] == 0
    assert (output / "clean.jsonl").read_bytes() == before  # replaced, not added to
    assert not (output / "clean.jsonl.partial").exists()


def test_an_output_that_is_no_folder_is_refused_before_the_work(
    model, fsdd, tmp_path, capsys
) -> None:
    (tmp_path / "file").touch()
    base = ["--model", model, "--corpus", "fsdd", "--root", fsdd, "-o"]
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        code, out, said = run(capsys, *base, place)
        assert (code, out) == (2, "")
        assert f"{tmp_path / 'file'} is no folder." in said
    assert run(capsys, *base, "-")[0] == 2


@pytest.mark.usefixtures("unprivileged")
def test_a_folder_that_is_closed_to_writing_is_no_output(model, fsdd, tmp_path, capsys) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    base = ["--model", model, "--corpus", "fsdd", "--root", fsdd]
    code, out, said = run(capsys, *base, "-o", closed / "new" / "report")
    assert (code, out) == (2, "")
    assert f"In the folder {closed} nothing may be written." in said


def test_without_matplotlib_the_report_is_written_without_pictures(
    model, fsdd, tmp_path, capsys, monkeypatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    out = tmp_path / "out"
    base = ["--model", model, "--corpus", "fsdd", "--root", fsdd, "-o", out]
    code, table, said = run(capsys, *base)
    assert (code, "digit, fsdd, clean" in table) == (0, True)
    assert said.startswith("note: The report will have no pictures: ")
    assert "'evaluate' extra" in said
    assert "pip install 'matplotlib>=" in said
    assert sorted(path.name for path in out.iterdir()) == [
        "clean.jsonl",
        "report.json",
        "report.md",
    ]
    assert "pictures" not in run(capsys, *base, "--no-pictures")[2]


@pytest.mark.parametrize("speakers", [1, 2])
def test_a_corpus_too_small_to_split_can_be_measured_whole(
    model, fsdd, capsys, speakers: int
) -> None:
    for path in (fsdd / "recordings").iterdir():
        if path.stem.split("_")[1][-1] not in "ab"[:speakers]:
            path.unlink()
    base = ["--model", model, "--corpus", "fsdd", "--root", fsdd]
    code, _, said = run(capsys, *base)
    assert code == 4
    assert said.startswith("error: --split test cannot be made of these recordings: ")
    assert "hint: --split all measures on every speaker" in said
    code, text, _ = run(capsys, *base, "--split", "all", "--format", "json")
    assert (code, json.loads(text)["corpora"]["fsdd"]["speakers"]) == (0, speakers)


def test_a_corpus_that_does_not_know_the_trait_is_named(model, fsdd, tmp_path, capsys) -> None:
    (tmp_path / "mine").mkdir()
    tone = 0.3 * np.sin(np.arange(4000) / 5)
    soundfile.write(tmp_path / "mine" / "a.wav", tone, 8000)
    (tmp_path / "mine" / "table.csv").write_text("path,speaker,gender\na.wav,anna,female\n")
    named = ["--corpus", "fsdd", "--root", f"fsdd={fsdd}"]
    named += ["--corpus", "table", "--root", f"table={tmp_path / 'mine'}"]
    options = ["--model", model, "--split", "all", "--trait", "digit"]
    code, table, said = run(capsys, *named, *options)
    assert code == 0
    assert "digit, fsdd" in table
    assert "warning: table knows no digit: it is not measured." in said
