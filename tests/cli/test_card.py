from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from rich.console import Console
from rich.text import Text

from voxtrait.cli.card import cards
from voxtrait.cli.rows import Row
from voxtrait.cli.table import plain_console, render_answers
from voxtrait.cli.terminal import is_coloured
from voxtrait.cli.wording import FEW_WORDS


def words(text: str) -> list[list[str]]:
    return [re.split(r"\s{2,}", line.strip()) for line in text.splitlines() if line.strip()]


def test_one_recording_is_a_card(row: Row) -> None:
    assert cards([row], 80, coloured=False).splitlines() == [
        "seven.wav",
        "  speech            0.8 s of 1.2 s",
        "  digit             7 (90 %)",
        "  perceived gender  female (90 %) unsure",
        "  age               34 years (24-47)",
        "",
    ]


def test_styles_change_nothing_but_the_look(row: Row) -> None:
    plain, styled = (cards([row], 80, coloured=coloured) for coloured in (False, True))
    console = Console(file=io.StringIO(), width=80, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(Text.from_ansi(styled))
    assert [line.rstrip() for line in capture.get().rstrip("\n").splitlines()] == (
        plain.rstrip("\n").splitlines()
    )
    assert "\x1b[1mseven.wav\x1b[0m" in styled
    assert "\x1b[1m7\x1b[0m\x1b[2m (90 %)\x1b[0m" in styled
    assert "female\x1b[2m (90 %)\x1b[0m\x1b[33m unsure\x1b[0m" in styled


def test_a_failure_is_a_card_too(silence_row: Row) -> None:
    assert words(cards([silence_row], 80, coloured=False)) == [
        ["silence.wav"],
        ["no answer", "no speech"],
    ]


def test_a_withheld_answer_says_why_in_its_place(row: Row) -> None:
    del row["traits"]["gender"]
    row["withheld"] = {"gender": "too little speech: 0.20 s of 0.30 s needed"}
    assert words(cards([row], 80, coloured=False))[2:] == [
        ["digit", "7 (90 %)"],
        ["perceived gender", "too little speech: 0.20 s of 0.30 s needed"],
        ["age", "34 years (24-47)"],
    ]


def test_what_is_incomplete_is_marked(row: Row, silence_row: Row) -> None:
    damaged = {"warnings": ["0.30 s are missing."]}
    shown = words(cards([{**row, **damaged}, {**silence_row, **damaged}], 80, coloured=False))
    assert ["speech", "0.8 s of 1.2 s, incomplete or damaged"] in shown
    assert ["no answer", "no speech, incomplete or damaged"] in shown


def with_words(row: Row, *labels: str) -> Row:
    word = {"probability": 0.7, "unsure": False}
    row["traits"]["digit"]["segments"] = [
        {**word, "start_s": float(at), "end_s": at + 0.5, "label": label}
        for at, label in enumerate(labels)
    ]
    return row


def test_several_words_are_shown_in_order_and_one_by_one(row: Row) -> None:
    row = with_words(row, "3", "not_a_digit")
    row["traits"]["digit"]["segments"][1]["unsure"] = True
    assert words(cards([row], 80, coloured=False))[2:5] == [
        ["digit", "3 - in 2 words"],
        ["0.00 to 0.50 s", "3 (70 %)"],
        ["1.00 to 1.50 s", "not a digit (70 %) unsure"],
    ]


def test_an_unsure_digit_among_words_is_marked_where_they_stand_in_a_line(row: Row) -> None:
    row = with_words(row, "3", "not_a_digit", "5")
    row["traits"]["digit"]["segments"][2]["unsure"] = True
    assert words(cards([row], 80, coloured=False))[2] == ["digit", "3 - 5? in 3 words"]
    row["traits"] = {"digit": row["traits"]["digit"]}
    table = render_answers([row, row], plain_console())
    assert "3 - 5? in 3 words" in table
    assert "? unsure: take it as no answer" in table


def test_of_running_speech_the_digits_are_told_and_the_others_counted(row: Row) -> None:
    others = ["not_a_digit"] * 59
    lines = words(cards([with_words(row, *others, "3", *others, "7")], 80, coloured=False))
    assert lines[2:7] == [
        ["digit", "3 7 in 120 words"],
        ["59.00 to 59.50 s", "3 (70 %)"],
        ["119.00 to 119.50 s", "7 (70 %)"],
        ["118 other words"],
        ["perceived gender", "female (90 %) unsure"],
    ]
    lines = words(cards([with_words(row, *others)], 80, coloured=False))
    assert lines[2:4] == [["digit", "not a digit"], lines[3]]
    assert lines[3][0] == "perceived gender"


def test_words_without_a_digit_among_them_are_none_however_many(row: Row) -> None:
    lines = words(cards([with_words(row, "not_a_digit", "not_a_digit")], 80, coloured=False))
    assert lines[2] == ["digit", "not a digit"]


def test_of_many_digits_the_first_are_told_at_a_glance_and_each_below(row: Row) -> None:
    lines = words(cards([with_words(row, *"1234567890" * 3)], 80, coloured=False))
    assert lines[2] == ["digit", "1 2 3 4 5 6 7 8 9 0 ... in 30 words"]
    assert sum(" to " in line[0] for line in lines) == 30
    few = cards([with_words(row, *"1" * FEW_WORDS)], 80, coloured=False)
    assert f"{'1 ' * FEW_WORDS}in {FEW_WORDS} words" in few


@pytest.mark.parametrize("width", range(24, 90, 7))
def test_nothing_is_cut_off_however_narrow_the_terminal(
    row: Row, silence_row: Row, width: int
) -> None:
    text = cards([{**row, "path": "folder/" * 12 + "7.wav"}, silence_row], width, coloured=False)
    assert max(map(len, text.splitlines())) <= width
    squeezed = re.sub(r"\s", "", text)
    assert "folder/" * 12 + "7.wav" in squeezed
    for part in ("34years(24-47)", "female(90%)", "7(90%)", "nospeech"):
        assert part in squeezed


def test_a_name_of_wide_letters_is_folded_by_their_columns(row: Row) -> None:
    name = "语音" * 20
    lines = cards([{**row, "path": name}], 30, coloured=False).splitlines()
    assert lines[:3] == [name[:15], name[15:30], name[30:]]


def test_a_name_cannot_command_the_terminal(row: Row) -> None:
    text = cards([{**row, "path": "\x1b[2J\n.wav"}], 80, coloured=False)
    assert text.startswith("\\x1b[2J\\n.wav\n")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals_that_take_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "")
    assert (is_coloured(Screen()), is_coloured(io.StringIO())) == (True, False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not is_coloured(Screen())
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    assert not is_coloured(Screen())


def test_a_card_is_written_without_rich() -> None:
    script = "import sys, voxtrait.cli.card, voxtrait.cli.output; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
