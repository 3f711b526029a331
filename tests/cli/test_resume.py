from __future__ import annotations

import json
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from voxtrait import load
from voxtrait.cli.earlier import Earlier
from voxtrait.cli.rows import FORMATS, Line
from voxtrait.errors import UsageError
from voxtrait.model_file import ModelFile, with_card
from voxtrait.testing import fake_model

Run = Callable[..., Any]
MANY = 600  # answers, enough to be stopped in the midst of them


@pytest.fixture
def names(clips: Path, tmp_path: Path) -> list[str]:
    """Many names of few recordings, and the list of them."""
    given = [f"{clips}/{'./' * (n // 4 % 50)}{n % 4}.wav" for n in range(MANY - 1)]
    given.append(str(tmp_path / "missing.wav"))
    (tmp_path / "list.txt").write_text("\n".join(given))
    return given


def wait_for_lines(path: Path, process: subprocess.Popen[str]) -> None:
    """Until some answers are in the file; the run must not be over by then."""
    deadline = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") < 40:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize("form", FORMATS)
def test_after_a_kill_every_input_is_answered_once_and_none_is_lost(
    start: Run, voxtrait: Run, names: list[str], tmp_path: Path, form: str
) -> None:
    target = tmp_path / "out"
    arguments = ("predict", f"@{tmp_path / 'list.txt'}", "--format", form, "--output", target)
    partial = tmp_path / "out.partial"
    process = start(*arguments)
    wait_for_lines(partial, process)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    assert not target.exists()
    with partial.open("ab") as file:  # the kill came in the middle of a line
        file.write(b'{"path": "half')
    refused = voxtrait(*arguments)
    assert (refused.code, "--resume" in refused.err) == (2, True)
    done = voxtrait(*arguments, "--resume")
    assert done.code == 1  # the one that is missing
    assert not partial.exists()
    lines = target.read_text("utf-8").splitlines()[bool(FORMATS[form].header) :]
    assert [FORMATS[form].parse(line).key for line in lines] == names
    again = voxtrait(*arguments, "--resume")  # only what is missing is tried again
    assert (again.code, target.read_text("utf-8").splitlines()[-1]) == (1, lines[-1])
    assert len(target.read_text("utf-8").splitlines()) == len(lines) + bool(FORMATS[form].header)


def test_an_interrupted_run_keeps_its_answers_and_says_where(
    start: Run, names: list[str], tmp_path: Path
) -> None:
    target = tmp_path / "out.jsonl"
    process = start("predict", f"@{tmp_path / 'list.txt'}", "--output", target, "--jobs", "2")
    partial = tmp_path / "out.jsonl.partial"
    wait_for_lines(partial, process)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=60)
    kept = [json.loads(line)["path"] for line in partial.read_text().splitlines()]
    assert (process.returncode, out) == (130, "")
    assert said == (
        f"note: What was answered is in {partial}; the same call with --resume goes on.\n"
    )
    assert kept == names[: len(kept)]


def test_a_reader_that_has_seen_enough_ends_the_run_quietly(
    start: Run, names: list[str], tmp_path: Path
) -> None:
    process = start("predict", f"@{tmp_path / 'list.txt'}", "--format", "json")
    assert json.loads(process.stdout.readline())["path"] == names[0]
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 141


def test_a_disk_that_fills_up_loses_no_answer(
    start: Run, voxtrait: Run, names: list[str], tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource", reason="This system has no limits on files.")
    target = tmp_path / "out.csv"
    arguments = ("predict", f"@{tmp_path / 'list.txt'}", "--output", target)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    process = start(*arguments, preexec_fn=limit)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 5
    assert [line.split(":")[0] for line in said.splitlines()] == ["note", "error", "hint"]
    partial = (tmp_path / "out.csv.partial").read_text("utf-8")
    assert partial.endswith("\n")
    assert 15_000 < len(partial) <= 20_000
    assert voxtrait(*arguments, "--resume").code == 1
    lines = target.read_text("utf-8").splitlines()[1:]
    assert Counter(FORMATS["csv"].parse(line).key for line in lines) == Counter(names)


def test_an_input_given_twice_is_answered_twice_and_a_new_one_is_added(
    voxtrait: Run, clips: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.jsonl"
    first, second = clips / "0.wav", clips / "1.wav"
    assert voxtrait("predict", first, first, "--output", target).code == 0
    assert voxtrait("predict", first, first, second, "--output", target, "--resume").code == 0
    paths = [json.loads(line)["path"] for line in target.read_text().splitlines()]
    assert paths == [str(first), str(first), str(second)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ((), ("--trait", "age"), "answers for digit too"),
        (("--trait", "age"), (), "without answers for"),
        (("--trait", "age"), ("--trait", "digit"), "answers for age too"),
        ((), ("--channel", "0"), "begun with --channel mix, not 0"),
        (("--channel", "0"), (), "begun with --channel 0, not mix"),
        ((), ("--model", "MODEL"), "for digit, not with other-small"),
    ],
)
def test_answers_by_other_options_are_not_put_into_the_same_file(
    voxtrait: Run,
    clips: Path,
    tmp_path: Path,
    form: str,
    first: tuple[str, ...],
    then: tuple[str, ...],
    said: str,
) -> None:
    model, target = tmp_path / "model.onnx", tmp_path / "out"
    content = fake_model()
    card = replace(ModelFile.load(content).card, name="other-small")
    model.write_bytes(with_card(content, card))
    fixed = ("--output", target, "--format", form)
    assert voxtrait("predict", clips / "0.wav", *first, *fixed).code == 0
    before = target.read_bytes()
    changed = [str(model) if option == "MODEL" else option for option in then]
    done = voxtrait("predict", clips, *changed, *fixed, "--resume")
    assert (done.code, said in done.err) == (2, True), done.err
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["error", "hint"]
    assert "hint: Resume with the same " in done.err
    assert (target.read_bytes(), [path.name for path in tmp_path.glob("out*")]) == (before, ["out"])
    assert voxtrait("predict", clips, *first, *fixed, "--resume").code == 0


def test_a_recording_that_has_come_is_answered_where_it_was_missing(
    voxtrait: Run, clips: Path, tmp_path: Path
) -> None:
    target, late = tmp_path / "out.jsonl", tmp_path / "late.wav"
    arguments = ("predict", clips / "0.wav", late, clips / "1.wav", "--output", target)
    assert voxtrait(*arguments).code == 1
    late.write_bytes((clips / "2.wav").read_bytes())
    done = voxtrait(*arguments, "--resume")
    assert (done.code, done.err) == (0, "")
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert {row["path"] for row in rows} == {str(clips / "0.wav"), str(late), str(clips / "1.wav")}
    assert all("traits" in row for row in rows)
    assert len(rows) == 3


def test_a_trait_that_had_too_little_speech_is_no_other_option() -> None:
    predictor = load(fake_model(("digit", "age")))
    models = {"digit": predictor.editions["digit"]}
    earlier = Earlier(str)
    earlier.add(Line("a", False, models, frozenset({"age"})))
    earlier.check_same_options(predictor, "mix")
    earlier.add(Line("b", False, models))
    with pytest.raises(UsageError, match="without answers for age"):
        earlier.check_same_options(predictor, "mix")


@pytest.mark.parametrize("form", FORMATS)
def test_answers_of_another_file_of_the_same_name_and_version_are_refused(
    voxtrait: Run, clips: Path, tmp_path: Path, form: str
) -> None:
    model, target = tmp_path / "model.onnx", tmp_path / "out"
    content = fake_model(("gender",))
    card = ModelFile.load(content).card
    arguments = ("predict", clips, "--model", model, "--output", target, "--format", form)
    model.write_bytes(content)
    assert voxtrait(*arguments).code == 0
    before = target.read_bytes()
    assert voxtrait(*arguments, "--resume").code == 0
    anew = replace(card, traits={"gender": replace(card.traits["gender"], temperature=2.0)})
    model.write_bytes(with_card(content, anew))
    done = voxtrait(*arguments, "--resume")
    editions = [ModelFile.load(file).edition for file in (content, model)]
    assert f"begun with {editions[0]} for gender, not with {editions[1]}." in done.err
    assert len({edition.partition("+")[0] for edition in editions}) == 1
    assert (done.code, target.read_bytes()) == (2, before)
