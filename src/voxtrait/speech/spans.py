"""From a probability a frame to spans of speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Rules", "Span", "Spans"]


# Named tuples, here and elsewhere inside: a dataclass takes 1 ms of every start to define.
class Rules(NamedTuple):
    """When frames are speech; all but the first two in frames.

    Args:
        high: a run of frames is speech where one of them reaches this probability,
        low: and it reaches as far as they stay at or above this one.
        gap: runs nearer than this are one span.
        least: a span with fewer frames of speech is none.
        longest: a span is cut here, so that it can be handed on before an endless one ends.
    """

    high: float
    low: float
    gap: int
    least: int
    longest: int


class Span(NamedTuple):
    """Frames ``start`` to before ``end``; ``goes_on`` where the next span starts at once."""

    start: int
    end: int
    goes_on: bool = False
    went_on: bool = False


class Spans:
    """Frames in, spans out, the same however the frames are divided into pushes."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._seen = 0
        self._run: int | None = None  # start of the run of frames above `low` that is going on
        self._sure = False  # whether a frame of that run has reached `high`
        self._span: tuple[int, int, int] | None = None  # start, end, frames of speech
        self._went_on = False

    @property
    def open_since(self) -> int:
        """The first frame that may still become part of a span; those to come start here."""
        return self._next_start() if self._span is None else self._span[0]

    def push(self, probabilities: NDArray[np.float32]) -> list[Span]:
        """Go on with further frames, ``[frames]``, and give the spans they complete."""
        found: list[Span] = []
        if not len(probabilities):
            return found
        above = probabilities >= self.rules.low
        high = probabilities >= self.rules.high
        flips = np.flatnonzero(above[1:] != above[:-1]) + 1
        if above[0] != (self._run is not None):
            flips = np.concatenate([[0], flips])
        first = 0
        for place in [*flips.tolist(), len(above)]:
            if self._run is not None:
                self._look_for_speech(high, first, place)
                found += self._cut_long(self._seen + place)
            first = place
            if place < len(above):
                found += self._flip(self._seen + place)
        self._seen += len(above)
        return found + self._give_settled()

    def finish(self) -> list[Span]:
        """Give the span that the end of the stream completes, if there is one."""
        found = self._flip(self._seen) if self._run is not None else []
        return found + self._give()

    def _look_for_speech(self, high: NDArray[np.bool_], first: int, end: int) -> None:
        if self._run is None or self._sure or not high[first:end].any():
            return
        self._sure = True
        # What is hardly speech for longer than a whole span does not lead up to speech.
        place = self._seen + first + int(high[first:end].argmax())
        self._run = max(self._run, place - self.rules.longest)

    def _next_start(self) -> int:
        """The first frame where a run of speech that is not complete yet may start."""
        if self._run is None:
            return self._seen
        return self._run if self._sure else max(self._run, self._seen - self.rules.longest)

    def _flip(self, place: int) -> list[Span]:
        """A run starts or ends before frame ``place``."""
        if self._run is None:
            self._run, self._sure = place, False
            return []
        start, self._run = self._run, None
        return self._take(start, place) if self._sure else []

    def _take(self, start: int, end: int) -> list[Span]:
        """Join a run of speech to the span before it, or complete that and begin another."""
        if self._span is not None and start - self._span[1] < self.rules.gap:
            self._span = (self._span[0], end, self._span[2] + end - start)
            return []
        found = self._give()
        self._span = (start, end, end - start)
        return found

    def _cut_long(self, place: int) -> list[Span]:
        found: list[Span] = []
        while self._run is not None and self._sure:
            joins = self._span is not None and self._run - self._span[1] < self.rules.gap
            start = self._span[0] if joins and self._span is not None else self._run
            cut = start + self.rules.longest
            if place <= cut:
                break
            if cut <= self._run:  # the span is full before the run begins that would join it
                found += self._give()
                continue
            found += self._take(self._run, cut)
            found += self._give(goes_on=True)
            self._run, self._went_on = cut, True
        return found

    def _give_settled(self) -> list[Span]:
        """Complete the span that waits, if no run to come can join it."""
        if self._span is None:
            return []
        return self._give() if self._next_start() - self._span[1] >= self.rules.gap else []

    def _give(self, *, goes_on: bool = False) -> list[Span]:
        if self._span is None:
            return []
        (start, end, speech), self._span = self._span, None
        went_on, self._went_on = self._went_on, False
        enough = speech >= self.rules.least or went_on
        return [Span(start, end, goes_on, went_on)] if enough else []
