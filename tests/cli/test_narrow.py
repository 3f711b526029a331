from __future__ import annotations

import io

import pytest
from rich.console import Console

from voxtrait.cli.narrow import in_words, width_of

HEADINGS = ("Speakers", "UAR (95 %)", "ECE")
ROWS = [
    ["digit, speech commands, clean", "1216", "0.951 (0.940 to 0.962)", "0.009"],
    ["", "5", "", "0.1"],
]


def shown(width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    with console.capture() as capture:
        console.print(in_words(HEADINGS, ROWS, width))
    return capture.get().splitlines()


def test_every_figure_is_told_under_its_heading_and_empty_ones_are_not() -> None:
    assert shown(80) == [
        "digit, speech commands, clean",
        "  Speakers 1216, UAR (95 %) 0.951 (0.940 to 0.962), ECE 0.009",
        "  Speakers 5, ECE 0.1",
    ]


@pytest.mark.parametrize("width", [40, 20, 8, 1])
def test_nothing_is_lost_however_narrow(width: int) -> None:
    text = "".join(line.strip() for line in shown(width)).replace(" ", "")
    for cell in ("1216", "0.951(0.940to0.962)", "0.009", "speechcommands"):
        assert cell in text


def test_a_table_takes_its_widest_cells_and_two_spaces_between() -> None:
    assert width_of([["", "name"], ["UAR", "0.9"]]) == 4 + 2 + 3
