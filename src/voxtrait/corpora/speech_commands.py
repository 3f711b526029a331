"""Speech Commands: single English words by thousands of volunteers.

* **What**: one-second clips at 16 kHz of 30 (version 0.01) or 35 words (0.02), the ten digits
  among them (Warden, 2018, arXiv:1804.03209).
* **Licence**: CC BY 4.0.
* **Layout**: ``WORD/SPEAKER_nohash_TAKE.wav``; ``_background_noise_`` holds long noises.
* **Known faults**: no gender, age or place of anybody; an id is a session, not quite a person; the
  two versions number their takes differently, so one name may be two recordings: read one version;
  some clips are cut, wrong or silent.
* **Cleaning**: the words zero to nine are digits, every other word is ``not_a_digit`` and keeps its
  word. Cut and silent clips stay: only listening finds them, and the measurement lists them.
  ``_background_noise_`` is left out and counted: nobody speaks in it, and the noise corpus has it.
* The official split goes by SHA-1 of the id (``validation_list.txt``, ``testing_list.txt``); it is
  by speaker too, but not balanced by word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voxtrait.corpora import clean
from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.recordings import Recordings, entries, folder, not_empty
from voxtrait.corpora.utterance import Utterance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]

NAME = "speech_commands"
LAYOUT = "seven/0a7c2a8d_nohash_0.wav"
CLIP = re.compile(r"([0-9a-f]+)_nohash_([0-9]+)")


def read(root: Path, dropped: Dropped | None = None) -> Iterator[Utterance]:
    """Utterances with digit (or not_a_digit) and word; see the module for layout and rules.

    Args:
        root: folder that holds a folder for each word.
        dropped: counts what is left out.

    Raises:
        CorpusError: no such folder, or no recording.
    """
    return not_empty(_rows(folder(root), dropped or Dropped()), root, LAYOUT)


def _rows(root: Path, dropped: Dropped) -> Iterator[Utterance]:
    recordings = Recordings(dropped)
    for word in entries(root, folders=True):
        for stem, name in recordings.names(root / word).items():
            clip = CLIP.fullmatch(stem)
            if word.startswith("_"):
                dropped.row("background noise, nobody speaks", f"{word}/{name}")
            elif clip is None:
                dropped.row(f"name is not SPEAKER_nohash_TAKE ({NAME})", f"{word}/{name}")
            else:
                yield Utterance(
                    root / word / name,
                    NAME,
                    f"{NAME}/{clip[1]}",
                    {"digit": clean.digit(word)},
                    word=word,
                    language="en",
                )
