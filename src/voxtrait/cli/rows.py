"""Answers as lines of text: JSON Lines and CSV, and those lines read again to resume."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxtrait.cli.text import escape
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CSV_COLUMNS", "FILE_NAMES", "FORMATS", "Format", "Line", "Row"]

# How the bytes of a file's name that are no valid text get through a text in UTF-8.
FILE_NAMES = sys.getfilesystemencodeerrors()

Row = dict[str, Any]  # one line of `--format json`; docs/predict.schema.json says what is in it


def _csv_columns() -> tuple[str, ...]:
    columns = ["path", "duration_s", "speech_s"]
    for trait in TRAITS.values():
        columns.append(trait.name)
        columns += [f"{trait.name}_{field}" for field in ("probability", "unsure", "model")]
        if trait.edges:
            columns += [f"{trait.name}_{field}" for field in ("years", "years_low", "years_high")]
    return (*columns, "error", "error_message", "error_hint", "warnings", "channel")


# The same whatever is asked for, so that files of several runs can be put together.
CSV_COLUMNS = _csv_columns()


def json_line(row: Row) -> str:
    """One object; ASCII only, so no name in it can reach a terminal's controls."""
    return json.dumps(row, ensure_ascii=True, allow_nan=False)


def csv_line(row: Row) -> str:
    """One row of `CSV_COLUMNS`, empty where nothing was asked for.

    The path is the very name, in quotes where it holds a line break, so that a program can open
    it. The probabilities of the other labels and the words of a digit are in JSON only.
    """
    error = row.get("error", {})
    cells: Row = {"warnings": " ".join(row.get("warnings", ())), "channel": row.get("channel")}
    cells |= {key: row.get(key, error.get(key)) for key in ("duration_s", "speech_s")}
    for name, answer in row.get("traits", {}).items():
        cells[name] = answer["label"]
        cells |= {f"{name}_{key}": answer[key] for key in ("probability", "unsure", "model")}
        if "years" in answer:
            low, high = answer["interval_years"]
            cells |= {f"{name}_years": answer["years"]}
            cells |= {f"{name}_years_low": low, f"{name}_years_high": high}
    if error:
        cells |= {"error": error["type"], "error_message": error["message"]}
        cells["error_hint"] = error["hint"]
    text = io.StringIO()
    others = (_csv_cell(cells.get(key)) for key in CSV_COLUMNS[1:])
    # With both line breaks in its own, the writer quotes a name that holds either.
    csv.writer(text, lineterminator="\r\n").writerow([_csv_path(row["path"]), *others])
    return text.getvalue().removesuffix("\r\n")


def _csv_path(name: str) -> str:
    """The name, with ``./`` before one that a spreadsheet would run as a formula."""
    return f"./{name}" if name.startswith(tuple("=+@-\t\r")) and name != "-" else name


def _csv_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return escape(value) if isinstance(value, str) else value  # a model's name comes from its file


@dataclass(frozen=True, slots=True)
class Line:
    """A line written by an earlier run.

    Args:
        key: the input it answers, as `Format.key` gives it.
        failed: it holds an error.
        models: trait to the name of the model that answered.
        speech_s: seconds of speech.
        channel: the one channel that was listened to; None for all of them mixed.
    """

    key: str
    failed: bool
    models: dict[str, str]
    speech_s: float = 0.0
    channel: int | None = None


def _parse_json(line: str) -> Line:
    row = json.loads(line)
    models = {name: answer["model"] for name, answer in row.get("traits", {}).items()}
    if "error" in row:
        return Line(row["path"], failed=True, models={})
    return Line(row["path"], False, models, float(row["speech_s"]), row.get("channel"))


def _parse_csv(line: str) -> Line:
    cells = next(csv.reader(io.StringIO(line, newline=""), strict=True))
    row = dict(zip(CSV_COLUMNS, cells, strict=True))
    models = {name: row[f"{name}_model"] for name in TRAITS if row[f"{name}_model"]}
    if row["error"]:
        return Line(row["path"], failed=True, models={})
    channel = int(row["channel"]) if row["channel"] else None
    return Line(row["path"], False, models, float(row["speech_s"]), channel)


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
