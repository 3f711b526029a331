"""Who is learnt from and who is measured on: never the same speaker.

Every split here but ``leaky`` is disjoint by speaker. A speaker nobody wrote down may be anybody,
so an unknown speaker's recordings only ever train.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from voxtrait.corpora.manifest import Manifest
from voxtrait.corpora.split import TEST, TRAIN, VALIDATION, Split
from voxtrait.corpora.strata import deal, digest, speakers_in_order
from voxtrait.errors import SplitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxtrait.corpora.utterance import Utterance

__all__ = [
    "Split",
    "by_speaker",
    "fold_of_speaker",
    "folds",
    "leaky",
    "leave_corpus_out",
    "leave_one_speaker_out",
]


def by_speaker(manifest: Manifest, shares: tuple[float, float, float] = (0.8, 0.1, 0.1)) -> Split:
    """Train, validation and test by speaker, at fixed shares within every stratum.

    Along the order of ``strata`` each speaker goes to the part that lacks most of its share, so
    every stretch of ten neighbours in a stratum is cut 8 : 1 : 1.

    Args:
        manifest: the rows.
        shares: parts of the speakers, each from 0 to 1, together 1.

    Raises:
        SplitError: shares that are none, or a part that should have speakers gets none.
    """
    parts = [Fraction(share).limit_denominator(10_000) for share in shares]
    if len(parts) != 3 or min(parts) < 0 or sum(parts) != 1:
        raise SplitError(f"Shares {shares} are not three parts of one.", "Try 0.8, 0.1 and 0.1.")
    place: dict[str, int] = {}
    for speakers in speakers_in_order(manifest).values():
        place.update(zip(speakers, deal(len(speakers), parts), strict=True))
    split = Split.of(manifest, lambda row: place.get(row.speaker_id, TRAIN))
    for name, share, rows in zip(
        ("train", "validation", "test"),
        parts,
        (split.train, split.validation, split.test),
        strict=True,
    ):
        if share and not rows:
            raise SplitError(
                f"{len(place)} known speakers are too few: {name} gets none of them.",
                "Read more corpora, or set that share to 0.",
            )
    return split


def fold_of_speaker(manifest: Manifest, k: int = 5) -> dict[str, int]:
    """Fold of each speaker: 0 to k - 1, and -1 for an unknown one, which only ever trains.

    Speakers are dealt round in the order of ``strata``; each corpus begins at a fold of its own,
    so that small corpora do not all fill the first. A corpus of fewer speakers than folds is spread
    over all of them: folds that take two neighbours each then test one of its speakers at a time.

    Raises:
        SplitError: fewer than two folds, or fewer known speakers than folds.
    """
    ordered = speakers_in_order(manifest)
    known = sum(map(len, ordered.values()))
    if k < 2 or known < k:
        raise SplitError(
            f"{known} known speakers cannot make {k} folds.",
            "Ask for at least two folds and at most as many as there are speakers; of a recipe "
            "that is split.parts.",
        )
    fold = {row.speaker_id: -1 for row in manifest}
    for corpus, speakers in ordered.items():
        first = int(digest(corpus), 16) % k
        apart = max(k / len(speakers), 1)
        fold.update({speaker: (first + int(i * apart)) % k for i, speaker in enumerate(speakers)})
    return fold


def folds(manifest: Manifest, k: int = 5) -> list[Split]:
    """Splits whose tests together hold every known speaker once; validation is the next fold.

    Raises:
        SplitError: as ``fold_of_speaker``.
    """
    fold = fold_of_speaker(manifest, k)

    def split(test: int) -> Split:
        place = {test: TEST, (test + 1) % k: VALIDATION} if k > 2 else {test: TEST}
        return Split.of(manifest, lambda row: place.get(fold[row.speaker_id], TRAIN))

    return [split(test) for test in range(k)]


def leave_one_speaker_out(
    manifest: Manifest, corpus: str | None = None, validation: float = 0.1
) -> Iterator[tuple[str, Split]]:
    """Each speaker in turn as the test, and the others to learn from.

    Args:
        manifest: the rows.
        corpus: only speakers of this corpus are left out in turn; the others always train.
        validation: share of the remaining speakers that validates.

    Yields:
        The speaker and the split.

    Raises:
        SplitError: fewer than two known speakers to leave out.
    """
    speakers = sorted(
        {
            row.speaker_id
            for row in manifest
            if row.speaker_known and row.kind == "speech" and corpus in (None, row.corpus)
        }
    )
    if len(speakers) < 2:
        raise SplitError(
            f"{corpus or 'The manifest'} has {len(speakers)} known speakers; leaving one out "
            "needs two.",
            "Read more of it.",
        )
    for speaker in speakers:
        rest = Manifest(row for row in manifest if row.speaker_id != speaker)
        test = Manifest(row for row in manifest if row.speaker_id == speaker)
        yield speaker, _held_out(rest, test, validation)


def leave_corpus_out(manifest: Manifest, corpus: str, validation: float = 0.1) -> Split:
    """One corpus's known speakers as the test, and the other corpora to learn from.

    Its unknown speakers are in no part: training on them would teach the corpus.

    Raises:
        SplitError: the corpus, or any other, has nothing in the manifest.
    """
    test = Manifest(row for row in manifest if row.corpus == corpus and row.speaker_known)
    rest = Manifest(row for row in manifest if row.corpus != corpus)
    if not test or not rest:
        raise SplitError(
            f"{corpus} cannot be left out: {len(test)} of its recordings have known speakers, and "
            f"{len(rest)} recordings are of other corpora.",
            f"The manifest holds {', '.join(sorted({row.corpus for row in manifest})) or 'none'}.",
        )
    return _held_out(rest, test, validation)


def leaky(
    manifest: Manifest, seed: int = 0, shares: tuple[float, float, float] = (0.8, 0.1, 0.1)
) -> Split:
    """A random split of recordings, **for comparison only**: it shares speakers between its parts.

    Many published figures come from such a split, and they say more about remembering voices than
    about strangers. Unknown speakers train, as everywhere.
    """

    def order(row: Utterance) -> str:
        return digest(f"{seed}/{row.speaker_id}/{row.path.name}")

    ordered = sorted((row for row in manifest if row.speaker_known), key=order)
    first, second = round(len(ordered) * shares[0]), round(len(ordered) * sum(shares[:2]))
    unknown = [row for row in manifest if not row.speaker_known]
    return Split(
        Manifest(ordered[:first] + unknown),
        Manifest(ordered[first:second]),
        Manifest(ordered[second:]),
    )


def _held_out(rest: Manifest, test: Manifest, share: float) -> Split:
    parts = [1 - Fraction(share).limit_denominator(10_000)]
    parts += [1 - parts[0]]
    place: dict[str, int] = {}
    for speakers in speakers_in_order(rest).values():
        place.update(zip(speakers, deal(len(speakers), parts), strict=True))
    split = Split.of(rest, lambda row: place.get(row.speaker_id, TRAIN))
    return Split(split.train, split.validation, test)
