"""AudioMNIST: 60 speakers saying each English digit 50 times, with gender and age.

* **What**: 30,000 clips of 0.3 to 1 s at 48 kHz, recorded in quiet rooms (Becker et al., 2024,
  "AudioMNIST: Exploring Explainable Artificial Intelligence for audio analysis on a simple
  benchmark", arXiv:1807.03418).
* **Licence**: MIT.
* **Layout**: ``data/SPEAKER/DIGIT_SPEAKER_TAKE.wav`` and ``data/audioMNIST_meta.txt``, a JSON
  object from speaker to age, gender, accent.
* **Known faults**: speaker 45 has the age "1234"; speaker 01's age is a number, all others' are
  strings; 48 men and 12 women; almost all are 22 to 36 years old; most have a German accent.
* **Cleaning**: the age "1234" gives no label. Exact ages are kept in years. A speaker whom the meta
  file does not know keeps the digit alone.
* **Published folds** by speaker: ``voxtrait.corpora.published``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from voxtrait.corpora import clean
from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.recordings import Recordings, entries, folder, not_empty
from voxtrait.corpora.utterance import Utterance
from voxtrait.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]

NAME = "audiomnist"
META = "audioMNIST_meta.txt"
LAYOUT = f"data/01/0_01_0.wav and data/{META}"
CLIP = re.compile(r"([0-9])_([0-9]{2,})_([0-9]+)")


def read(root: Path, dropped: Dropped | None = None) -> Iterator[Utterance]:
    """Utterances with digit, gender and age; see the module for layout and rules.

    Args:
        root: folder that holds ``data``, or ``data`` itself.
        dropped: counts what is left out.

    Raises:
        CorpusError: no such folder, no meta file or a broken one, no recording.
    """
    return not_empty(_rows(folder(root, "data"), dropped or Dropped()), root, LAYOUT)


def _rows(data: Path, dropped: Dropped) -> Iterator[Utterance]:
    meta = _meta(data / META)
    recordings = Recordings(dropped)
    for speaker in entries(data, folders=True):
        for stem, name in recordings.names(data / speaker).items():
            clip = CLIP.fullmatch(stem)
            if clip is None or clip[2] != speaker:
                dropped.row(f"name is not DIGIT_SPEAKER_TAKE of its folder ({NAME})", name)
                continue
            yield _utterance(data / speaker / name, int(clip[1]), speaker, meta, dropped)


def _utterance(
    path: Path, digit: int, speaker: str, meta: dict[str, dict[str, Any]], dropped: Dropped
) -> Utterance:
    about = meta.get(speaker)
    if about is None:
        dropped.label(f"gender, age: speaker is not in {META}", path.name)
        about = {}
    gender = clean.gender(str(about.get("gender", "")), dropped, path.name)
    years, group = clean.age(about.get("age", ""), dropped, path.name)
    return Utterance(
        path,
        NAME,
        f"{NAME}/{speaker}",
        clean.labels(digit=str(digit), gender=gender, age=group),
        word=clean.DIGIT_WORDS[digit],
        age_years=years,
        language="en",
        accent=str(about.get("accent", "")),
    )


def _meta(path: Path) -> dict[str, dict[str, Any]]:
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorpusError(
            f"AudioMNIST's table {path} cannot be read ({error.strerror}).",
            f"It comes with the corpus, in data/{META}.",
        ) from error
    except ValueError as error:
        raise CorpusError(f"{path} is not JSON ({error}).", "Fetch this file again.") from error
    if not isinstance(meta, dict) or not all(isinstance(about, dict) for about in meta.values()):
        raise CorpusError(f"{path} is not an object of speakers.", "Fetch this file again.")
    return meta
