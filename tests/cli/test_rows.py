from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from voxtrait.cli.rows import CSV_COLUMNS, FILE_NAMES, FORMATS, Line, Row

ODD_NAMES = [
    *("a\nb.wav", "a\r\nb.wav", "c\rd.wav", "\x1b[2J.wav", os.fsdecode(b"\xff.wav")),
    *('"q", x.wav', '"\n.wav', r"a\nb.wav", "=1+1.wav", "-"),
]


def cells(row: Row) -> dict[str, str]:
    line = io.StringIO(FORMATS["csv"].line(row), newline="")
    return dict(zip(CSV_COLUMNS, next(csv.reader(line)), strict=True))


def test_the_columns_of_csv_are_what_they_were() -> None:
    assert list(CSV_COLUMNS) == [
        *("path", "duration_s", "speech_s"),
        *("digit", "digit_probability", "digit_unsure", "digit_model"),
        *("gender", "gender_probability", "gender_unsure", "gender_model"),
        *("age", "age_probability", "age_unsure", "age_model"),
        *("age_years", "age_years_low", "age_years_high"),
        *("error", "error_message", "error_hint"),
        *("warnings", "channel"),
    ]


def test_a_csv_row_holds_the_answers_in_their_columns(row: Row) -> None:
    found = cells(row)
    assert found["duration_s"] == "1.25"
    assert (found["digit"], found["digit_probability"]) == ("7", "0.9")
    assert (found["gender"], found["gender_unsure"]) == ("female", "true")
    assert [found[f"age_years{end}"] for end in ("", "_low", "_high")] == ["34.2", "24.1", "47.4"]
    assert found["error"] == ""


def test_a_csv_row_of_a_failure_says_why_and_leaves_the_answers_empty(silence_row: Row) -> None:
    found = cells(silence_row)
    assert (found["error"], found["duration_s"], found["digit"]) == ("NoSpeech", "2.0", "")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("path", ODD_NAMES)
def test_a_line_reads_back_as_the_same_input(
    name: str, path: str, row: Row, silence_row: Row
) -> None:
    form = FORMATS[name]
    for written, failed in ((row, False), (silence_row, True)):
        parsed = form.parse(form.line({**written, "path": path}))
        assert (parsed.key, parsed.failed) == (form.key(path), failed)
    models = dict.fromkeys(("digit", "gender", "age"), "fake-tiny")
    assert form.parse(form.line(row)) == Line("seven.wav", False, models, 0.75, None)
    assert form.parse(form.line({**row, "channel": 1})).channel == 1


def test_a_path_in_csv_is_the_very_name_and_opens_the_file(tmp_path: Path, row: Row) -> None:
    paths = [str(tmp_path / name) for name in ODD_NAMES]
    try:
        for path in paths:
            Path(path).write_text(repr(path))
    except (OSError, ValueError):
        pytest.skip("This file system does not take such names.")
    table = tmp_path / "answers.csv"
    lines = [FORMATS["csv"].header, *(FORMATS["csv"].line({**row, "path": path}) for path in paths)]
    table.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", FILE_NAMES))
    with table.open(newline="", encoding="utf-8", errors=FILE_NAMES) as file:
        found = [cells["path"] for cells in csv.DictReader(file)]
    assert found == paths
    assert [Path(path).read_text() for path in found] == list(map(repr, paths))


def test_what_is_wrong_with_a_recording_and_which_channel_was_heard_are_in_csv(row: Row) -> None:
    found = cells({**row, "warnings": ["Half is missing.", "So is that."], "channel": 0})
    assert (found["warnings"], found["channel"]) == ("Half is missing. So is that.", "0")
    assert (cells(row)["warnings"], cells(row)["channel"]) == ("", "")


def test_a_models_name_is_made_safe_too(row: Row) -> None:
    row["traits"]["age"]["model"] = "\x1b[2J\n"
    assert FORMATS["csv"].line(row).isprintable()


def test_json_gives_back_the_very_name(row: Row) -> None:
    for path in ODD_NAMES:
        assert json.loads(FORMATS["json"].line({**row, "path": path}))["path"] == path


def test_no_name_in_csv_starts_a_formula(row: Row) -> None:
    for path in ("=1+1.wav", "+a.wav", "@a.wav", "-a.wav", "\t=1.wav"):
        assert cells({**row, "path": path})["path"] == f"./{path}"


def test_a_number_that_json_does_not_know_is_refused(row: Row) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        FORMATS["json"].line({**row, "duration_s": float("nan")})
