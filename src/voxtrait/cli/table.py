"""Answers for people: a table, or a card for each recording where the terminal is narrow."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from voxtrait.cli.text import escape
from voxtrait.traits import NOT_A_DIGIT, TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.cli.rows import Row

__all__ = ["ENDLESS", "print_answers", "print_table", "render_answers"]

# Wide enough that nothing in a file or a pipe is folded; a table takes only what it needs.
ENDLESS = 10_000
FAILED = {
    "NoSpeech": "no speech",
    "MissingAudio": "missing",
    "UnreadableAudio": "unreadable",
    "AudioOutOfBounds": "refused",
    "MissingExtra": "needs extra",
}


def print_answers(rows: Sequence[Row]) -> None:
    """Show answers on standard output, in colour and within its width when it is a terminal."""
    print_table(answers(rows, standard_console()))


def print_table(content: RenderableType) -> None:
    """Show any table of rich's on standard output.

    Written by us: rich would end the process with code 1 when the reader is gone.
    """
    sys.stdout.write(as_text(content, standard_console()))
    sys.stdout.flush()


def standard_console() -> Console:
    """Standard output as rich sees it: a terminal of some width, or plain text of any width."""
    return Console(width=None if sys.stdout.isatty() else ENDLESS, highlight=False)


def render_answers(rows: Sequence[Row]) -> str:
    """The same as plain text, for a file."""
    console = Console(width=ENDLESS, color_system=None, force_terminal=False)
    return as_text(answers(rows, console), console)


def as_text(content: RenderableType, console: Console) -> str:
    """What the console would print, without spaces at the ends of lines."""
    with console.capture() as capture:
        console.print(content)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def answers(rows: Sequence[Row], console: Console) -> RenderableType:
    """One card for a single recording; a table for several, or cards where it would not fit."""
    if len(rows) > 1:
        for least, speech in ((24, True), (16, False)):
            table = _table(rows, speech=speech)
            names, *others = table.columns
            # What the padding and the lines between the columns leave for the names.
            taken = sum((column.min_width or 0) + 2 for column in others) + 2
            names.max_width = console.width - taken
            if names.max_width >= least:
                return Group(table, *_legend(rows))
    return Group(*(_card(row) for row in rows))


def _table(rows: Sequence[Row], *, speech: bool) -> Table:
    traits = [name for name in TRAITS if any(name in row.get("traits", {}) for row in rows)]
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Recording", overflow="fold")
    if speech:
        table.add_column("Speech", justify="right", no_wrap=True)
    for name in traits:
        # "Perceived gender" on two lines, or it would be wider than its answers.
        heading = TRAITS[name].title.capitalize().replace(" ", "\n")
        table.add_column(heading, no_wrap=True)
    for row in rows:
        seconds = [f"{row['speech_s']:.1f} s" if "traits" in row else ""] if speech else []
        table.add_row(_name(row), *seconds, *_cells(row, traits))
    for column in table.columns[1:]:
        # Only names may be folded: a probability that is cut off would be a lie.
        lines = (line for cell in column.cells for line in str(cell).splitlines())
        column.min_width = max(cell_len(line) for line in lines)
    return table


def _cells(row: Row, traits: Sequence[str]) -> list[Text]:
    if "error" in row:
        return [Text(_why(row["error"]), style="red")]
    found = row["traits"]
    short = Text("too short", style="dim")  # other traits ask for less speech
    return [_answer(name, found[name], "?") if name in found else short for name in traits]


def _card(row: Row) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    if "error" in row:
        grid.add_row("no answer", Text(_why(row["error"]), style="red"))
    else:
        grid.add_row("speech", f"{row['speech_s']:.1f} s of {row['duration_s']:.1f} s")
        for name, answer in row["traits"].items():
            grid.add_row(TRAITS[name].title, _answer(name, answer))
            for word in _words(answer):
                span = f"{word['start_s']:.2f} to {word['end_s']:.2f} s  "
                grid.add_row("", Text.assemble((span, "dim"), _answer(name, word)))
    return Group(_name(row), Padding(grid, (0, 0, 1, 2), expand=False))


def _name(row: Row) -> Text:
    return Text(escape(row["path"]), style="bold")


def _why(error: dict[str, Any]) -> str:
    return FAILED.get(error["type"], escape(error["message"]))


def _answer(trait: str, answer: dict[str, Any], mark: str = "unsure") -> Text:
    """An answer and its probability; an unsure one is not bold, and marked."""
    sure = not answer["unsure"] or bool(_words(answer))
    words = (_wording(trait, answer), "bold" if sure else "")
    return Text.assemble(words, (_share(answer), "dim"), ("" if sure else f" {mark}", "yellow"))


def _legend(rows: Sequence[Row]) -> list[Text]:
    answers = [answer for row in rows for answer in row.get("traits", {}).values()]
    if not any(answer["unsure"] for answer in answers):
        return []
    return [Text.assemble(("? ", "yellow"), ("unsure: do not rely on this answer", "dim"))]


def _wording(trait: str, answer: dict[str, Any]) -> str:
    if "years" in answer:
        low, high = answer["interval_years"]
        return f"{answer['years']:.0f} years ({low:.0f}-{high:.0f}), {answer['label']}"
    if words := _words(answer):
        return " ".join("-" if w["label"] == NOT_A_DIGIT else w["label"] for w in words)
    if trait == "digit" and answer["label"] == NOT_A_DIGIT:
        return "not a digit"
    return str(answer["label"])


def _words(answer: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """The words of a digit's answer, where there are several."""
    segments: Sequence[dict[str, Any]] = answer.get("segments", ())
    return segments if len(segments) > 1 else ()


def _share(answer: dict[str, Any]) -> str:
    """How probable, never "100 %" of what is not certain; or how many words there are."""
    if words := _words(answer):
        return f" {len(words)} words"
    probability = answer["probability"]
    return " > 99 %" if 0.995 <= probability < 1 else f" {100 * probability:.0f} %"
