"""Which recordings a figure is over: a corpus, all corpora of single words, all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voxtrait.evaluation.scored import Scored

__all__ = ["ALL", "WORDS", "asking", "corpora_of_words", "pools"]

ALL = "all"
WORDS = "words"  # the corpora in which digits are spoken, with the other words that they have


def pools(rows: Iterable[Scored], trait: str) -> dict[str, list[Scored]]:
    """Rows with a truth for the trait, by pool, in the order in which a report has them.

    Of digits the corpora of single words come first, pooled and one by one: sentences are told
    from digits by their length alone, so that a figure over them all would say little of words.

    Args:
        rows: scored recordings.
        trait: name of a trait.

    Returns:
        Name of a corpus, `WORDS` or `ALL` to rows; the pools only where they are of several.
    """
    kept = [row for row in rows if trait in row.utterance.labels]
    corpora: dict[str, list[Scored]] = {}
    for row in kept:
        corpora.setdefault(row.utterance.corpus, []).append(row)
    together = {ALL: kept} if len(corpora) > 1 else {}
    if trait != "digit":
        return {**together, **corpora}
    of_words = corpora_of_words(kept)
    first = {name: corpora[name] for name in corpora if name in of_words}
    found = {WORDS: [row for row in kept if row.utterance.corpus in of_words]}
    if len(first) == len(corpora):
        together = {}  # it would be the same once more
    return {**(found if len(first) > 1 else {}), **first, **corpora, **together}


def asking(rows: Sequence[Scored], trait: str) -> list[Scored]:
    """Rows that groups are made of: of digits those of corpora of words, where there are some."""
    of_words = corpora_of_words(rows) if trait == "digit" else set()
    return [row for row in rows if not of_words or row.utterance.corpus in of_words]


def corpora_of_words(rows: Sequence[Scored]) -> set[str]:
    """Corpora in which somebody says a digit."""
    return {
        row.utterance.corpus
        for row in rows
        if row.utterance.labels.get("digit", NOT_A_DIGIT) != NOT_A_DIGIT
    }
