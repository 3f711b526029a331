"""Folds that others have published, so that figures can be compared with theirs.

AudioMNIST's (Becker et al., 2024, arXiv:1807.03418): for digits five groups of twelve speakers,
three of which train, the next validates and the last is the test, moving on by one group; for
gender, four groups of six speakers (half of them women, so that only 24 of the 60 are used), of
which one is the test, the one before it validates, and the other two train.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxtrait.corpora.splits import Split
from voxtrait.errors import SplitError

if TYPE_CHECKING:
    from voxtrait.corpora.manifest import Manifest
    from voxtrait.corpora.utterance import Utterance

__all__ = ["PublishedFold", "published"]

DIGIT_GROUPS = (
    (28, 56, 7, 19, 35, 1, 6, 16, 23, 34, 46, 53),
    (36, 57, 9, 24, 37, 2, 8, 17, 29, 39, 48, 54),
    (43, 58, 14, 25, 38, 3, 10, 20, 30, 40, 49, 55),
    (12, 47, 59, 15, 27, 41, 4, 11, 21, 31, 44, 50),
    (26, 52, 60, 18, 32, 42, 5, 13, 22, 33, 45, 51),
)
GENDER_GROUPS = (
    (58, 59, 60, 7, 23, 38),
    (36, 47, 56, 2, 44, 50),
    (26, 12, 57, 25, 37, 45),
    (43, 28, 52, 48, 53, 41),
)


@dataclass(frozen=True, slots=True)
class PublishedFold:
    """One fold, as speakers' ids.

    Args:
        train: whom is learnt from.
        validation: who decides when to stop.
        test: who is measured.
    """

    train: frozenset[str]
    validation: frozenset[str]
    test: frozenset[str]

    def split(self, manifest: Manifest) -> Split:
        """This fold of a manifest; rows of speakers that it does not name are in no part.

        Raises:
            SplitError: nobody of the fold's training or test speakers is in the manifest.
        """
        parts = (self.train, self.validation, self.test)

        def place(row: Utterance) -> int | None:
            return next((i for i, part in enumerate(parts) if row.speaker_id in part), None)

        split = Split.of(manifest, place)
        for name, rows in (("training", split.train), ("test", split.test)):
            if not rows:
                raise SplitError(
                    f"None of the fold's {name} speakers is in the manifest.",
                    "Published folds need the whole corpus.",
                )
        return split


def published(corpus: str, task: str) -> tuple[PublishedFold, ...]:
    """The folds that a corpus's authors published.

    Args:
        corpus: ``"audiomnist"``, the only one so far.
        task: ``"digit"`` (five folds) or ``"gender"`` (four).

    Raises:
        SplitError: none are known for this corpus and task.
    """
    if (corpus, task) == ("audiomnist", "digit"):
        groups = [_ids(group) for group in DIGIT_GROUPS]
        return tuple(
            PublishedFold(
                groups[i] | groups[(i + 1) % 5] | groups[(i + 2) % 5],
                groups[(i + 3) % 5],
                groups[(i + 4) % 5],
            )
            for i in range(5)
        )
    if (corpus, task) == ("audiomnist", "gender"):
        groups = [_ids(group) for group in GENDER_GROUPS]
        return tuple(
            PublishedFold(groups[i - 3] | groups[i - 2], groups[i - 1], groups[i]) for i in range(4)
        )
    raise SplitError(
        f"No folds of {corpus} for {task} are published.",
        "Known: audiomnist for digit and for gender.",
    )


def _ids(group: tuple[int, ...]) -> frozenset[str]:
    return frozenset(f"audiomnist/{speaker:02d}" for speaker in group)
