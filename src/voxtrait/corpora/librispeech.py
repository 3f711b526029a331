"""LibriSpeech: volunteers reading English audiobooks aloud.

* **What**: about 1,000 hours at 16 kHz from 2,484 readers (Panayotov et al., ICASSP 2015).
* **Licence**: CC BY 4.0.
* **Layout**: ``LibriSpeech/SET/READER/CHAPTER/READER-CHAPTER-NNNN.flac``, a ``.trans.txt`` in each
  chapter, and ``LibriSpeech/SPEAKERS.TXT``: ``READER | SEX | SET | MINUTES | NAME``, where a name
  may hold a ``|`` of its own and lines that start with ``;`` are comments.
* **Known faults**: no ages (the years of birth in some names are not read); gender is what the
  editors heard or knew; readers recorded themselves, each on one microphone.
* **Cleaning**: ``F`` and ``M`` become labels. A reader who is not in the table keeps his rows
  without a label. A line of a transcript without its recording is counted as dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.corpora import clean
from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.recordings import Recordings, entries, folder, not_empty
from voxtrait.corpora.utterance import Utterance
from voxtrait.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]

NAME = "librispeech"
SPEAKERS = "SPEAKERS.TXT"
LAYOUT = "LibriSpeech/dev-clean/84/121123/84-121123-0000.flac"


def read(root: Path, dropped: Dropped | None = None) -> Iterator[Utterance]:
    """Utterances with gender; see the module for layout and rules.

    Args:
        root: folder that holds ``LibriSpeech``, or ``LibriSpeech`` itself.
        dropped: counts what is left out.

    Raises:
        CorpusError: no such folder, no table of speakers, no recording.
    """
    return not_empty(_rows(folder(root, "LibriSpeech"), dropped or Dropped()), root, LAYOUT)


def _rows(root: Path, dropped: Dropped) -> Iterator[Utterance]:
    sexes = _sexes(root / SPEAKERS)
    recordings = Recordings(dropped)
    for subset in entries(root, folders=True):
        for reader in entries(root / subset, folders=True):
            for chapter in entries(root / subset / reader, folders=True):
                place = root / subset / reader / chapter
                _count_missing(place, recordings, dropped)
                for name in recordings.names(place).values():
                    yield _utterance(place / name, reader, sexes, dropped)


def _utterance(path: Path, reader: str, sexes: dict[str, str], dropped: Dropped) -> Utterance:
    if reader not in sexes:
        dropped.label(f"gender: reader is not in {SPEAKERS}", path.name)
    gender = clean.gender(sexes.get(reader, ""), dropped, path.name)
    return Utterance(path, NAME, f"{NAME}/{reader}", clean.labels(gender=gender), language="en")


def _sexes(table: Path) -> dict[str, str]:
    cells = [
        line.split("|", 4) for line in _lines(table) if line.strip() and not line.startswith(";")
    ]
    return {row[0].strip(): row[1].strip() for row in cells if len(row) > 2}


def _count_missing(place: Path, recordings: Recordings, dropped: Dropped) -> None:
    for transcript in sorted(place.glob("*.trans.txt")):
        for line in _lines(transcript):
            name = line.partition(" ")[0]
            if name and recordings.find(place, name) is None:
                dropped.row("no recording of this name", name)


def _lines(text: Path) -> list[str]:
    try:
        return text.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text in UTF-8"
        raise CorpusError(
            f"LibriSpeech's {text} cannot be read ({reason}).",
            f"{SPEAKERS} comes with every set of the corpus, and a transcript with every chapter.",
        ) from error
