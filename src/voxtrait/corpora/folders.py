"""A folder for each label, as image and audio classifiers have long used them.

* **What**: any recordings sorted into folders.
* **Licence**: yours to know.
* **Layout**: ``LABEL/anything.wav``, where nobody knows the speakers and rows only ever train, or
  ``LABEL/SPEAKER/anything.wav``; deeper folders belong to that speaker. ``LABEL`` is a digit
  (``7``, ``seven``, ``not_a_digit``), a gender (``female``, ``m``, ...) or an age (``twenties``,
  ``30s``, ``60+``, years from 10 on); see ``clean``.
* **Known faults**: whatever hands sort.
* **Cleaning**: recordings in a folder that is no label, or in none, are counted as dropped. A
  speaker found under both genders loses that label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.corpora import clean
from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.recordings import entries, folder, not_empty, walk
from voxtrait.corpora.utterance import UNKNOWN, Utterance
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]

NAME = "folders"
LAYOUT = "LABEL/recording.wav or LABEL/SPEAKER/recording.wav, with LABEL such as 7, female or 30s"


def read(root: Path, dropped: Dropped | None = None) -> Iterator[Utterance]:
    """Utterances labelled by their folder; see the module for layout and rules.

    Args:
        root: folder that holds the folders of the labels.
        dropped: counts what is left out.

    Raises:
        CorpusError: no such folder, or no recording under a label.
    """
    return not_empty(_rows(folder(root), dropped or Dropped()), root, LAYOUT)


def _rows(root: Path, dropped: Dropped) -> Iterator[Utterance]:
    names = entries(root, folders=True)
    contradicted = clean.contradicted(
        (speaker, name) for name in names for speaker in entries(root / name, folders=True)
    )
    for path in walk(root):
        inner = path.relative_to(root)
        traits, years = _labels(inner.parts[0]) if len(inner.parts) > 1 else ({}, None)
        if not traits:
            dropped.row("folder is no label", inner.as_posix())
            continue
        speaker = inner.parts[1] if len(inner.parts) > 2 else f"{UNKNOWN}:{inner.as_posix()}"
        if "gender" in traits and speaker in contradicted:
            dropped.label("gender: the speaker has both in other rows", inner.as_posix())
            traits = {}
        digit = traits.get("digit", NOT_A_DIGIT)
        word = "" if digit == NOT_A_DIGIT else clean.DIGIT_WORDS[int(digit)]
        yield Utterance(path, NAME, f"{NAME}/{speaker}", traits, word=word, age_years=years)


def _labels(name: str) -> tuple[dict[str, str], float | None]:
    digit = clean.digit(name)
    if digit != NOT_A_DIGIT or name.lower() == NOT_A_DIGIT:
        return {"digit": digit}, None
    # What no rule knows is counted by the caller, once a recording: here it only asks.
    if (gender := clean.gender(name, Dropped(), name)) is not None:
        return {"gender": gender}, None
    years, group = clean.age(name, Dropped(), name)
    return clean.labels(age=group), years
