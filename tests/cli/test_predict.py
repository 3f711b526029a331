from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no /dev/full.")


def test_every_trait_of_every_recording_of_a_folder_is_answered(voxtrait: Run, clips: Path) -> None:
    done = voxtrait("predict", clips, "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert [row["path"] for row in done.rows] == [f"{clips}/{n}.wav" for n in range(4)]
    assert all(list(row["traits"]) == ["digit", "gender", "age"] for row in done.rows)


def test_only_the_traits_asked_for_are_answered(voxtrait: Run, clips: Path) -> None:
    asked = ("--trait", "age", "--trait", "digit")
    (row,) = voxtrait("predict", clips / "0.wav", *asked, "--format", "json").rows
    assert set(row["traits"]) == {"digit", "age"}


def test_a_model_file_answers_in_place_of_the_shipped_ones(
    voxtrait: Run, clips: Path, models_folder: Path
) -> None:
    def probability(*options: object) -> float:
        options = (*options, "--trait", "gender", "--format", "json")
        (row,) = voxtrait("predict", clips / "0.wav", *options).rows
        assert list(row["traits"]) == ["gender"]
        return row["traits"]["gender"]["probability"]

    tiny = probability("--size", "tiny")
    assert tiny != probability()
    assert tiny == probability("--model", models_folder / "voice-tiny.onnx")


def test_jobs_change_nothing_in_the_answers(voxtrait: Run, clips: Path, silence: Path) -> None:
    arguments = ("predict", clips, silence, clips, "--format", "json")
    assert voxtrait(*arguments, "--jobs", "3").rows == voxtrait(*arguments).rows


def test_some_failures_are_lines_of_the_data_and_exit_1(
    voxtrait: Run, clips: Path, silence: Path, tmp_path: Path
) -> None:
    inputs = (tmp_path / "missing.wav", clips / "0.wav", silence, f"@{tmp_path}/none.txt")
    done = voxtrait("predict", *inputs, "--format", "json")
    assert done.code == 1
    assert [row["path"] for row in done.rows] == list(map(str, inputs))
    kinds = [row.get("error", {}).get("type") for row in done.rows]
    assert kinds == ["MissingAudio", None, "NoSpeech", "MissingAudio"]
    assert (done.rows[2]["error"]["duration_s"], done.rows[2]["error"]["speech_s"]) == (2.0, 0.0)


def test_debug_shows_where_a_recording_failed(voxtrait: Run, clips: Path, tmp_path: Path) -> None:
    inputs = (clips / "0.wav", tmp_path / "missing.wav", "--format", "json")
    done = voxtrait("--debug", "predict", *inputs)
    assert "Traceback" in done.err
    assert "MissingAudio: " in done.err
    assert (done.code, len(done.rows)) == (1, 2)
    assert "Traceback" not in voxtrait("predict", *inputs).err


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A recording in which 0.2 s sound like speech."""
    import numpy as np
    import soundfile

    wave = np.zeros(8000)
    wave[3000:4600] = 0.3 * np.sin(2 * np.pi * 220 * np.arange(1600) / 8000)
    soundfile.write(tmp_path / "short.wav", wave, 8000)
    return tmp_path / "short.wav"


@pytest.fixture
def demanding(tmp_path: Path) -> Path:
    """A model of gender and age that needs 0.5 s of speech."""
    from dataclasses import replace

    from voxtrait.model_file import ModelFile, with_card
    from voxtrait.testing import fake_model

    content = fake_model(("gender", "age"))
    card = ModelFile.load(content).card
    path = tmp_path / "demanding.onnx"
    path.write_bytes(with_card(content, replace(card, window=card.window._replace(least=0.5))))
    return path


def test_an_answer_that_needs_more_speech_is_withheld_with_the_reason(
    voxtrait: Run, short: Path, demanding: Path, models_folder: Path
) -> None:
    models = ("--model", demanding, "--model", models_folder / "digit-small.onnx")
    (row,) = voxtrait("predict", short, *models, "--format", "json").rows
    assert list(row["traits"]) == ["digit"]
    reason = f"too little speech: {row['speech_s']:.2f} s of 0.50 s needed"
    assert row["withheld"] == {"gender": reason, "age": reason}
    validator().validate(row)
    assert not validator().is_valid({**row, "withheld": {}})
    assert f"perceived gender  {reason}" in voxtrait("predict", short, *models).out


def test_too_little_speech_for_every_trait_is_not_called_none(
    voxtrait: Run, short: Path, demanding: Path
) -> None:
    arguments = ("predict", short, "--model", demanding)
    done = voxtrait(*arguments, "--format", "json")
    (row,) = done.rows
    assert (done.code, row["error"]["type"]) == (3, "NoSpeech")
    assert row["error"]["speech_s"] > 0.1
    said = f"Too little speech: {row['error']['speech_s']:.2f} s of the 1.00 s sound like speech; "
    assert row["error"]["message"] == f"{said}an answer needs 0.50 s."
    assert "more speech" in row["error"]["hint"]


PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


def broken_inputs(folder: Path) -> dict[str, Path]:
    import numpy as np
    import soundfile

    contents = {"empty": b"", "text": b"hello, world", "cut": b"RIFF\x24\0\0\0WAVEfm", "image": PNG}
    lengths = {"zero samples": 0, "one sample": 1}
    paths = {name: folder / f"{name}.wav" for name in (*contents, *lengths, "missing")}
    for name, content in contents.items():
        paths[name].write_bytes(content)
    for name, length in lengths.items():
        soundfile.write(paths[name], np.full(length, 0.3), 16_000)
    (folder / "bare").mkdir()
    return {**paths, "bare": folder / "bare"}


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("empty", "UnreadableAudio", "is empty"),
        ("text", "UnreadableAudio", "is text, not audio"),
        ("cut", "UnreadableAudio", "no fmt chunk"),
        ("image", "UnreadableAudio", "is a PNG image"),
        ("zero samples", "UnreadableAudio", "holds no samples"),
        ("one sample", "NoSpeech", "No speech: 0.00 s of the 0.00 s"),
        ("missing", "MissingAudio", "There is no file"),
        ("bare", "MissingAudio", "holds no audio file"),
    ],
)
@pytest.mark.parametrize("shape", ["table", "json", "csv"])
def test_nothing_readable_exits_3_with_a_hint_and_no_traceback(
    voxtrait: Run, tmp_path: Path, name: str, kind: str, said: str, shape: str
) -> None:
    done = voxtrait("predict", broken_inputs(tmp_path)[name], "--format", shape)
    assert done.code == 3
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["error", "hint"]
    assert said in done.err
    assert (kind in done.out) == (shape != "table")
    assert (done.out == "") == (shape == "table")


def test_silence_alone_exits_3(voxtrait: Run, silence: Path) -> None:
    done = voxtrait("predict", silence)
    assert (done.code, done.out) == (3, "")
    assert f"{silence}: No speech: 0.00 s of the 2.00 s" in done.err


def test_a_file_without_permission_is_named(voxtrait: Run, clips: Path, unprivileged: None) -> None:
    (clips / "0.wav").chmod(0)
    done = voxtrait("predict", clips, "--format", "json")
    assert done.code == 1
    assert done.rows[0]["error"]["type"] == "MissingAudio"
    assert "0.wav" in done.err


def test_a_hint_stands_right_below_the_errors_that_it_helps_with(
    voxtrait: Run, clips: Path, silence: Path, tmp_path: Path
) -> None:
    inputs = (tmp_path / "a.wav", silence, tmp_path / "b.wav", clips / "0.wav")
    lines = voxtrait("predict", *inputs, "--format", "json").err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["error", "error", "hint", "error", "hint"]
    assert ("a.wav" in lines[0], "b.wav" in lines[1]) == (True, True)
    assert ("path" in lines[2], "No speech" in lines[3]) == (True, True)


def test_many_failures_are_summed_up(voxtrait: Run, tmp_path: Path) -> None:
    done = voxtrait("predict", *(tmp_path / f"{n}.wav" for n in range(30)))
    assert len(done.err.splitlines()) == 13
    assert "and 20 more like that" in done.err
    assert "30 of 30 inputs failed." in done.err


def test_no_kind_of_failure_hides_behind_many_of_another(
    voxtrait: Run, silence: Path, tmp_path: Path
) -> None:
    done = voxtrait("predict", *[silence] * 15, tmp_path / "gone.wav", "--format", "json")
    told = done.err.splitlines()
    assert sum("No speech" in line for line in told) == 10
    assert [line for line in told if "gone.wav" in line]
    assert "error: and 5 more like that" in told
    assert told[-1] == "error: 16 of 16 inputs failed."


def test_what_failed_otherwise_is_counted_and_bytes_make_no_kind(
    voxtrait: Run, tmp_path: Path
) -> None:
    for number in range(15):
        (tmp_path / f"{number:02}.wav").write_bytes(bytes([200 - number]) * 99)
    (tmp_path / "x.wav").touch()
    told = voxtrait("predict", tmp_path, "--format", "json").err.splitlines()
    assert [line for line in told if "x.wav" in line]
    assert "error: and 5 more like that" in told
    assert told[-1] == "error: 16 of 16 inputs failed."


def wrong_models() -> dict[str, bytes | None]:
    import onnx

    from voxtrait.model_file import ModelFile
    from voxtrait.model_file.outline import with_metadata
    from voxtrait.testing import fake_model

    whole = fake_model(("gender",))
    card = ModelFile(whole).card.to_json()
    outside = onnx.load_from_string(whole)
    weight = outside.graph.initializer[-1]
    weight.data_location = onnx.TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="weights.bin")
    return {
        "missing": None,
        "empty": b"",
        "text": b"not a model",
        "half": whole[: len(whole) // 2],
        "another schema": with_metadata(
            whole, "voxtrait", card.replace('"schema": 1', '"schema": 7')
        ),
        "external data": outside.SerializeToString(),
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing", "There is no model"),
        ("empty", "damaged: it holds 0 graphs"),
        ("text", "damaged: byte 0"),
        ("half", "damaged: a part of"),
        ("another schema", "schema 7; this voxtrait reads schema 1"),
        ("external data", "lie outside the file"),
    ],
)
def test_a_wrong_model_file_exits_4_before_anything_is_written(
    voxtrait: Run, clips: Path, tmp_path: Path, name: str, said: str
) -> None:
    model = tmp_path / "m.onnx"
    content = wrong_models()[name]
    if content is not None:
        model.write_bytes(content)
    target = tmp_path / "out.csv"
    done = voxtrait("predict", clips, "--model", model, "--output", target)
    assert (done.code, done.out) == (4, "")
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["error", "hint"]
    assert said in done.err
    assert sorted(path.name for path in tmp_path.glob("out*")) == []


def test_a_shipped_model_with_a_changed_byte_exits_4(
    voxtrait: Run, clips: Path, models_folder: Path
) -> None:
    model = models_folder / "voice-small.onnx"
    whole = model.read_bytes()
    model.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        done = voxtrait("predict", clips)
    finally:
        model.write_bytes(whole)
    assert done.code == 4
    assert "voice-small" in done.err


def test_what_is_longer_than_max_seconds_is_refused(voxtrait: Run, clips: Path) -> None:
    arguments = ("predict", clips / "0.wav", "--format", "json", "--max-seconds")
    error = voxtrait(*arguments, "0.5").rows[0]["error"]
    assert error["type"] == "AudioOutOfBounds"
    assert "allowed 0.5 s" in error["message"]
    assert "--max-seconds" in error["hint"]
    assert "traits" in voxtrait(*arguments, "1.5").rows[0]


def test_a_channel_can_be_chosen(voxtrait: Run, tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(8000) / 8000)
    soundfile.write(tmp_path / "two.wav", np.stack([tone, 0 * tone], 1), 8000)
    arguments = ("predict", tmp_path / "two.wav", "--format", "json", "--channel")
    assert "traits" in voxtrait(*arguments, "0").rows[0]
    assert voxtrait(*arguments, "1").rows[0]["error"]["type"] == "NoSpeech"


def test_standard_input_is_answered_as_its_file(
    voxtrait: Run, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def piped() -> Any:
        content = (clips / "1.wav").read_bytes()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        return voxtrait("predict", "-", "--format", "json").rows

    (row,) = voxtrait("predict", clips / "1.wav", "--format", "json").rows
    assert piped() == [{**row, "path": "-"}]


def test_csv_and_json_say_the_same(voxtrait: Run, clips: Path, silence: Path) -> None:
    rows = voxtrait("predict", clips, silence, "--format", "json").rows
    table = csv.DictReader(io.StringIO(voxtrait("predict", clips, silence, "--format", "csv").out))
    for row, cells in zip(rows, table, strict=True):
        assert cells["path"] == row["path"]
        assert cells["error"] == row.get("error", {}).get("type", "")
        for name, answer in row.get("traits", {}).items():
            assert cells[name] == answer["label"]
            assert float(cells[f"{name}_probability"]) == answer["probability"]


@pytest.mark.parametrize(("name", "first"), [("a.jsonl", "{"), ("a.csv", "path,"), ("a.txt", "\n")])
def test_the_suffix_of_the_output_decides_the_format(
    voxtrait: Run, clips: Path, tmp_path: Path, name: str, first: str
) -> None:
    done = voxtrait("predict", clips, "--output", tmp_path / name)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (tmp_path / name).read_text("utf-8").startswith(first)
    assert [path.name for path in tmp_path.glob("a.*")] == [name]


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_standard_output_is_not_replaced_as_a_file(
    voxtrait: Run, clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = voxtrait("predict", clips, "--output", name, "--format", "csv")
    assert (done.code, done.err) == (0, "")
    assert done.out == voxtrait("predict", clips, "--format", "csv").out
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize("name", ["a.xyz", "a.tsv", "a", ".csv"])
def test_a_suffix_that_says_nothing_of_the_format_is_refused_unless_the_format_is_given(
    voxtrait: Run, clips: Path, tmp_path: Path, name: str
) -> None:
    target = tmp_path / name
    done = voxtrait("predict", clips, "--output", target)
    assert (done.code, target.exists()) == (2, False)
    assert "Add --format table, json or csv" in done.err
    assert voxtrait("predict", clips, "--output", target, "--format", "csv").code == 0
    assert target.read_text("utf-8").startswith("path,")


@pytest.mark.parametrize("form", ["json", "csv", "table"])
@pytest.mark.parametrize("resume", [False, True])
def test_a_recording_is_never_replaced_by_answers(
    voxtrait: Run, clips: Path, form: str, resume: bool
) -> None:
    target = clips / "0.wav"
    before = target.read_bytes()
    again = ["--resume"] if resume and form != "table" else []
    done = voxtrait("predict", clips, "--output", target, "--format", form, *again)
    assert done.code == 2
    assert "is there already and is no text" in done.err
    assert target.read_bytes() == before


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt"])
def test_a_former_file_is_replaced_when_all_is_answered_and_the_user_is_told(
    voxtrait: Run, clips: Path, silence: Path, tmp_path: Path, name: str
) -> None:
    target = tmp_path / name
    target.write_text("before")
    assert voxtrait("predict", clips, "--output", target, "--model", "none.onnx").code == 4
    assert target.read_text() == "before"
    done = voxtrait("predict", clips, "--output", target)
    assert (done.code, done.err) == (0, f"note: {target} was there before and is replaced.\n")
    assert "0.wav" in target.read_text("utf-8")
    if name != "a.txt":
        assert voxtrait("predict", clips, "--output", target, "--resume").err == ""


def test_odd_names_are_answered_and_never_reach_the_terminal_raw(
    voxtrait: Run, clips: Path, tmp_path: Path
) -> None:
    content = (clips / "0.wav").read_bytes()
    names = ["\x1b[2J.wav", "[red].wav", "new\nline.wav", os.fsdecode(b"\xff\xfe.wav"), "=1.wav"]
    folder = tmp_path / "odd"
    folder.mkdir()
    try:
        for name in names:
            (folder / name).write_bytes(content)
    except (OSError, ValueError):
        pytest.skip("This file system does not take such names.")
    (folder / "\x1b[31m.wav").write_text("text")
    for shape in ("table", "json"):
        done = voxtrait("predict", folder, "--format", shape)
        assert done.code == 1
        assert (done.out + done.err).replace("\n", "").isprintable()
    (folder / "\x1b[31m.wav").unlink()
    found = [row["path"] for row in voxtrait("predict", folder, "--format", "json").rows]
    assert sorted(found) == sorted(f"{folder}/{name}" for name in names)
    alone = voxtrait("predict", folder / names[3], "--format", "json")  # as an argument too
    assert alone.code == 0


def test_odd_names_come_through_a_pipe_as_csv_just_as_into_a_file(
    start: Run, clips: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    names = ["\x1b[2J.wav", "new\nline.wav", "Grüße 语.wav", os.fsdecode(b"\xff\xfe.wav")]
    try:
        for name in names:
            (folder / name).write_bytes((clips / "0.wav").read_bytes())
    except (OSError, ValueError):
        pytest.skip("This file system does not take such names.")
    arguments = ("predict", folder, "--format", "csv")
    with (tmp_path / "piped").open("wb") as pipe:
        start(*arguments, stdout=pipe, env={"PYTHONIOENCODING": "latin-1"}).wait(timeout=60)
    piped = (tmp_path / "piped").read_bytes()
    start(*arguments, "--output", tmp_path / "out").wait(timeout=60)
    assert (tmp_path / "out").read_bytes() == piped
    table = io.StringIO(piped.decode("utf-8", "surrogateescape"), newline="")
    found = [row["path"] for row in csv.DictReader(table)]
    assert sorted(found) == sorted(f"{folder}/{name}" for name in names)


def cut(clip: Path, folder: Path) -> Path:
    """A recording that is shorter than its header promises."""
    (folder / "cut.wav").write_bytes(clip.read_bytes()[:12000])
    return folder / "cut.wav"


def test_damage_is_told_as_a_warning_beside_the_answer(
    voxtrait: Run, clips: Path, tmp_path: Path
) -> None:
    path = cut(clips / "3.wav", tmp_path)
    done = voxtrait("predict", path, "--format", "json")
    assert done.code == 0
    assert done.err.startswith(f"warning: {path}: ")
    assert done.err.count("\n") == 1
    (warning,) = done.rows[0]["warnings"]
    assert done.err == f"warning: {path}: {warning}\n"
    table = csv.DictReader(io.StringIO(voxtrait("predict", path, "--format", "csv").out))
    assert [row["warnings"] for row in table] == [warning]


@pytest.mark.parametrize("jobs", [1, 2])
def test_damage_is_told_of_the_recording_that_has_it_and_of_a_failure_too(
    voxtrait: Run, clips: Path, tmp_path: Path, jobs: int
) -> None:
    import numpy as np
    import soundfile

    soundfile.write(tmp_path / "still.wav", np.zeros(16000), 8000)
    still = tmp_path / "still.wav"
    still.write_bytes(still.read_bytes()[:12000])
    inputs = [clips / "0.wav", cut(clips / "3.wav", tmp_path), still, clips / "1.wav"] * 3
    done = voxtrait("predict", *inputs, "--format", "json", "--jobs", jobs)
    assert [len(row.get("warnings", ())) for row in done.rows] == [0, 1, 1, 0] * 3
    assert ["error" in row for row in done.rows] == [False, False, True, False] * 3


def test_the_channel_is_part_of_a_line_where_one_was_chosen(voxtrait: Run, clips: Path) -> None:
    arguments = ("predict", clips / "0.wav", "none.wav", "--format", "json")
    assert [row.get("channel") for row in voxtrait(*arguments).rows] == [None, None]
    chosen = voxtrait(*arguments, "--channel", "0").rows
    assert [row.get("channel") for row in chosen] == [0, 0]


@needs_dev_full
@pytest.mark.parametrize("shape", ["table", "json", "csv"])
def test_a_full_disk_exits_5_in_words(start: Run, clips: Path, shape: str) -> None:
    for target in ("standard output", "--output"):
        with Path("/dev/full").open("w") as full:
            options = {"stdout": full} if target == "standard output" else {}
            more = () if options else ("--output", "/dev/full")
            process = start("predict", clips, "--format", shape, *more, **options)
            _, said = process.communicate(timeout=60)
        assert process.returncode == 5
        assert [line.split(":")[0] for line in said.splitlines()] == ["error", "hint"]
        assert "full" in said


def test_an_answer_imports_only_what_it_needs(models_folder: Path, clips: Path) -> None:
    script = Path(__file__).with_name("fake_models.py")

    def imported(what: Path, shape: str) -> set[str]:
        options = ["predict", what, "--format", shape]
        command = [sys.executable, "-X", "importtime", script, models_folder, *options]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        lines = (line.rsplit("|")[-1].strip() for line in done.stderr.splitlines())
        return {line.split(".")[0] for line in lines}

    heavy = {"pydantic", "rich", "torch", "matplotlib", "av", "asyncio", "multiprocessing"}
    assert imported(clips / "0.wav", "json") & heavy == set()
    assert imported(clips / "0.wav", "table") & heavy == set()
    assert imported(clips, "table") & heavy == {"rich"}


def validator() -> Any:
    from jsonschema import Draft202012Validator

    schema = json.loads((Path(__file__).parents[2] / "docs/predict.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_real_recordings_are_answered_or_refused_as_the_schema_says(
    voxtrait: Run, clips: Path, silence: Path, recordings: Path
) -> None:
    inputs = (recordings, clips, silence, cut(clips / "3.wav", silence.parent), "missing.wav")
    rows = voxtrait("predict", *inputs, "--format", "json").rows
    rows += voxtrait("predict", *inputs, "--format", "json", "--channel", "0").rows
    for row in rows:
        validator().validate(row)
    assert {"warnings", "channel"} <= {key for row in rows for key in row}
    assert {"traits", "error"} <= {key for row in rows for key in row}
    for spoilt in (
        {**rows[0], "more": 1},
        {key: value for key, value in rows[0].items() if key != "speech_s"},
        {"path": "a", "error": {"type": "NoSpeech", "message": "m", "hint": "h"}},
        {**rows[0], "traits": {}},
        {**rows[0], "warnings": []},
        {**rows[0], "warnings": [1]},
        {**rows[0], "channel": "mix"},
    ):
        assert not validator().is_valid(spoilt)


def test_the_schema_knows_every_trait_and_label() -> None:
    from voxtrait.traits import TRAITS

    schema = json.loads((Path(__file__).parents[2] / "docs/predict.schema.json").read_text())
    named = schema["$defs"]["prediction"]["properties"]["traits"]["properties"]
    assert list(named) == list(TRAITS)
    for name, trait in TRAITS.items():
        properties = schema["$defs"][name]["properties"]
        assert properties["label"]["enum"] == list(trait.labels)
        assert properties["probabilities"]["propertyNames"]["enum"] == list(trait.labels)
        assert ("years" in properties) == bool(trait.edges)
