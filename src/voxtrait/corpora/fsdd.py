"""FSDD, the Free Spoken Digit Dataset: six men saying each English digit 50 times.

* **What**: 3,000 trimmed clips at 8 kHz (github.com/Jakobovski/free-spoken-digit-dataset).
* **Licence**: CC BY-SA 4.0.
* **Layout**: ``recordings/DIGIT_SPEAKER_TAKE.wav``.
* **Known faults**: all speakers are men; no ages; early revisions had other speakers and takes.
* **Cleaning**: gender and accent come from the repository's own ``metadata.py``, copied below as
  values because a corpus's code is never executed. A speaker who is not in it keeps the digit
  alone.
* The repository's own split takes the takes 0 to 4 as test, so the same six voices stand on both
  sides: split by speaker instead, leaving each out in turn.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voxtrait.corpora import clean
from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.recordings import Recordings, folder, not_empty
from voxtrait.corpora.utterance import Utterance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]

NAME = "fsdd"
LAYOUT = "recordings/0_jackson_0.wav"
CLIP = re.compile(r"([0-9])_([^_]+)_([0-9]+)")
ACCENTS = {  # all of them men
    "george": "GRC/Greek",
    "jackson": "USA/neutral",
    "lucas": "DEU/German",
    "nicolas": "BEL/French",
    "theo": "USA/neutral",
    "yweweler": "DEU/German",
}


def read(root: Path, dropped: Dropped | None = None) -> Iterator[Utterance]:
    """Utterances with digit and gender; see the module for layout and rules.

    Args:
        root: folder that holds ``recordings``, or ``recordings`` itself.
        dropped: counts what is left out.

    Raises:
        CorpusError: no such folder, or no recording.
    """
    return not_empty(_rows(folder(root, "recordings"), dropped or Dropped()), root, LAYOUT)


def _rows(place: Path, dropped: Dropped) -> Iterator[Utterance]:
    for stem, name in Recordings(dropped).names(place).items():
        clip = CLIP.fullmatch(stem)
        if clip is None:
            dropped.row(f"name is not DIGIT_SPEAKER_TAKE ({NAME})", name)
            continue
        digit, speaker = int(clip[1]), clip[2]
        if speaker not in ACCENTS:
            dropped.label("gender: speaker is not in FSDD's metadata", name)
        yield Utterance(
            place / name,
            NAME,
            f"{NAME}/{speaker}",
            clean.labels(digit=str(digit), gender="male" if speaker in ACCENTS else None),
            word=clean.DIGIT_WORDS[digit],
            language="en",
            accent=ACCENTS.get(speaker, ""),
        )
