"""Synthetic: words of made voices, for training only.

* **What**: English digits and other short words at 16 kHz, said by espeak-ng voices of many
  accents, speeds and pitches (``recipes/synthetic_digits.py`` makes them), and by Kokoro, whose
  voices sound like people (``recipes/natural_words.py``, into a folder of its own;
  ``--root synthetic=`` may be given for each).
* **Licence**: yours to choose; neither espeak-ng nor Kokoro claims a right in what it says, and no
  voice is a recording.
* **Layout**: ``WORD/VOICE_sSPEED_pPITCH.flac`` or ``WORD/VOICE_VOICE_ACCENT_NUMBER.flac``, and
  ``clips.csv`` about how each was made. Where that table is, only what it lists is read: a run that
  was stopped leaves further files.
* **Known faults**: no person sounds like espeak-ng, and some voices of both are hard to understand.
* **Cleaning**: the words zero to nine are digits, every other word is ``not_a_digit`` and keeps its
  word. No gender and no age: a voice that nobody has has neither. Every speaker is unknown, so that
  no made voice ever validates or tests.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from voxtrait.corpora import clean
from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.recordings import Recordings, bare, entries, folder, not_empty
from voxtrait.corpora.rows import read_rows
from voxtrait.corpora.utterance import UNKNOWN, Utterance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]

NAME = "synthetic"
TABLE = "clips.csv"
LAYOUT = "seven/en+f1_s170_p50.flac"


def read(root: Path, dropped: Dropped | None = None) -> Iterator[Utterance]:
    """Utterances with digit (or not_a_digit) and word; see the module for layout and rules.

    Args:
        root: folder that holds a folder for each word.
        dropped: counts what is left out.

    Raises:
        CorpusError: no such folder, a damaged table, or no recording.
    """
    return not_empty(_rows(folder(root), dropped or Dropped()), root, LAYOUT)


def _rows(root: Path, dropped: Dropped) -> Iterator[Utterance]:
    recordings = Recordings(dropped)
    listed = _listed(root, dropped)
    for word in entries(root, folders=True):
        for stem, name in recordings.names(root / word).items():
            if listed is not None and (word, stem) not in listed:
                dropped.row(f"recording is not in {TABLE}", f"{word}/{name}")
                continue
            yield Utterance(
                root / word / name,
                NAME,
                f"{NAME}/{UNKNOWN}:{stem}",
                {"digit": clean.digit(word)},
                word=word,
                language="en",
            )


def _listed(root: Path, dropped: Dropped) -> set[tuple[str, str]] | None:
    """Folder and bare name of each clip in the table; ``None`` where there is no table."""
    if TABLE not in entries(root, folders=False):
        return None
    clips = (
        PurePosixPath(row["path"]) for _, row in read_rows(root / TABLE, dropped, one_of=("path",))
    )
    return {(clip.parent.as_posix(), bare(clip.name)) for clip in clips}
