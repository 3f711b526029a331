"""Answers as lines of text: JSON Lines and CSV, and those lines read again to resume."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from voxtrait.cli.text import escape
from voxtrait.traits import NOT_A_DIGIT, TRAITS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["CSV_COLUMNS", "FILE_NAMES", "FORMATS", "Format", "Line", "Row"]

# How the bytes of a file's name that are no valid text get through a text in UTF-8.
FILE_NAMES = sys.getfilesystemencodeerrors()

LONGEST_CELL = 1 << 24  # letters; the digits of a day. Python's own limit is 131,072.

FORMULAS = tuple("=+@-\t\r")  # what a cell begins with that a spreadsheet would run

Row = dict[str, Any]  # one line of `--format json`; docs/predict.schema.json says what is in it


def _csv_columns() -> tuple[str, ...]:
    columns = ["path", "duration_s", "speech_s"]
    for trait in TRAITS.values():
        columns.append(trait.name)
        fields = ["probability", "unsure", "model"]
        fields += ["years", "years_low", "years_high"] if trait.edges else []
        fields += ["segments"] if trait.per_word else []
        columns += [f"{trait.name}_{name}" for name in fields]
    last = ("withheld", "error", "error_message", "error_hint", "warnings", "channel")
    return (*columns, *last)


# The same whatever is asked for, so that files of several runs can be put together.
CSV_COLUMNS = _csv_columns()


def json_line(row: Row) -> str:
    """One object; ASCII only, so no name in it can reach a terminal's controls."""
    return json.dumps(row, ensure_ascii=True, allow_nan=False)


def csv_line(row: Row) -> str:
    """One row of `CSV_COLUMNS`, empty where nothing was asked for.

    The path is the very name, in quotes where it holds a line break, so that a program can open
    it. Of several words the digits are there; the others, and the probabilities of the other
    labels, are in JSON only.
    """
    error = row.get("error", {})
    cells: Row = {"warnings": " ".join(row.get("warnings", ())), "channel": row.get("channel")}
    cells |= {key: row.get(key, error.get(key)) for key in ("duration_s", "speech_s")}
    cells["withheld"] = " ".join(row.get("withheld", ()))
    for name, answer in row.get("traits", {}).items():
        cells[name] = answer["label"]
        cells |= {f"{name}_{key}": answer[key] for key in ("probability", "unsure", "model")}
        if "years" in answer:
            low, high = answer["interval_years"]
            cells |= {f"{name}_years": answer["years"]}
            cells |= {f"{name}_years_low": low, f"{name}_years_high": high}
        cells[f"{name}_segments"] = _csv_words(answer.get("segments", ()))
    if error:
        cells |= {"error": error["type"], "error_message": error["message"]}
        cells["error_hint"] = error["hint"]
    text = io.StringIO()
    others = (_csv_cell(cells.get(key)) for key in CSV_COLUMNS[1:])
    # With both line breaks in its own, the writer quotes a name that holds either.
    csv.writer(text, lineterminator="\r\n").writerow([_csv_path(row["path"]), *others])
    return text.getvalue().removesuffix("\r\n")


def _csv_words(words: Sequence[Row]) -> str:
    """The digits among several words, as ``0.310-0.620:2 0.810-1.120:5?``; ``?`` for unsure.

    Not all words: those of an hour's talk are more than a cell may hold for most who read it.
    """
    return " ".join(
        f"{word['start_s']:.3f}-{word['end_s']:.3f}:{word['label']}{'?' * word['unsure']}"
        for word in words
        if word["label"] != NOT_A_DIGIT
    )


def _csv_path(name: str) -> str:
    """The name, with ``./`` before one that a spreadsheet would run as a formula."""
    return f"./{name}" if name.startswith(FORMULAS) and name != "-" else name


def _csv_cell(value: Any) -> Any:
    """As text; with ``'`` before a model's name or a message that would be run as a formula."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return value
    return escape(f"'{value}" if value.startswith(FORMULAS) else value)


def _bare(cell: str) -> str:
    """A text as it was before `_csv_cell`, but for what was escaped."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULAS) else cell


@dataclass(frozen=True, slots=True)
class Line:
    """A line written by an earlier run.

    Args:
        key: the input it answers, as `Format.key` gives it.
        failed: it holds an error.
        models: trait to the model file that answered, as answers name it.
        withheld: traits that were asked for too, and had too little speech.
        channel: the one channel that was listened to; None for all of them mixed.
    """

    key: str
    failed: bool
    models: dict[str, str] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    channel: int | None = None


def _parse_json(line: str) -> Line:
    row = json.loads(line)
    if "error" in row:
        return Line(row["path"], failed=True)
    models = {name: answer["model"] for name, answer in row["traits"].items()}
    return Line(row["path"], False, models, frozenset(row.get("withheld", ())), row.get("channel"))


def _parse_csv(line: str) -> Line:
    usual = csv.field_size_limit(LONGEST_CELL)  # of the whole process
    try:
        cells = next(csv.reader(io.StringIO(line, newline=""), strict=True))
    except csv.Error as error:  # which is no ValueError
        raise ValueError(str(error)) from None
    finally:
        csv.field_size_limit(usual)
    row = dict(zip(CSV_COLUMNS, cells, strict=True))
    if row["error"]:
        return Line(row["path"], failed=True)
    models = {name: _bare(row[f"{name}_model"]) for name in TRAITS if row[f"{name}_model"]}
    channel = int(row["channel"]) if row["channel"] else None
    return Line(row["path"], False, models, frozenset(row["withheld"].split()), channel)


@dataclass(frozen=True, slots=True)
class Format:
    """How answers are written one line each, and read again.

    Args:
        header: first line, without its end; empty for none.
        line: a row as one line, without its end; in CSV a quoted name may break it.
        parse: a line as it was written; ValueError, KeyError or TypeError for any other.
        key: an input's name as `parse` gives it back.
        quotes: a line may hold line breaks between quotes.
    """

    header: str
    line: Callable[[Row], str]
    parse: Callable[[str], Line]
    key: Callable[[str], str]
    quotes: bool


FORMATS = {
    "json": Format("", json_line, _parse_json, str, quotes=False),
    "csv": Format(",".join(CSV_COLUMNS), csv_line, _parse_csv, _csv_path, quotes=True),
}
