from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from voxtrait.cli.rows import Row
from voxtrait.cli.table import plain_console, render_answers


def shown(rows: list[Row], width: int, *, colour: bool = False) -> str:
    system = "standard" if colour else None
    console = Console(file=io.StringIO(), width=width, force_terminal=colour, color_system=system)
    return render_answers(rows, console)


def words(text: str) -> list[list[str]]:
    return [re.split(r"\s{2,}", line.strip()) for line in text.splitlines() if line.strip()]


def test_several_recordings_are_a_table_with_what_is_unsure_explained_below(
    row: Row, silence_row: Row
) -> None:
    lines = words(shown([row, silence_row], 100))
    assert lines[0] == ["Recording", "Speech", "Digit", "Perceived gender", "Age"]
    age = "34 years (24-47)"
    assert lines[2] == ["seven.wav", "0.8 s", "7 (90 %)", "female (90 %) ?", age]
    assert lines[3] == ["silence.wav", "no speech"]
    assert lines[4] == ["? unsure: take it as no answer"]
    assert lines[5][0].startswith("years (from-to): meant to hold four ages in five")


@pytest.mark.parametrize("width", range(24, 121, 8))
def test_no_answer_is_cut_off_however_narrow_the_terminal(
    row: Row, silence_row: Row, width: int
) -> None:
    text = shown([{**row, "path": "folder/" * 12 + "seven.wav"}, silence_row], width)
    assert max(map(len, text.splitlines())) <= width
    squeezed = re.sub(r"\s", "", text)
    for part in ("34years(24-47)", "female(90%)", "7(90%)", "nospeech"):
        assert part in squeezed
    if width >= 80:
        assert "Recording" in text


def test_where_names_would_be_folded_their_folder_is_told_once(row: Row) -> None:
    folder = "a folder/" * 5 + "of mine"
    rows = [{**row, "path": f"{folder}/{name}.wav"} for name in ("seven", "below/eight")]
    lines = shown(rows, 80).splitlines()
    assert lines[1] == f"In {folder}:"
    assert [line.split()[0] for line in lines if ".wav" in line] == ["seven.wav", "below/eight.wav"]
    assert f"{folder}/seven.wav  " in shown(rows, 200)
    assert "In " not in shown(rows, 200)
    assert "In " not in shown([rows[0], {**row, "path": "-"}], 80)
    assert "In " not in shown([rows[0], {**row, "path": "/eight.wav"}], 80)


@pytest.mark.parametrize("trait", ["digit", "gender", "age"])
def test_an_unsure_answer_is_marked_whatever_the_trait(row: Row, trait: str) -> None:
    for name, answer in row["traits"].items():
        answer["unsure"] = name == trait
    lines = shown([row, row], 100).splitlines()
    assert [line.count(" ?") for line in lines[-5:-3]] == [1, 1]
    marked = {"digit": "7 (90 %) ?", "gender": "female (90 %) ?", "age": "34 years (24-47) ?"}
    assert marked[trait] in lines[-5]
    assert lines[-2] == "? unsure: take it as no answer"


def test_a_trait_left_out_for_too_little_speech_says_so(row: Row) -> None:
    withheld = dict.fromkeys(("gender", "age"), "too little speech: 0.20 s of 0.30 s needed")
    partial = {**row, "traits": {"digit": row["traits"]["digit"]}, "withheld": withheld}
    for rows in ([row, partial], [partial, partial]):
        lines = words(shown(rows, 100))
        assert lines[0][3:] == ["Perceived gender", "Age"]
        assert lines[3][3:] == ["too short", "too short"]
        assert ["too short: this answer needs more speech than there is"] in lines
        assert ("years (from-to)" in lines[-1][0]) == (row in rows)  # where there is an age at all


@pytest.mark.parametrize("width", [100, 60])
def test_a_recording_that_is_incomplete_is_marked_whether_it_was_answered_or_not(
    row: Row, silence_row: Row, width: int
) -> None:
    damaged = {"warnings": ["0.30 s are missing."]}
    rows = [row, {**row, **damaged, "path": "cut.wav"}, {**silence_row, **damaged}]
    text = shown(rows, width)
    for name, marked in (("seven.wav", False), ("cut.wav", True), ("silence.wav", True)):
        assert ((f"{name} !" in text) or ("incomplete or damaged" in card(text, name))) == marked
    if width == 100:
        assert ["! incomplete or damaged: see the warning"] in words(text)


def test_short_names_leave_room_for_the_seconds(row: Row) -> None:
    for name, there in (("seven.wav", True), ("folder/" * 5 + "seven.wav", False)):
        assert ("Speech" in shown([{**row, "path": name}, row], 72)) == there


def card(text: str, name: str) -> str:
    """The card of one recording, where the table is too wide."""
    return next((part for part in text.split("\n\n") if part.startswith(name)), "")


def test_some_speech_is_told_from_none(row: Row, silence_row: Row) -> None:
    some = {**silence_row, "error": {**silence_row["error"], "speech_s": 0.05}}
    lines = words(shown([row, silence_row, some], 100))
    assert [line[1:] for line in lines[3:5]] == [["no speech"], ["too little speech"]]


def test_what_is_not_certain_is_never_shown_as_certain(row: Row) -> None:
    row["traits"]["digit"]["probability"] = 0.9999
    assert "7 (> 99 %)" in shown([row, row], 100)


def test_a_name_can_neither_command_the_terminal_nor_rich(row: Row) -> None:
    odd = {**row, "path": "[red]\x1b[2J\n.wav"}
    assert words(shown([odd, odd], 100))[3][0] == r"[red]\x1b[2J\n.wav"


def test_a_terminal_gets_colour_but_not_with_no_color(
    row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for width, mark in ((100, "\x1b[33m ?"), (40, "\x1b[33m unsure")):
        assert mark in shown([row, row], width, colour=True)
    monkeypatch.setenv("NO_COLOR", "1")
    for width in (100, 40):
        assert "\x1b[33m" not in shown([row, row], width, colour=True)


def test_a_file_gets_plain_text_in_which_nothing_is_folded(row: Row) -> None:
    path = "folder/" * 60 + "seven.wav"
    text = render_answers([{**row, "path": path}, row], plain_console())
    assert path in text
    assert text.isascii() is False  # the rule below the heading
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())
