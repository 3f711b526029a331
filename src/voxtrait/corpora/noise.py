"""Noises, music, babble and rooms to mix into speech, or to answer nothing to.

* **What**: recordings of places, animals, machines and weather, some pieces of music, babble, and
  impulse responses of rooms and loudspeakers, at 16 kHz; among them the ten classes of ESC-10
  (Piczak, 2015).
* **Licence**: CC0, CC BY, some CC BY-SA, by recording (columns licence and credit).
* **Layout**: ``SOURCE/*.opus``, rooms as ``.flac``, and ``files.csv`` with the columns ``path``,
  ``kind`` (noise, music, babble or room), ``category``, ``licence``, ``credit``. Sounds of your
  own need no table: ``KIND/anything.wav``, deeper folders are categories.
* **Known faults**: 37 short events are padded with silence (``active_fraction``); crying babies,
  sneezes and crowds are human voices, though nobody speaks.
* **Cleaning**: all but rooms have the label ``not_a_digit``. The speaker is the source recording;
  ESC-10 names a clip ``FOLD-RECORDING-TAKE``, and takes of one recording share a source.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.recordings import Recordings, bare, entries, folder, not_empty, walk
from voxtrait.corpora.rows import read_rows
from voxtrait.corpora.utterance import Utterance
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HUMAN", "NOISES", "read"]

NAME = "noise"
TABLE = "files.csv"
NOISES = ("noise", "music", "babble")  # kinds that are mixed with what somebody says
KINDS = (*NOISES, "room")
LAYOUT = (
    f"{TABLE} beside the folders it names, or KIND/recording.wav, KIND being {', '.join(KINDS)}"
)
# Categories with human voices in them, though nobody speaks: neither speech nor silence.
HUMAN = frozenset({"applause", "baby_cry", "person_sneeze", "restaurant", "snoring"})
ESC = re.compile(r"[0-9]-([0-9]+)-[A-Z](-[0-9]+)?")


def read(root: Path, dropped: Dropped | None = None) -> Iterator[Utterance]:
    """Recordings that nobody speaks in; see the module for layout and rules.

    Args:
        root: folder that holds ``files.csv``, or a folder for each kind.
        dropped: counts what is left out.

    Raises:
        CorpusError: no such folder, a damaged table, no recording.
    """
    rows = _rows if TABLE in entries(folder(root), folders=False) else _of_folders
    return not_empty(rows(root, dropped or Dropped()), root, LAYOUT)


def _of_folders(root: Path, dropped: Dropped) -> Iterator[Utterance]:
    for path in walk(root):
        inner = path.relative_to(root)
        kind = inner.parts[0].lower()
        if len(inner.parts) > 1 and kind in KINDS:
            category = inner.parts[1].lower() if len(inner.parts) > 2 else ""
            yield _utterance(path, inner, kind, category)
        else:
            dropped.row(f"folder is none of {', '.join(KINDS)}", inner.as_posix())


def _rows(root: Path, dropped: Dropped) -> Iterator[Utterance]:
    recordings = Recordings(dropped)
    for line, row in read_rows(root / TABLE, dropped, one_of=("path",)):
        written = Path(row["path"])
        kind = row.get("kind", "").strip().lower()
        path = recordings.find((root / written).parent, written.name)
        if path is None:
            dropped.row("no recording of this name", f"{TABLE}:{line}")
        elif kind not in KINDS:
            dropped.row(f"kind {kind[:30]!r} is none of {', '.join(KINDS)}", f"{TABLE}:{line}")
        else:
            yield _utterance(path, written, kind, row.get("category", "").strip().lower())


def _utterance(path: Path, written: Path, kind: str, category: str) -> Utterance:
    return Utterance(
        path,
        NAME,
        f"{NAME}/{_source(written)}",
        {} if kind == "room" else {"digit": NOT_A_DIGIT},
        kind=kind,
        category=category,
    )


def _source(written: Path) -> str:
    stem = bare(written.name)
    clip = ESC.fullmatch(stem)
    return (written.parent / (clip[1] if clip else stem)).as_posix()
