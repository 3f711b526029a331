from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from voxtrait.cli.inputs import Recording
from voxtrait.cli.line_file import LineFile
from voxtrait.cli.output import TableOutput
from voxtrait.cli.rows import FORMATS, Row
from voxtrait.cli.text_file import write_text
from voxtrait.errors import OutOfSpace, UsageError

needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no /dev/full.")


def named(row: Row, *paths: str) -> list[Row]:
    return [{**row, "path": path} for path in paths]


def write(path: Path, form: str, rows: list[Row], *, resume: bool = False) -> LineFile:
    """Write rows; where what is returned is dropped, the file is as a killed process leaves it."""
    file = LineFile(str(path), FORMATS[form], resume=resume)
    for row in rows:
        file.write(row)
    return file


def contents(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def answered(path: Path, form: str) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [FORMATS[form].parse(line).key for line in lines[bool(FORMATS[form].header) :]]


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_takes_its_name_when_all_is_answered(tmp_path: Path, form: str, row: Row) -> None:
    target = tmp_path / "out"
    target.write_text("before")
    file = write(target, form, named(row, "a", "b"))
    assert target.read_text() == "before"
    file.finish()
    assert answered(target, form) == ["a", "b"]
    assert contents(tmp_path) == ["out"]


def test_a_former_file_is_replaced_without_a_word_only_where_nothing_of_it_is_lost(
    tmp_path: Path, row: Row, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out"
    write(target, "json", named(row, "a")).finish()
    write(target, "json", named(row, "b"), resume=True).finish()  # goes on
    assert answered(target, "json") == ["a", "b"]
    assert capsys.readouterr().err == ""
    killed = write(target, "json", named(row, "c"))  # begun anew, then killed
    del killed
    write(target, "json", named(row, "d"), resume=True).finish()
    assert answered(target, "json") == ["c", "d"]
    assert "was there before and is replaced" in capsys.readouterr().err


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lost", range(0, 60, 7))
def test_a_resumed_run_goes_on_after_the_last_whole_line(
    tmp_path: Path, form: str, row: Row, lost: int
) -> None:
    target = tmp_path / "out"
    partial = write(target, form, named(row, "a", "b", "a")).partial
    content = partial.read_bytes()
    partial.write_bytes(content[: len(content) - lost])  # the kill
    again = LineFile(str(target), FORMATS[form], resume=True)
    left = again.earlier.left_of(Recording(name) for name in ("a", "b", "a", "c"))
    assert [recording.name for recording in left] == (["c"] if lost == 0 else ["a", "c"])
    for recording in left:
        again.write({**row, "path": recording.name})
    again.finish()
    assert answered(target, form) == ["a", "b", "a", "c"]


def test_a_finished_file_can_be_gone_on_with(tmp_path: Path, row: Row) -> None:
    target = tmp_path / "out"
    write(target, "json", named(row, "a")).finish()
    again = write(target, "json", named(row, "b"), resume=True)
    assert answered(target, "json") == ["a"]
    again.finish()
    assert answered(target, "json") == ["a", "b"]


def failures(path: Path, form: str) -> list[bool]:
    lines = path.read_text("utf-8").splitlines()
    return [FORMATS[form].parse(line).failed for line in lines[bool(FORMATS[form].header) :]]


@pytest.mark.parametrize("form", FORMATS)
def test_what_failed_is_answered_again_and_nothing_else_changes(
    tmp_path: Path, form: str, row: Row, silence_row: Row
) -> None:
    target = tmp_path / "out"
    a, b = named(row, "a", "b")
    again, other = named(silence_row, "b", "gone")
    write(target, form, [a, again, again, other]).finish()
    file = LineFile(str(target), FORMATS[form], resume=True)
    left = file.earlier.left_of(map(Recording, ("a", "b", "b")))
    assert [recording.name for recording in left] == ["b", "b"]
    file.write(b)
    assert failures(target, form) == [False, True, True, True]  # until all is answered
    file.write(again)
    file.finish()
    # The error of an input that was not given again stays.
    assert answered(target, form) == ["a", "gone", "b", "b"]
    assert failures(target, form) == [False, True, False, True]
    assert contents(tmp_path) == ["out"]


def test_a_run_that_is_killed_while_it_tries_again_loses_no_line(
    tmp_path: Path, row: Row, silence_row: Row
) -> None:
    target = tmp_path / "out"
    a, b = named(row, "a", "b")
    failed = named(silence_row, "a", "b")
    write(target, "json", failed).finish()
    file = LineFile(str(target), FORMATS["json"], resume=True)
    file.earlier.left_of(map(Recording, "ab"))
    file.write(a)  # the kill
    assert failures(target, "json") == [True, True]
    assert failures(file.partial, "json") == [True, True, False]
    del file
    file = LineFile(str(target), FORMATS["json"], resume=True)
    assert [left.name for left in file.earlier.left_of(map(Recording, "ab"))] == ["b"]
    file.write(b)
    file.finish()
    assert (answered(target, "json"), failures(target, "json")) == (["a", "b"], [False, False])


def test_names_that_break_a_line_of_csv_are_gone_on_with(tmp_path: Path, row: Row) -> None:
    names = ["a\nb", 'q"\n"', "\udcff\r\n"]
    target = tmp_path / "out"
    partial = write(target, "csv", named(row, *names)).partial
    torn = partial.read_bytes()
    partial.write_bytes(torn[:-1])  # within the last of them
    file = LineFile(str(target), FORMATS["csv"], resume=True)
    assert [left.name for left in file.earlier.left_of(map(Recording, names))] == names[2:]
    file.write({**row, "path": names[2]})
    file.finish()
    assert target.read_bytes() == torn


def test_what_an_interrupted_run_left_is_not_written_over(tmp_path: Path, row: Row) -> None:
    write(tmp_path / "out", "json", [row])
    with pytest.raises(UsageError, match=r"interrupted run.*--resume"):
        LineFile(str(tmp_path / "out"), FORMATS["json"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no locks that let others read.")
@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("answers", [0, 1])
def test_two_runs_do_not_write_one_file(
    tmp_path: Path, row: Row, answers: int, resume: bool
) -> None:
    target = tmp_path / "out"
    first = write(target, "csv", [row] * answers)
    with pytest.raises(UsageError, match=r"out\.partial is being written by another run\."):
        LineFile(str(target), FORMATS["csv"], resume=resume)
    first.write({**row, "path": "b"})
    first.finish()
    assert answered(target, "csv") == ["seven.wav"] * answers + ["b"]
    assert contents(tmp_path) == ["out"]


def test_a_run_that_answered_nothing_leaves_nothing(tmp_path: Path) -> None:
    file = LineFile(str(tmp_path / "out"), FORMATS["csv"])
    assert file.abandon() == ""
    assert contents(tmp_path) == []


def test_an_abandoned_run_says_what_is_kept(tmp_path: Path, row: Row) -> None:
    file = write(tmp_path / "out", "csv", [row])
    assert file.abandon().startswith(f"What was answered is in {file.partial}; ")
    assert answered(file.partial, "csv") == ["seven.wav"]


@pytest.mark.parametrize(("was", "asked"), [("json", "csv"), ("csv", "json")])
def test_resuming_in_another_format_is_refused(
    tmp_path: Path, row: Row, was: str, asked: str
) -> None:
    write(tmp_path / "out", was, [row]).finish()
    said = rf"out holds answers as {was}, not as {asked}\. Add --format {was}\."
    with pytest.raises(UsageError, match=said):
        LineFile(str(tmp_path / "out"), FORMATS[asked], resume=True)


@pytest.mark.parametrize(
    ("form", "content", "said"),
    [
        ("json", "dear diary,\n", r"no file of answers as json: line 1 is 'dear diary,'\."),
        ("json", "[1]\n", r"line 1 is '\[1\]'"),
        ("csv", "name;age\n", "line 1 is 'name;age'"),
        ("csv", '"' * 3 + "\n" * 99, "line 1 is|in the middle of a line"),
        ("csv", FORMATS["csv"].header + "\nnot a row\n", "line 2 is 'not a row'"),
        ("json", "no end of a line", "ends in the middle of a line: 'no end of a line'"),
        ("json", "\x01\xff" * 99 + "\n", r"line 1 is .* \.\.\."),
    ],
)
def test_a_file_that_is_not_ours_is_named_with_what_was_found_and_left_as_it_was(
    tmp_path: Path, form: str, content: str, said: str
) -> None:
    target = tmp_path / "out"
    target.write_text(content, "latin-1")
    with pytest.raises(UsageError, match=said) as caught:
        LineFile(str(target), FORMATS[form], resume=True)
    assert "partial" not in str(caught.value)
    assert contents(tmp_path) == ["out"]
    assert target.read_text("latin-1") == content


def test_a_resumed_run_that_answers_nothing_leaves_all_as_it_was(tmp_path: Path, row: Row) -> None:
    target = tmp_path / "out"
    write(target, "json", [row]).finish()
    assert LineFile(str(target), FORMATS["json"], resume=True).abandon() == ""
    assert contents(tmp_path) == ["out"]
    write(target, "json", [row], resume=True)  # the kill
    assert LineFile(str(target), FORMATS["json"], resume=True).abandon() == ""
    assert sorted(contents(tmp_path)) == ["out", "out.partial"]


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="Open files have no names here.")
def test_a_pipe_of_the_shell_is_written_to(row: Row) -> None:
    reading, writing = os.pipe()  # as `--output >(command)` gives it
    file = LineFile(f"/dev/fd/{writing}", FORMATS["json"])
    file.write(row)
    file.finish()
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert json.loads(pipe.read())["path"] == row["path"]


@needs_dev_full
def test_a_device_is_written_to_and_never_replaced(row: Row) -> None:
    file = LineFile("/dev/full", FORMATS["json"])
    with pytest.raises(OutOfSpace, match="full"):
        file.write(row)
    assert file.abandon() == ""
    assert Path("/dev/full").is_char_device()
    with pytest.raises(UsageError, match="resumed"):
        LineFile("/dev/full", FORMATS["json"], resume=True)


def test_the_end_of_a_link_is_replaced_and_not_the_link(tmp_path: Path, row: Row) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real/out")
    write(tmp_path / "link", "json", [row]).finish()
    assert answered(tmp_path / "real/out", "json") == ["seven.wav"]
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize(("path", "why"), [("", "is a folder"), ("missing/out", "is not there")])
def test_a_place_that_cannot_be_written_is_wrong_usage(tmp_path: Path, path: str, why: str) -> None:
    for attempt in (
        lambda: LineFile(str(tmp_path / path), FORMATS["json"]),
        lambda: write_text(str(tmp_path / path), ""),
    ):
        with pytest.raises(UsageError, match=why):
            attempt()


@pytest.mark.parametrize("path", [".", "", "/", ".."])
def test_a_folder_of_no_name_is_wrong_usage_too(path: str) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        LineFile(path, FORMATS["json"])


def test_a_folder_that_may_not_be_written_is_wrong_usage(
    tmp_path: Path, unprivileged: None
) -> None:
    tmp_path.chmod(0o500)
    try:
        for attempt in (
            lambda: LineFile(str(tmp_path / "out"), FORMATS["json"]),
            lambda: TableOutput(str(tmp_path / "out.txt")),  # before anything is answered
        ):
            with pytest.raises(UsageError, match="nothing may be written"):
                attempt()
    finally:
        tmp_path.chmod(0o700)


def test_a_text_is_written_whole(tmp_path: Path) -> None:
    write_text(str(tmp_path / "out"), "Grüße\n")
    assert (tmp_path / "out").read_bytes() == "Grüße\n".encode()
    assert contents(tmp_path) == ["out"]


def test_a_table_that_is_abandoned_is_not_written_and_says_so(tmp_path: Path, row: Row) -> None:
    table = TableOutput(str(tmp_path / "out.txt"))
    assert table.abandon() == ""
    table.write(row)
    assert table.abandon().startswith(f"{tmp_path / 'out.txt'} is not written: ")
    assert not list(tmp_path.iterdir())


def test_a_text_leaves_the_answers_of_an_interrupted_run_alone(tmp_path: Path, row: Row) -> None:
    target = tmp_path / "out"
    kept = write(target, "json", [row]).partial
    before = kept.read_bytes()
    write_text(str(target), "a table\n")
    assert (target.read_text(), kept.read_bytes()) == ("a table\n", before)
