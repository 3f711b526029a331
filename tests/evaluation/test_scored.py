from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from voxtrait.errors import ManifestError, OutOfSpace
from voxtrait.evaluation.scored import Scored, read_rows, write_rows


@pytest.fixture
def rows(row):
    return [
        row(
            "age", "20s", {"20s": 0.6, "30s": 0.4}, age=25.0, years=27.5, interval=(20.0, 35.0),
            priors={"age": (0.1, 0.4, 0.2, 0.1, 0.1, 0.1)}, unsure={"age": True},
        ),
        row("gender", "male", None, message="No speech.", condition="noise 0 dB"),
        row("gender", "male", {"male": 1.0}, path="/clips/odd\n\udcff name.wav"),
    ]  # fmt: skip


def test_rows_come_back_as_they_were_written(tmp_path: Path, rows) -> None:
    file = tmp_path / "rows.jsonl"
    write_rows(file, rows)
    assert list(read_rows(file)) == rows
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


def test_a_line_cut_short_is_left_out_only_where_that_is_expected(tmp_path: Path, rows) -> None:
    file = tmp_path / "rows.jsonl"
    write_rows(file, rows)
    file.write_bytes(file.read_bytes()[:-20])
    assert list(read_rows(file, torn_end=True)) == rows[:2]
    with pytest.raises(ManifestError, match="line 3"):
        list(read_rows(file))


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "7", '{"utterance": 1}', '{"utterance": {"path": "a"}}', "\x00"]
)
def test_a_wrong_line_is_named(tmp_path: Path, rows, line: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{json.dumps(rows[0].to_dict())}\n{line}x\n")
    with pytest.raises(ManifestError, match="line 2"):
        list(read_rows(file))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"gone\.jsonl"):
        list(read_rows(tmp_path / "gone.jsonl"))


@pytest.mark.parametrize("wrong", [(0.5,), (float("nan"), 1.0), (1.5, -0.5)])
def test_probabilities_that_cannot_be_are_refused(rows, wrong: tuple[float, ...]) -> None:
    with pytest.raises(ManifestError, match="probabilit"):
        Scored(rows[2].utterance, probabilities={"gender": wrong})


def test_a_full_disk_leaves_the_old_file_as_it_was(
    tmp_path: Path, rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rows.jsonl"
    write_rows(file, rows[:1])
    before = file.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutOfSpace, match="disk is full"):
        write_rows(file, rows)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]
