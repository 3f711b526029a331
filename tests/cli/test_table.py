from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from voxtrait.cli.rows import Row
from voxtrait.cli.table import answers, as_text, render_answers


def shown(rows: list[Row], width: int, *, colour: bool = False) -> str:
    system = "standard" if colour else None
    console = Console(file=io.StringIO(), width=width, force_terminal=colour, color_system=system)
    return as_text(answers(rows, console), console)


def words(text: str) -> list[list[str]]:
    return [re.split(r"\s{2,}", line.strip()) for line in text.splitlines() if line.strip()]


def test_one_recording_is_a_card(row: Row) -> None:
    assert words(shown([row], 80)) == [
        ["seven.wav"],
        ["speech", "0.8 s of 1.2 s"],
        ["digit", "7 90 %"],
        ["perceived gender", "female 90 % unsure"],
        ["age", "34 years (24-47), 30s 90 %"],
    ]


def test_several_recordings_are_a_table_with_what_is_unsure_explained_below(
    row: Row, silence_row: Row
) -> None:
    lines = words(shown([row, silence_row], 100))
    assert lines[0] == ["Perceived"]
    assert lines[1] == ["Recording", "Speech", "Digit", "gender", "Age"]
    age = "34 years (24-47), 30s 90 %"
    assert lines[3] == ["seven.wav", "0.8 s", "7 90 %", "female 90 % ?", age]
    assert lines[4] == ["silence.wav", "no speech"]
    assert lines[5] == ["? unsure: do not rely on this answer"]


@pytest.mark.parametrize("width", range(24, 121, 8))
def test_no_answer_is_cut_off_however_narrow_the_terminal(
    row: Row, silence_row: Row, width: int
) -> None:
    text = shown([{**row, "path": "folder/" * 12 + "seven.wav"}, silence_row], width)
    assert max(map(len, text.splitlines())) <= width
    squeezed = re.sub(r"\s", "", text)
    for part in ("34years(24-47),30s90%", "female90%", "790%", "nospeech"):
        assert part in squeezed
    if width >= 80:
        assert "Recording" in text


def test_several_words_are_shown_in_order_and_one_by_one_on_a_card(row: Row) -> None:
    digit = row["traits"]["digit"]
    word = {"probability": 0.7, "unsure": False}
    digit["segments"] = [
        {**word, "start_s": 0.1, "end_s": 0.5, "label": "3"},
        {**word, "start_s": 0.7, "end_s": 1.2, "label": "not_a_digit", "unsure": True},
    ]
    assert words(shown([row], 80))[2:5] == [
        ["digit", "3 - 2 words"],
        ["0.10 to 0.50 s", "3 70 %"],
        ["0.70 to 1.20 s", "not a digit 70 % unsure"],
    ]


def test_a_trait_left_out_for_too_little_speech_says_so(row: Row) -> None:
    partial = {**row, "traits": {"digit": row["traits"]["digit"]}}
    assert words(shown([row, partial], 100))[4][3:] == ["too short", "too short"]


def test_what_is_not_certain_is_never_shown_as_certain(row: Row) -> None:
    row["traits"]["digit"]["probability"] = 0.9999
    assert "7 > 99 %" in shown([row], 80)


def test_a_name_can_neither_command_the_terminal_nor_rich(row: Row) -> None:
    odd = {**row, "path": "[red]\x1b[2J\n.wav"}
    assert words(shown([odd], 80))[0] == [r"[red]\x1b[2J\n.wav"]


def test_a_terminal_gets_colour_but_not_with_no_color(
    row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[33m unsure" in shown([row], 80, colour=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[33m" not in shown([row], 80, colour=True)


def test_a_file_gets_plain_text_in_which_nothing_is_folded(row: Row) -> None:
    path = "folder/" * 60 + "seven.wav"
    text = render_answers([{**row, "path": path}, row])
    assert path in text
    assert text.isascii() is False  # the rule below the heading
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())
