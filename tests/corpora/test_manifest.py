from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from voxtrait.corpora import Manifest, Utterance
from voxtrait.errors import ManifestError, MissingRequirement, OutOfSpace

ROW = '{"path": "a.wav", "corpus": "table", "speaker_id": "table/ann"}'


def full_row(path: Path) -> Utterance:
    return Utterance(
        path,
        "table",
        "table/ann",
        {"gender": "female", "age": "40s"},
        word="sieben",
        kind="speech",
        age_years=45.0,
        language="de",
        accent="Wien",
        duration=1.25,
        sample_rate=44100,
    )


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    manifest = Manifest(
        [
            full_row(tmp_path / "in" / "ä\n.wav"),
            Utterance(Path("/elsewhere/b.wav"), "noise", "noise/b", kind="room"),
            Utterance(tmp_path / os.fsdecode(b"\xff.wav"), "table", "table/unknown:x"),
        ]
    )
    manifest.write_jsonl(tmp_path / "m.jsonl")
    assert Manifest.read_jsonl(tmp_path / "m.jsonl") == manifest


def test_paths_below_the_root_are_relative_and_only_known_fields_are_written(
    tmp_path: Path,
) -> None:
    rows = [Utterance(tmp_path / "in" / "a.wav", "fsdd", "fsdd/theo", {"digit": "3"})]
    Manifest(rows).write_jsonl(tmp_path / "m.jsonl")
    assert json.loads((tmp_path / "m.jsonl").read_text()) == {
        "path": "in/a.wav",
        "corpus": "fsdd",
        "speaker_id": "fsdd/theo",
        "labels": {"digit": "3"},
    }


def test_a_manifest_and_its_corpus_may_move_together(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    Manifest([full_row(here / "a.wav")]).write_jsonl(here / "m.jsonl")
    here.rename(there)
    assert Manifest.read_jsonl(there / "m.jsonl")[0].path == there / "a.wav"


def test_a_manifest_behind_a_link_finds_its_recordings_from_either_side(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "m.jsonl").touch()
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "data" / "m.jsonl")
    Manifest([full_row(tmp_path / "data" / "a.wav")]).write_jsonl(tmp_path / "link.jsonl")
    for name in ("link.jsonl", "data/m.jsonl"):
        assert Manifest.read_jsonl(tmp_path / name)[0].path == tmp_path / "data" / "a.wav"
    assert (tmp_path / "link.jsonl").is_symlink()


def test_a_root_of_its_own_holds_the_recordings(tmp_path: Path) -> None:
    Manifest([full_row(tmp_path / "data" / "a.wav")]).write_jsonl(
        tmp_path / "m.jsonl", root=tmp_path / "data"
    )
    moved = Manifest.read_jsonl(tmp_path / "m.jsonl", root="/mnt/data")
    assert moved[0].path == Path("/mnt/data/a.wav")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: not an object"),
        ("[" * 200_000, "line 2: not JSON"),
        (ROW.replace("}", f', "sample_rate": 1{"0" * 400}}}'), "line 2: 'sample_rate' cannot be"),
        ("NaN", "line 2: not an object"),
        ('{"path": "a.wav", "corpus": "table"}', "line 2: 'speaker_id' is missing"),
        (ROW.replace('"path"', '"file"'), "line 2: unknown field 'file'"),
        (
            ROW.replace("}", ', "labels": {"gender": "robot"}}'),
            "line 2: a.wav: 'robot' is no gender",
        ),
        (ROW.replace("}", ', "labels": ["male"]}'), "line 2: 'labels' cannot be"),
        (ROW.replace("}", ', "labels": {"age": ["20s"]}}'), "line 2: a.wav"),
        (ROW.replace("}", ', "duration": "long"}'), "line 2: 'duration' cannot be 'long'"),
        (ROW.replace("}", ', "duration": NaN}'), "line 2: 'duration' cannot be nan"),
        (ROW.replace("}", ', "age_years": true}'), "line 2: 'age_years' cannot be True"),
        (ROW.replace('"a.wav"', '"a\\u0000.wav"'), "line 2: 'path' cannot be"),
        (ROW.replace('"table"', "7"), "line 2: 'corpus' cannot be 7"),
        (ROW.replace("table/ann", "ann"), "line 2: the speaker_id 'ann' is not of the corpus"),
    ],
    ids=lambda text: text[:40],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "m.jsonl").write_text(f"{ROW}\n{line}\n")
    with pytest.raises(ManifestError, match=message) as raised:
        Manifest.read_jsonl(tmp_path / "m.jsonl")
    assert raised.value.hint


def test_a_missing_manifest_and_one_that_is_no_text_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        Manifest.read_jsonl(tmp_path / "none.jsonl")
    (tmp_path / "m.jsonl").write_bytes(b"\x80\x81\n")
    with pytest.raises(ManifestError, match="not text"):
        Manifest.read_jsonl(tmp_path / "m.jsonl")


def test_recordings_that_are_gone_are_counted_and_the_first_named(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    rows = [full_row(tmp_path / name) for name in ("a.wav", "b.wav", "c.wav")]
    Manifest(rows[:1]).check_files()
    with pytest.raises(ManifestError, match=r"2 of 3 .* row 2, is .*b\.wav"):
        Manifest(rows).check_files()


def test_a_full_disk_leaves_the_old_manifest_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.jsonl"
    Manifest([full_row(tmp_path / "a.wav")]).write_jsonl(path)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutOfSpace, match="disk is full"):
        Manifest([]).write_jsonl(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MissingRequirement, match="cannot be written"):
        Manifest([]).write_jsonl(tmp_path / "file" / "m.jsonl")


def test_a_written_manifest_may_be_read_by_others(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    Manifest([]).write_jsonl(tmp_path / "m.jsonl")
    assert (tmp_path / "m.jsonl").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_slice_is_a_manifest() -> None:
    rows = [full_row(Path(f"{i}.wav")) for i in range(4)]
    assert Manifest(rows)[1:3] == Manifest(rows[1:3])
    assert Manifest(rows)[-1] == rows[-1]
