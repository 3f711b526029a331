"""How many recordings and speakers a corpus has, of what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voxtrait.corpora.utterance import Utterance

__all__ = ["Count", "Description", "describe"]

NO_LABEL = "(no label)"
UNKNOWN_SPEAKER = "(unknown)"


@dataclass(frozen=True, slots=True)
class Count:
    """How much there is of something.

    Args:
        recordings: rows.
        speakers: speakers known by id. One with two labels, such as two ages years apart, counts
            under both.
        hours: of the recordings whose duration was looked up.
    """

    recordings: int
    speakers: int
    hours: float


@dataclass(frozen=True, slots=True)
class Description:
    """Counts of a manifest.

    Args:
        total: of all.
        tables: heading to label to count. ``corpus``, ``kind``, ``language``, each trait, and
            ``gender, age`` by both; labels in the trait's order, others by size.
    """

    total: Count
    tables: dict[str, dict[str, Count]]

    @property
    def is_timed(self) -> bool:
        """Whether durations were looked up: else 0 hours would be no figure."""
        return self.total.hours > 0

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values, ready for JSON; hours only where durations were looked up."""
        timed = self.is_timed
        return {
            "total": _plain(self.total, timed=timed),
            "tables": {
                heading: {label: _plain(count, timed=timed) for label, count in table.items()}
                for heading, table in self.tables.items()
            },
        }


def describe(rows: Iterable[Utterance]) -> Description:
    """Count recordings, speakers and hours; one pass over the rows."""
    total = _Tally()
    tallies: dict[str, defaultdict[str, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    for row in rows:
        total.add(row)
        for heading, label in _cells(row):
            tallies[heading][label].add(row)
    return Description(
        total.count(),
        {heading: _ordered(heading, table) for heading, table in tallies.items()},
    )


class _Tally:
    def __init__(self) -> None:
        self.recordings = 0
        self.seconds = 0.0
        self.speakers: set[str] = set()

    def add(self, row: Utterance) -> None:
        self.recordings += 1
        self.seconds += row.duration
        if row.speaker_known and row.kind == "speech":
            self.speakers.add(row.speaker_id)

    def count(self) -> Count:
        return Count(self.recordings, len(self.speakers), round(self.seconds / 3600, 4))


def _cells(row: Utterance) -> Iterator[tuple[str, str]]:
    yield "corpus", row.corpus
    yield "kind", row.kind
    yield "speaker", "known" if row.speaker_known else UNKNOWN_SPEAKER
    for trait in TRAITS:
        yield trait, row.labels.get(trait, NO_LABEL)
    pair = [row.labels.get(trait, NO_LABEL) for trait in ("gender", "age")]
    if pair != [NO_LABEL, NO_LABEL]:
        yield "gender, age", ", ".join(pair)
    if row.language:
        yield "language", row.language


def _ordered(heading: str, table: dict[str, _Tally]) -> dict[str, Count]:
    known = TRAITS[heading].labels if heading in TRAITS else ()
    if heading == "gender, age":
        pairs = [
            f"{gender}, {age}"
            for gender in (*TRAITS["gender"].labels, NO_LABEL)
            for age in (*TRAITS["age"].labels, NO_LABEL)
        ]
        known = tuple(pairs)
    place = {label: index for index, label in enumerate(known)}

    def key(label: str) -> tuple[int, int, str]:
        return place.get(label, len(place)), -table[label].recordings, label

    return {label: table[label].count() for label in sorted(table, key=key)}


def _plain(count: Count, *, timed: bool) -> dict[str, Any]:
    hours = {"hours": count.hours} if timed else {}
    return {"recordings": count.recordings, "speakers": count.speakers, **hours}
