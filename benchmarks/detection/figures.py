"""From rows to figures with intervals over speakers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from detection.hearing import SURES
from detection.measure import OURS, Row

__all__ = [
    "LEAST_NOISE",
    "MOST_REFUSED",
    "SPARE",
    "Choice",
    "Share",
    "agreement",
    "choose",
    "frames",
    "grouped",
    "is_noise",
    "refused",
    "share",
    "silent",
]

T = TypeVar("T")
DRAWS = 1_000
LEAST_NOISE = 0.95  # goal: of noise clips without a human voice that give no answer
MOST_REFUSED = 0.01  # goal: of spoken clips that are refused
SPARE = 0.5  # how much of `MOST_REFUSED` may be refused on the side that chooses


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval over speakers.

    Args:
        value, low, high: 0 to 1; NaN of nothing.
        part, whole: what was counted.
        speakers: how many; for noises, source recordings.
    """

    value: float
    low: float
    high: float
    part: int
    whole: int
    speakers: int


def share(pairs: Iterable[tuple[str, int, int]]) -> Share:
    """A share of counts, by bootstrap over speakers (Efron, 1979).

    Where every speaker has all or none, no draw differs; the far end then is 3 / speakers away,
    the rule of three for an event that was never seen (Hanley and Lippman-Hand, 1983).

    Args:
        pairs: speaker, part and whole of each recording.
    """
    by_speaker: dict[str, list[int]] = {}
    for speaker, part, whole in pairs:
        sums = by_speaker.setdefault(speaker, [0, 0])
        sums[0] += part
        sums[1] += whole
    table = np.array(list(by_speaker.values()), float).reshape(-1, 2)
    part, whole = (int(total) for total in table.sum(axis=0))
    count = len(table)
    if not whole:
        return Share(np.nan, np.nan, np.nan, part, whole, count)
    value = part / whole
    if part in (0, whole):
        margin = min(1.0, 3 / count)
        return Share(value, max(0.0, value - margin), min(1.0, value + margin), part, whole, count)
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=DRAWS) @ table
    drawn = drawn[drawn[:, 1] > 0]
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    return Share(value, float(low), float(high), part, whole, count)


def grouped(rows: Iterable[T], key: Callable[[T], str]) -> list[tuple[str, list[T]]]:
    """The rows by what they are called, in the order of the names."""
    groups: dict[str, list[T]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return sorted(groups.items())


def frames(rows: Iterable[Row], condition: str, detector: str = OURS) -> dict[str, Share]:
    """Error, hit rate and false alarms of frames: shares of all, of speech, of the rest."""
    error, hits, alarms = [], [], []
    for row in rows:
        counts = row.counts.get(condition, {}).get(detector)
        if counts is None:
            continue
        hit, speech, alarm, other = counts
        error.append((row.speaker, speech - hit + alarm, speech + other))
        hits.append((row.speaker, hit, speech))
        alarms.append((row.speaker, alarm, other))
    return {"error": share(error), "hits": share(hits), "alarms": share(alarms)}


def agreement(rows: Iterable[Row], detector: str) -> Share:
    """Frames on which another detector says the same as ours."""
    return share((r.speaker, *r.agreed[detector]) for r in rows if detector in r.agreed)


def is_noise(row: Row) -> bool:
    """A noise that the goal counts: no music, no room, nobody's voice in it."""
    return row.kind == "noise" and not row.human


def silent(rows: Iterable[Row]) -> Share:
    """Recordings that give no answer to any trait."""
    return share((row.speaker, int(not row.answered), 1) for row in rows)


def refused(rows: Iterable[Row], traits: Sequence[str]) -> Share:
    """Usable spoken recordings without an answer to any of some traits."""
    return share((r.speaker, int(not set(traits) & set(r.answered)), 1) for r in rows)


@dataclass(frozen=True)
class Choice:
    """What the card's ``sure`` does on one side.

    Args:
        sure: probability that some frame of a passage reaches, in recordings over 1.5 s.
        noise: noise clips without an answer.
        refused: usable spoken clips without an answer.
        telephone: of those too long to be one word, those without an answer down a telephone.
    """

    sure: float
    noise: Share
    refused: Share
    telephone: Share


def choose(rows: Sequence[Row], least: float) -> tuple[Choice, list[Choice]]:
    """The card's ``sure``, and what every value of it does.

    The surer a detector has to be, the fewer noises pass and the more speech is refused. So it is
    the surest of those that refuse at most half of what may be refused, as recorded and, of what is
    too long to be one word, down a telephone; where none does, or nobody speaks, the least sure.

    Args:
        rows: of the validation side only: the test side must not choose.
        least: seconds of speech from which there is an answer.
    """
    noises = [row for row in rows if is_noise(row)]
    spoken = [row for row in rows if row.kind == "speech" and not row.fault]
    choices = [
        Choice(
            level,
            _below(least, [(row, row.heard[at]) for row in noises]),
            _below(least, [(row, row.heard[at]) for row in spoken]),
            _below(least, [(row, row.telephone[at]) for row in spoken if row.telephone]),
        )
        for at, level in enumerate(SURES)
    ]
    spare = [
        choice
        for choice in choices
        if choice.refused.whole and max(_refused(choice)) <= SPARE * MOST_REFUSED
    ]
    return (spare[-1] if spare else choices[0]), choices


def _refused(choice: Choice) -> list[float]:
    return [side.value for side in (choice.refused, choice.telephone) if side.whole]


def _below(least: float, heard: Iterable[tuple[Row, float]]) -> Share:
    return share((row.speaker, int(seconds < least), 1) for row, seconds in heard)
