"""Rules that turn what corpora write into labels.

Every reader uses these and no other. A value that no rule knows gives no label, never a guess; the
row is kept, and the label is counted in ``Dropped`` with the value as it was written.

* **Gender** is what the corpus's speakers or editors wrote. ``female``, ``f``, ``woman``,
  ``female_feminine`` are *female*; ``male``, ``m``, ``man``, ``male_masculine`` are *male*; in any
  case of letters. All else (other, non-binary, transgender, intersex, do_not_wish_to_say, ...) has
  no label here.
* **Age** is a decade's name (``teens``, ``twenties``, ... ``nineties``, also the ``fourties`` of
  Common Voice), a decade's number (``20s`` ... ``90s``), a group of ours (``60+``), or years from
  4 to 110. ``1234`` is not an age.
* **Years** of a decade are its middle: 25, 35, ... 95; teens are 16, because few speakers under 14
  take part. Years written as a number stay as they are. ``60+`` has a group, but no years.
* **A contradiction**: a speaker called female in one row and male in another loses the gender
  label in all rows, because one of them is wrong and nobody knows which. Ages may differ, people
  grow older between two releases: each row keeps its own.
* An empty value is not an error but an unknown: no label, and nothing is counted.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING

from voxtrait.traits import AGE, NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxtrait.corpora.dropped import Dropped

__all__ = ["DIGIT_WORDS", "age", "age_group", "contradicted", "digit", "gender", "labels"]

DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

GENDERS = {
    **dict.fromkeys(("female", "f", "woman", "female_feminine"), "female"),
    **dict.fromkeys(("male", "m", "man", "male_masculine"), "male"),
}
DECADES = {
    "teens": 16.0,
    "twenties": 25.0,
    "thirties": 35.0,
    "fourties": 45.0,
    "forties": 45.0,
    "fifties": 55.0,
    "sixties": 65.0,
    "seventies": 75.0,
    "eighties": 85.0,
    "nineties": 95.0,
    **{f"{decade}0s": decade * 10 + 5.0 for decade in range(2, 10)},
}
YEARS = (4.0, 110.0)


def gender(written: str, dropped: Dropped, where: object) -> str | None:
    """Label of a gender as a corpus wrote it; ``None`` where no rule knows it."""
    word = written.strip().lower()
    label = GENDERS.get(word)
    if word and label is None:
        dropped.label(f"gender: {_quoted(word)} has no label here", where)
    return label


def age(written: object, dropped: Dropped, where: object) -> tuple[float | None, str | None]:
    """Years and age group of an age as a corpus wrote it; ``None`` where no rule knows it."""
    word = str(written).strip().lower()
    if not word:
        return None, None
    if word == AGE.labels[-1]:
        return None, word
    years = DECADES.get(word)
    if years is None and re.fullmatch(r"\d+(\.\d*)?", word, re.ASCII):
        years = float(word)
    if years is None or not YEARS[0] <= years <= YEARS[1]:
        dropped.label(f"age: {_quoted(word)} is no decade and no age from 4 to 110", where)
        return None, None
    return years, age_group(years)


def age_group(years: float) -> str:
    """The age group that holds these years: under 20 ``teens``, from 60 on ``60+``."""
    return AGE.labels[bisect.bisect_right(AGE.edges[1:-1], years)]


def digit(word: str) -> str:
    """Label of a spoken English word: ``"seven"`` and ``"7"`` are ``"7"``, others not_a_digit."""
    word = word.strip().lower()
    if word in DIGIT_WORDS:
        return str(DIGIT_WORDS.index(word))
    return word if word in tuple("0123456789") else NOT_A_DIGIT


def labels(**traits: str | None) -> dict[str, str]:
    """The labels that are known, by trait."""
    return {trait: label for trait, label in traits.items() if label is not None}


def contradicted(rows: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Speakers called female in one row and male in another.

    Args:
        rows: speaker and gender as written, one pair a row.
    """
    first: dict[str, str] = {}
    both = set()
    for speaker, written in rows:
        label = GENDERS.get(written.strip().lower())
        if label is not None and first.setdefault(speaker, label) != label:
            both.add(speaker)
    return frozenset(both)


def _quoted(word: str) -> str:
    # Free text of strangers ends up in reports and terminals: short, and escaped by repr.
    return repr(word if len(word) <= 30 else f"{word[:29]}…")
