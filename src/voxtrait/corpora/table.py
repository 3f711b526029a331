"""A CSV table of one's own recordings.

* **What**: any recordings, described by a row each.
* **Licence**: yours to know.
* **Layout**: a file in UTF-8 with a line of column names. ``path`` (or ``file``, ``filename``) is
  needed and is relative to the table's folder, or absolute; where no such file is there, one of
  that name with another audio suffix will do. Optional: ``speaker`` (``speaker_id``,
  ``client_id``), ``gender`` (``sex``), ``age`` (``age_group``), ``digit``, ``word``, ``language``
  (``locale``), ``accent`` (``accents``). Given a folder, the table is its ``recordings.csv``,
  or the only ``.csv`` in it.
* **Known faults**: whatever hands type; see ``clean``.
* **Cleaning**: the rules of ``clean``. A digit is ``0`` to ``9``, ``zero`` to ``nine`` or
  ``not_a_digit``; where there is no such column, the word decides. A row without speaker has an
  unknown one and only ever trains. A recording counts once. Speakers of two tables read into one
  manifest are the same if their names are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.corpora import clean
from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.recordings import Recordings, entries, is_folder, not_empty
from voxtrait.corpora.rows import Row, first_of, read_rows
from voxtrait.corpora.utterance import UNKNOWN, Utterance
from voxtrait.errors import CorpusError
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]

NAME = "table"
USUAL = "recordings.csv"
PATHS = ("path", "file", "filename")
SPEAKERS = ("speaker", "speaker_id", "client_id")
GENDERS = ("gender", "sex")
LAYOUT = "a CSV table whose column 'path' names recordings beside it"


def read(root: Path, dropped: Dropped | None = None) -> Iterator[Utterance]:
    """Utterances with whatever the table tells; see the module for columns and rules.

    Args:
        root: the table, or the folder it lies in.
        dropped: counts what is left out.

    Raises:
        CorpusError: no such table, several, none of the needed columns, no recording.
    """
    return not_empty(_rows(_table(root), dropped or Dropped()), root, LAYOUT)


def _rows(table: Path, dropped: Dropped) -> Iterator[Utterance]:
    recordings = Recordings(Dropped())  # of files that no row names nothing is told
    contradicted = clean.contradicted(
        (speaker, first_of(row, *GENDERS))
        for _, row in read_rows(table, Dropped(), one_of=PATHS)
        if (speaker := first_of(row, *SPEAKERS)) and _recording(table, row, recordings)
    )
    seen: set[Path] = set()
    for line, row in read_rows(table, dropped, one_of=PATHS):
        where = f"{table.name}:{line}"
        path = _recording(table, row, recordings)
        if path is None:
            dropped.row("no recording of this name", where)
        elif path in seen:
            dropped.row("recording is already listed", where)
        else:
            seen.add(path)
            yield _utterance(path, table, row, where, contradicted, dropped)


def _recording(table: Path, row: Row, recordings: Recordings) -> Path | None:
    """The file that a row names, else one with another audio suffix, if there is any."""
    written = table.parent / first_of(row, *PATHS)
    return recordings.find(written.parent, written.name, exactly_if_there=True)


def _utterance(
    path: Path,
    table: Path,
    row: Row,
    where: str,
    contradicted: frozenset[str],
    dropped: Dropped,
) -> Utterance:
    speaker = first_of(row, *SPEAKERS)
    gender = clean.gender(first_of(row, *GENDERS), dropped, where)
    if speaker in contradicted and gender is not None:
        dropped.label("gender: the speaker has both in other rows", where)
        gender = None
    years, group = clean.age(first_of(row, "age", "age_group"), dropped, where)
    clip = path.relative_to(table.parent) if path.is_relative_to(table.parent) else path
    return Utterance(
        path,
        NAME,
        f"{NAME}/{speaker or f'{UNKNOWN}:{clip.as_posix()}'}",
        clean.labels(gender=gender, age=group, digit=_digit(row, dropped, where)),
        word=row.get("word", "").strip().lower(),
        age_years=years,
        language=first_of(row, "language", "locale"),
        accent=first_of(row, "accent", "accents"),
    )


def _digit(row: Row, dropped: Dropped, where: str) -> str | None:
    written = first_of(row, "digit", "word").lower()
    if not written:
        return None
    label = clean.digit(written)
    if label == NOT_A_DIGIT and row.get("digit", "").strip().lower() not in ("", NOT_A_DIGIT):
        dropped.label(f"digit: {written[:30]!r} is no digit and not {NOT_A_DIGIT}", where)
        return None
    return label


def _table(root: Path) -> Path:
    if not is_folder(root):
        return root
    tables = [name for name in entries(root, folders=False) if name.lower().endswith(".csv")]
    if USUAL in tables:
        return root / USUAL
    if len(tables) != 1:
        raise CorpusError(
            f"{root} holds {len(tables) or 'no'} CSV tables, and none is named {USUAL}.",
            "Give the table itself.",
        )
    return root / tables[0]
