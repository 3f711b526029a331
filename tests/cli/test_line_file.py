from __future__ import annotations

from pathlib import Path

import pytest

from voxtrait.cli.inputs import Recording
from voxtrait.cli.line_file import LineFile, write_text
from voxtrait.cli.rows import FORMATS, Row
from voxtrait.errors import OutOfSpace, UsageError

needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no /dev/full.")


def named(row: Row, *paths: str) -> list[Row]:
    return [{**row, "path": path} for path in paths]


def write(path: Path, form: str, rows: list[Row], *, resume: bool = False) -> LineFile:
    """Write rows and leave the file as a killed process would."""
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


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lost", range(0, 60, 7))
def test_a_resumed_run_goes_on_after_the_last_whole_line(
    tmp_path: Path, form: str, row: Row, lost: int
) -> None:
    target = tmp_path / "out"
    first = write(target, form, named(row, "a", "b", "a"))
    content = first.partial.read_bytes()
    first.partial.write_bytes(content[: len(content) - lost])  # the kill
    again = LineFile(str(target), FORMATS[form], resume=True)
    left = list(again.earlier.left_of(Recording(name) for name in ("a", "b", "a", "c")))
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


def test_failures_of_an_earlier_run_are_counted(tmp_path: Path, row: Row, silence_row: Row) -> None:
    write(tmp_path / "out", "csv", [row, silence_row])
    earlier = LineFile(str(tmp_path / "out"), FORMATS["csv"], resume=True).earlier
    assert (earlier.answered.total(), earlier.failed) == (2, 1)


def test_what_an_interrupted_run_left_is_not_written_over(tmp_path: Path, row: Row) -> None:
    write(tmp_path / "out", "json", [row])
    with pytest.raises(UsageError, match=r"interrupted run.*--resume"):
        LineFile(str(tmp_path / "out"), FORMATS["json"])


def test_a_run_that_answered_nothing_leaves_nothing(tmp_path: Path) -> None:
    file = LineFile(str(tmp_path / "out"), FORMATS["csv"])
    assert file.abandon() == ""
    assert contents(tmp_path) == []


def test_an_abandoned_run_says_what_is_kept(tmp_path: Path, row: Row) -> None:
    file = write(tmp_path / "out", "csv", [row])
    assert file.abandon().startswith(f"What was answered is in {file.partial}; ")
    assert answered(file.partial, "csv") == ["seven.wav"]


def test_resuming_in_another_format_or_by_another_model_is_refused(
    tmp_path: Path, row: Row
) -> None:
    write(tmp_path / "out", "json", [row])
    with pytest.raises(UsageError, match="other columns"):
        LineFile(str(tmp_path / "out"), FORMATS["csv"], resume=True)
    file = LineFile(str(tmp_path / "out"), FORMATS["json"], resume=True)
    row["traits"]["age"]["model"] = "voice-base"
    with pytest.raises(UsageError, match="begun with fake-tiny for age, not with voice-base"):
        file.write(row)
    csv = tmp_path / "csv"
    (tmp_path / "csv.partial").write_text(f"{FORMATS['csv'].header}\nnot a row\n")
    with pytest.raises(UsageError, match="Line 2"):
        LineFile(str(csv), FORMATS["csv"], resume=True)


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


def test_a_folder_that_may_not_be_written_is_wrong_usage(
    tmp_path: Path, unprivileged: None
) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UsageError, match="Permission denied"):
            LineFile(str(tmp_path / "out"), FORMATS["json"])
    finally:
        tmp_path.chmod(0o700)


def test_a_text_is_written_whole(tmp_path: Path) -> None:
    write_text(str(tmp_path / "out"), "Grüße\n")
    assert (tmp_path / "out").read_bytes() == "Grüße\n".encode()
    assert contents(tmp_path) == ["out"]
