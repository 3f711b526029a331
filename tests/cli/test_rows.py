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
        *("digit", "digit_probability", "digit_unsure", "digit_model", "digit_segments"),
        *("gender", "gender_probability", "gender_unsure", "gender_model"),
        *("age", "age_probability", "age_unsure", "age_model"),
        *("age_years", "age_years_low", "age_years_high"),
        *("withheld", "error", "error_message", "error_hint"),
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
    assert form.parse(form.line(row)) == Line("seven.wav", False, models)
    assert form.parse(form.line({**row, "channel": 1})).channel == 1
    withheld = dict.fromkeys(("gender", "age"), "too little speech: 0.20 s of 0.30 s needed")
    assert form.parse(form.line({**row, "withheld": withheld})).withheld == {"gender", "age"}


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


def spoken(*labels: str) -> list[dict[str, object]]:
    return [
        {"start_s": at + 0.31, "end_s": at + 0.62, "label": label, "unsure": label == "5"}
        for at, label in enumerate(labels)
    ]


def test_of_several_words_the_digits_are_in_csv_with_their_seconds(row: Row) -> None:
    assert cells(row)["digit_segments"] == ""
    row["traits"]["digit"]["segments"] = spoken("2", "not_a_digit", "5")
    assert cells(row)["digit_segments"] == "0.310-0.620:2 2.310-2.620:5?"


def test_the_digits_of_many_hours_read_back_from_csv(row: Row) -> None:
    row["traits"]["digit"]["segments"] = spoken(*"1234" * 3000)
    line = FORMATS["csv"].line(row)
    assert len(line) > 131_072  # the longest cell that Python's csv takes unasked
    assert FORMATS["csv"].parse(line).key == "seven.wav"


def test_a_line_with_broken_quotes_is_a_value_error_as_any_other() -> None:
    with pytest.raises(ValueError, match="expected after"):
        FORMATS["csv"].parse('"a"b,1')


def test_what_was_withheld_is_named_in_csv(row: Row) -> None:
    withheld = dict.fromkeys(("gender", "age"), "too little speech: 0.20 s of 0.30 s needed")
    assert cells({**row, "withheld": withheld})["withheld"] == "gender age"


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


def test_no_message_in_csv_is_a_formula() -> None:
    error = {"type": "MissingAudio", "message": "=1+1 is gone.", "hint": "-x"}
    written = cells({"path": "a.wav", "error": error})
    assert (written["error_message"], written["error_hint"]) == ("'=1+1 is gone.", "'-x")


@pytest.mark.parametrize("name", ["-mine 1.0.0+6ff5e150", "=1+1 1.0.0+6ff5e150", "'quoted 1.0.0"])
def test_a_model_of_an_odd_name_is_known_again(row: Row, name: str) -> None:
    row["traits"]["gender"]["model"] = name
    assert FORMATS["csv"].parse(FORMATS["csv"].line(row)).models["gender"] == name
