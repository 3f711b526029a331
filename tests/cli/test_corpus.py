from __future__ import annotations

import json
from pathlib import Path

import pytest

from voxtrait.cli.app import main
from voxtrait.corpora import READERS, Manifest


@pytest.fixture(autouse=True)
def _no_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOXTRAIT_CORPORA", raising=False)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["corpus", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_list_names_every_reader_with_its_licence(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "list")
    assert (code, err) == (0, "")
    lines = [line.strip() for line in out.splitlines() if line.strip()]
    assert [line.split()[0] for line in lines[2:]] == list(READERS)
    assert next(line for line in lines if line.startswith("fsdd")).endswith("CC BY-SA 4.0")


def test_list_as_json_tells_where_corpora_were_found(
    capsys: pytest.CaptureFixture[str], fixture_corpora: Path
) -> None:
    code, out, _ = run(capsys, "list", "--corpora", fixture_corpora, "--format", "json")
    sheets = {sheet["name"]: sheet for sheet in map(json.loads, out.splitlines())}
    assert code == 0
    assert sheets["fsdd"]["found"] == [str(fixture_corpora / "fsdd")]
    assert sheets["table"]["found"] == []
    assert sheets["audiomnist"]["licence"] == "MIT"


def test_read_prints_a_manifest_and_nothing_else_on_standard_output(
    capsys: pytest.CaptureFixture[str], fixture_corpora: Path, tmp_path: Path
) -> None:
    (fixture_corpora / "fsdd/recordings/take.wav").touch()
    code, out, err = run(capsys, "read", "fsdd", "--corpora", fixture_corpora)
    assert code == 0
    (tmp_path / "m.jsonl").write_text(out)
    manifest = Manifest.read_jsonl(tmp_path / "m.jsonl")
    assert manifest == Manifest(READERS["fsdd"](fixture_corpora / "fsdd"))
    assert "left out 1 x name is not DIGIT_SPEAKER_TAKE" in err


def test_read_writes_a_manifest_and_prints_the_counts(
    capsys: pytest.CaptureFixture[str], fixture_corpora: Path
) -> None:
    file = fixture_corpora / "m.jsonl"
    code, out, err = run(
        capsys, "read", "--corpora", fixture_corpora, "--output", file, "--format", "json"
    )
    assert code == 0
    assert "Wrote 14 rows" in err
    assert len(Manifest.read_jsonl(file)) == json.loads(out)["total"]["recordings"] == 14
    assert json.loads(file.read_text().splitlines()[0])["path"] == "audiomnist/data/01/0_01_0.wav"


def test_a_manifest_is_not_written_over_a_recording_nor_into_no_folder(
    capsys: pytest.CaptureFixture[str], fixture_corpora: Path, tmp_path: Path
) -> None:
    recording = fixture_corpora / "fsdd/recordings/0_jackson_0.wav"
    before = recording.read_bytes()
    for place, said in (
        (recording, "is there already and is no text"),
        (tmp_path / "none" / "m.jsonl", "is not there"),
        (tmp_path, "is a folder"),
    ):
        code, out, err = run(capsys, "read", "--corpora", fixture_corpora, "--output", place)
        assert (code, out) == (2, "")
        assert said in err
    assert recording.read_bytes() == before


def test_a_manifest_takes_the_place_of_a_manifest_only_and_says_so(
    capsys: pytest.CaptureFixture[str], fixture_corpora: Path, tmp_path: Path
) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("path,speaker\n")
    code, _, err = run(capsys, "read", "fsdd", "--corpora", fixture_corpora, "-o", table)
    assert (code, "is no manifest" in err) == (2, True)
    assert table.read_text() == "path,speaker\n"
    for told in (False, True):
        out = ("-o", tmp_path / "m.jsonl")
        code, _, err = run(capsys, "read", "fsdd", "--corpora", fixture_corpora, *out)
        assert (code, "was there before and is replaced" in err) == (0, told)


def test_a_dash_is_standard_output(
    capsys: pytest.CaptureFixture[str],
    fixture_corpora: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "read", "fsdd", "--corpora", fixture_corpora, "--output", "-")
    assert code == 0
    assert json.loads(out.splitlines()[0])["corpus"] == "fsdd"
    assert not (tmp_path / "-").exists()


def test_describe_looks_up_the_hours_of_a_manifest_too(
    capsys: pytest.CaptureFixture[str], fixture_corpora: Path
) -> None:
    file = fixture_corpora / "m.jsonl"
    assert run(capsys, "read", "fsdd", "--corpora", fixture_corpora, "-o", file)[0] == 0
    damaged = Manifest.read_jsonl(file)[0].path
    damaged.write_bytes(b"none")
    told = json.loads(run(capsys, "describe", file, "--probe", "--format", "json")[1])
    assert told["total"]["hours"] > 0
    assert sum(told["dropped"][str(file)]["rows"].values()) == 1
    assert "hours" not in json.loads(run(capsys, "describe", file, "--format", "json")[1])["total"]


def test_describe_counts_a_manifest_and_a_corpus_alike(
    capsys: pytest.CaptureFixture[str], fixture_corpora: Path
) -> None:
    file = fixture_corpora / "m.jsonl"
    root = f"fsdd={fixture_corpora / 'fsdd'}"
    assert run(capsys, "read", "fsdd", "--root", root, "-o", file)[0] == 0
    of_file = json.loads(run(capsys, "describe", file, "--format", "json")[1])
    of_corpus = json.loads(run(capsys, "describe", "fsdd", "--root", root, "--format", "json")[1])
    assert of_file["tables"] == of_corpus["tables"]
    assert of_file["tables"]["digit"]["7"] == {"recordings": 1, "speakers": 1}


@pytest.mark.parametrize("inner", ["fsdd", "."])
def test_a_folder_without_a_name_is_of_the_only_corpus_asked_for(
    capsys: pytest.CaptureFixture[str], fixture_corpora: Path, inner: str
) -> None:
    """As for ``evaluate``, the folder may also be the one that holds the corpora."""
    shape = ("--format", "json")
    named = run(capsys, "describe", "fsdd", "--corpora", fixture_corpora, *shape)
    assert named[0] == 0
    assert run(capsys, "describe", "fsdd", "--root", fixture_corpora / inner, *shape) == named


def test_describe_for_people_has_a_table_for_each_heading(
    capsys: pytest.CaptureFixture[str], fixture_corpora: Path
) -> None:
    code, out, _ = run(capsys, "describe", "--corpora", fixture_corpora, "--probe")
    assert code == 0
    for heading in ("Corpus", "Digit", "Perceived gender", "Age", "Language", "Hours"):
        assert heading in out


def test_control_characters_of_a_corpus_reach_no_terminal(
    capsys: pytest.CaptureFixture[str], plant: object, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("path,language,gender\na.wav,\x1b[2J,\x1b[31mx\n")
    (tmp_path / "a.wav").touch()
    code, out, err = run(capsys, "describe", "table", "--root", f"table={tmp_path / 't.csv'}")
    assert code == 0
    assert "\x1b" not in out + err
    assert "\\x1b[2J" in out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("read", "timit"), 2, "No corpus is named 'timit'"),
        (("read", "fsdd"), 2, "Nobody said where fsdd lies"),
        (("read", "fsdd", "--root", "nowhere"), 4, "no folder nowhere"),
        (("read", "fsdd", "--root", "timit=/tmp"), 2, "No corpus is named 'timit'"),
        (("read", "fsdd", "--corpora", "/nowhere"), 4, "fsdd is not in /nowhere"),
        (("read", "fsdd", "--root", "fsdd=/nowhere"), 4, "no folder /nowhere"),
        (("list", "--root", "fsdd"), 2, "does not say which corpus lies there"),
        (("describe", "fsdd", "noise", "--root", "x"), 2, "does not say which corpus lies there"),
        (("describe", "timit"), 2, "neither a corpus nor a manifest"),
        (("describe", "/nowhere/m.jsonl"), 4, "cannot be read"),
        (("describe", "/dev/null"), 4, "The manifest /dev/null holds no rows"),
        (("read",), 2, "No corpus was named"),
        (("list", "--corpora", "/nowhere"), 4, "There is no folder /nowhere"),
        (("list", "--root", "fsdd=/nowhere"), 4, "There is no folder /nowhere"),
        (
            ("describe", "librispeech", "--root", "/"),
            4,
            "SPEAKERS.TXT cannot be read (No such file or directory).",
        ),
    ],
)
def test_a_wrong_call_ends_with_a_message_a_hint_and_its_code(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, message: str
) -> None:
    found, out, err = run(capsys, *arguments)
    assert (found, out) == (code, "")
    assert message in err
    assert "hint:" in err


def test_a_manifest_whose_recording_is_gone_is_an_error(
    capsys: pytest.CaptureFixture[str], fixture_corpora: Path
) -> None:
    file = fixture_corpora / "m.jsonl"
    run(capsys, "read", "fsdd", "--corpora", fixture_corpora, "-o", file)
    (fixture_corpora / "fsdd/recordings/7_george_12.flac").unlink()
    code, out, err = run(capsys, "describe", file)
    assert (code, out) == (4, "")
    assert "1 of 2 recordings of the manifest are gone" in err
    assert "7_george_12.flac" in err


def test_without_a_command_the_help_is_shown_as_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert (code, out) == (2, "")
    assert err.startswith("Usage: voxtrait corpus")
    assert "\n  describe  Count" in err


@pytest.mark.parametrize("command", [(), ("list",), ("read",), ("describe",)])
def test_help_ends_with_an_example(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    code, out, _ = run(capsys, *command, "--help")
    assert code == 0
    assert "Example: voxtrait corpus" in out
