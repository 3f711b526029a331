"""How speakers were kept apart from training, in the words that reports say it with."""

from __future__ import annotations

import re

__all__ = [
    "calibrated",
    "folds",
    "is_calibrated",
    "options",
    "rank",
    "some_of",
    "suffix",
    "without_corpus",
    "without_speakers",
]

_WITHOUT_CORPUS = "trained without "
_WITHOUT_SPEAKERS = "each speaker of "
_POOLED = ", pooled"
_CALIBRATED = ", calibrated on the validation of folds"


def folds(count: int) -> str:
    """Everybody answered once, by the fold that did not train on them."""
    return f"{count} speaker folds{_POOLED}"


def without_speakers(corpus: str) -> str:
    """Each speaker of a corpus left out in turn."""
    return f"{_WITHOUT_SPEAKERS}{corpus} left out in turn{_POOLED}"


def without_corpus(corpus: str) -> str:
    """A corpus left out of training altogether."""
    return f"{_WITHOUT_CORPUS}{corpus}"


def some_of(names: list[str], way: str) -> str:
    """Only some trainings of a way: a report must not seem to be of all of them."""
    return f"{', '.join(names)} of {way.removesuffix(_POOLED)}"


def calibrated(way: str) -> str:
    """A way whose trainings were calibrated on the validation of another cross-validation too."""
    return way + _CALIBRATED


def is_calibrated(split: str) -> bool:
    """Whether `calibrated` says so."""
    return split.endswith(_CALIBRATED)


def rank(split: str) -> int:
    """Where a report of this split belongs among others of a model: what says most comes first.

    Returns:
        0 for a corpus that training never heard, which says most about strangers; 1 for a corpus
        heard from other speakers, each left out in turn; 2 for folds and everything else.
    """
    return next((i for i, words in enumerate(_MARKS) if words in split), len(_MARKS))


def suffix(split: str) -> str:
    """What tells a corpus's figures of this split from those of the folds in a model's card."""
    return (" (left out of training)", " (each speaker left out)", "")[rank(split)]


def options(split: str) -> tuple[str, list[str]]:
    """How `voxtrait cross-validate` is asked for a split, and what its folder may be called.

    Returns:
        The last part of a folder's name, and the options; of some speakers of a corpus those of
        all. A split that no cross-validation makes has a name but no options.
    """
    if found := re.search(rf"{_WITHOUT_CORPUS}(\S+)$", split):
        return f"without-{found[1]}", ["--leave-corpus-out", found[1]]
    if found := re.search(rf"{_WITHOUT_SPEAKERS}(\S+) left out in turn", split):
        return f"each-of-{found[1]}", ["--leave-one-speaker-out", found[1]]
    if found := re.search(r"(\d+) speaker folds", split):
        some = re.findall(r"fold (\d+)(?=,| of )", split)
        return "folds", ["--folds", found[1], *(word for n in some for word in ("--only", n))]
    return "measured", []


_MARKS = (_WITHOUT_CORPUS, _WITHOUT_SPEAKERS)
