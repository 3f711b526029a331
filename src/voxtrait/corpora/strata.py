"""Speakers sorted into strata and dealt out, the same way on every machine.

A speaker's stratum is (corpus, what the voice is, age group), where the second is the gender if it
is known, else the rarest digit that the speaker says, else the kind of the recording. Within a
stratum speakers are ordered by the SHA-256 of their id; strata follow one another in order of
their names, corpus by corpus. Whatever is dealt along this order is spread evenly over all of them,
and one corpus's share does not depend on which others were read.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from voxtrait.traits import AGE, DIGIT, NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from voxtrait.corpora.utterance import Utterance

__all__ = ["deal", "digest", "speakers_in_order"]

Stratum = tuple[str, str, str]


def speakers_in_order(rows: Iterable[Utterance]) -> dict[str, list[str]]:
    """Known speakers of each corpus, stratum after stratum, by hash within each.

    Noise has no speakers, but its source recordings are ordered in the same way.
    """
    by_speaker: dict[str, list[Utterance]] = defaultdict(list)
    for row in rows:
        if row.speaker_known:
            by_speaker[row.speaker_id].append(row)
    rarity = _speakers_by_digit(by_speaker)
    strata = {speaker: _stratum(own, rarity) for speaker, own in by_speaker.items()}
    ordered: dict[str, list[str]] = defaultdict(list)
    for speaker in sorted(strata, key=lambda speaker: (strata[speaker], digest(speaker))):
        ordered[strata[speaker][0]].append(speaker)
    return ordered


def deal(count: int, shares: list[Fraction]) -> list[int]:
    """Which part each of ``count`` speakers goes to: always the one that lacks most."""
    given = [0] * len(shares)
    dealt = []
    for position in range(1, count + 1):
        lacks = [share * position - have for share, have in zip(shares, given, strict=True)]
        part = lacks.index(max(lacks))
        given[part] += 1
        dealt.append(part)
    return dealt


def digest(text: str) -> str:
    """SHA-256 as hexadecimal digits: an order that no machine, version or seed changes."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _stratum(rows: list[Utterance], rarity: Counter[tuple[str, str]]) -> Stratum:
    corpus = rows[0].corpus
    if rows[0].kind != "speech":
        # Below its corpus, the folder of a noise is its category.
        return corpus, rows[0].kind, rows[0].speaker_id.split("/")[1]
    age = _most_frequent(rows, "age", AGE.labels)
    if gender := _most_frequent(rows, "gender", ("female", "male")):
        return corpus, gender, age
    digits = {row.labels["digit"] for row in rows if "digit" in row.labels} - {NOT_A_DIGIT}
    rarest = min(digits, key=lambda label: (rarity[corpus, label], label), default="")
    return corpus, rarest or rows[0].labels.get("digit", ""), age


def _most_frequent(rows: list[Utterance], trait: str, labels: tuple[str, ...]) -> str:
    counts = Counter(row.labels[trait] for row in rows if trait in row.labels)
    return max(labels, key=lambda label: (counts[label], -labels.index(label))) if counts else ""


def _speakers_by_digit(by_speaker: dict[str, list[Utterance]]) -> Counter[tuple[str, str]]:
    says = {
        (speaker, row.corpus, row.labels["digit"])
        for speaker, rows in by_speaker.items()
        for row in rows
        if row.labels.get("digit") in DIGIT.labels
    }
    return Counter((corpus, label) for _, corpus, label in says)
