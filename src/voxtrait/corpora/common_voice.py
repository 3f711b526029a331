"""Common Voice: sentences read by volunteers in over a hundred languages, with age and gender.

* **What**: MP3 clips of a few seconds at 48, 44.1 or 32 kHz (Ardila et al., LREC 2020,
  arXiv:1912.06670). Ages and genders are what speakers wrote of themselves.
* **Licence**: CC0; whoever uses it agrees not to try to find out who a speaker is.
* **Layout**: ``RELEASE/LANGUAGE/{validated,train,dev,test,other}.tsv`` and ``clips/``; version 1 is
  ``cv-valid-train.csv`` (``cv-valid-dev.csv``, ``cv-other-train.csv``, ...) beside folders of the
  same names. Any folder above one or many of these is a root: all releases and languages below it
  are read together.
* **Columns** by release: ``path`` or ``filename``, ``accent`` or ``accents``, ``locale`` or none
  (then the folder's name is the language). Genders: male, female, other; from 17.0 on
  male_masculine, female_feminine, intersex, transgender, non-binary, do_not_wish_to_say.
* **Known faults**: "fourties" in every release; speakers whose age or gender changes between
  releases; by pitch about 3 % of the male and 1 % of the female labels look wrong.
* **Speakers**: ``client_id`` is the same in every release and language. Version 1 has none: there
  each clip's speaker is unknown, and such rows only ever train.
* **Cleaning**: the rules of ``clean``. A clip counts once, however many tables and releases list
  it: the first in the order of paths, the validated table before the others. Clips that the
  listeners refused (``invalidated.tsv``, ``cv-invalid.csv``) are not read.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from voxtrait.corpora import clean
from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.recordings import Recordings, bare, folder, not_empty
from voxtrait.corpora.rows import Row, first_of, read_rows
from voxtrait.corpora.utterance import UNKNOWN, Utterance
from voxtrait.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read"]

NAME = "common_voice"
TABLES = tuple(f"{table}.tsv" for table in ("validated", "train", "dev", "test", "other"))
FIRST_VERSION = tuple(
    f"cv-{kind}-{part}.csv" for kind in ("valid", "other") for part in ("train", "dev", "test")
)
LAYOUT = f"RELEASE/LANGUAGE/{TABLES[0]} beside clips/, or {FIRST_VERSION[1]} beside its folder"


def read(root: Path, dropped: Dropped | None = None) -> Iterator[Utterance]:
    """Utterances with gender and age; see the module for layout and rules.

    Tables are read twice, first for contradictions; of a release with a million rows only the
    speakers' ids and the clips' names stay in memory.

    Args:
        root: any folder above one or more releases or languages, or one of them.
        dropped: counts what is left out.

    Raises:
        CorpusError: no such folder, no table, a table without its columns, no recording.
    """
    return not_empty(_rows(folder(root), dropped or Dropped()), root, LAYOUT)


def _rows(root: Path, dropped: Dropped) -> Iterator[Utterance]:
    tables = _tables(root, dropped)
    # A broken line is met in both passes; it is counted in the second.
    contradicted = clean.contradicted(
        (client, _gender(row))
        for table in tables
        for _, row in _cells(table, Dropped())
        if (client := _client(row))
    )
    recordings = Recordings(dropped)
    seen: set[str] = set()
    for table in tables:
        place = table.parent / (table.stem if _is_first(table) else "clips")
        # Clips are numbered over all releases of a language; version 1 begins anew each table.
        series = f"{table.stem}/" if _is_first(table) else ""
        for line, row in _cells(table, dropped):
            # A table names clips, not places on this machine: whatever leads elsewhere is cut off.
            clip = PurePath(first_of(row, "path", "filename")).name
            where = f"{table.parent.name}/{table.name}:{line}"
            path = recordings.find(place, clip)
            key = series + bare(clip)
            if path is None:
                dropped.row("no recording of this name", where)
            elif key in seen:
                dropped.row("clip is already listed", where)
            else:
                seen.add(key)
                yield _utterance(path, key, row, contradicted, dropped)


def _utterance(
    path: Path, key: str, row: Row, contradicted: frozenset[str], dropped: Dropped
) -> Utterance:
    client = _client(row)
    gender = clean.gender(_gender(row), dropped, path.name)
    if client in contradicted and gender is not None:
        dropped.label("gender: the speaker has both in other rows", path.name)
        gender = None
    years, group = clean.age(row.get("age", ""), dropped, path.name)
    return Utterance(
        path,
        NAME,
        f"{NAME}/{client or f'{UNKNOWN}:{key}'}",
        clean.labels(gender=gender, age=group),
        age_years=years,
        language=first_of(row, "locale", "language") or _language(path),
        accent=first_of(row, "accents", "accent"),
    )


def _client(row: Row) -> str:
    return row.get("client_id", "").strip()


def _gender(row: Row) -> str:
    return first_of(row, "gender", "sex")


def _tables(root: Path, dropped: Dropped) -> list[Path]:
    found: list[Path] = []
    for place, folders, files in os.walk(root, onerror=_unlistable):
        here = [name for name in (*TABLES, *FIRST_VERSION) if name in files]
        found += [Path(place, name) for name in here]
        if "clips" in folders and not here:
            dropped.row("folder of clips without a table", place)
        # A folder of clips may hold a million files and never a table.
        folders[:] = sorted(
            name
            for name in folders
            if name != "clips" and name[0] != "." and f"{name}.csv" not in FIRST_VERSION
        )
    if not found:
        raise CorpusError(
            f"No table of Common Voice was found in {root}.",
            f"Expected {LAYOUT}.",
        )
    return found


def _unlistable(error: OSError) -> None:
    # os.walk would pass over it in silence, and a language would be missing.
    raise CorpusError(
        f"The folder {error.filename} cannot be listed ({error.strerror}).",
        "Check that you may read it.",
    ) from error


def _cells(table: Path, dropped: Dropped) -> Iterator[tuple[int, Row]]:
    return read_rows(table, dropped, one_of=("path", "filename"), tabs=not _is_first(table))


def _is_first(table: Path) -> bool:
    return table.suffix == ".csv"


def _language(path: Path) -> str:
    return path.parent.parent.name if path.parent.name == "clips" else "en"
