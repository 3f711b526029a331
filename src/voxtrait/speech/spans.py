"""From a probability a frame to spans of speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Rules", "Span", "Spans"]


# Named tuples, here and elsewhere inside: a dataclass takes 1 ms of every start to define.
class Rules(NamedTuple):
    """When frames are speech; the first three are probabilities, the others frames.

    Args:
        high: a run of frames is speech where one of them reaches this probability,
        fair: or this one, no more than ``near`` from one that reaches ``high``: where somebody
            surely speaks, what sounds a little like a voice is one;
        low: and it reaches as far as they stay at or above this one.
        near: see ``fair``.
        gap: runs nearer than this are one span.
        least: a span with fewer frames of speech is none.
        longest: a span is cut here, so that it can be handed on before an endless one ends.
    """

    high: float
    fair: float
    low: float
    near: int
    gap: int
    least: int
    longest: int


class Span(NamedTuple):
    """Frames ``start`` to before ``end``; ``goes_on`` where the next span starts at once."""

    start: int
    end: int
    goes_on: bool = False
    went_on: bool = False


class Waiting(NamedTuple):
    """A run that is over and will be speech if a sure frame follows soon on its last fair one."""

    start: int
    end: int
    fair: int


class Spans:
    """Frames in, spans out, the same however the frames are divided into pushes."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._seen = 0
        self._run: int | None = None  # start of the run of frames above `low` that is going on
        self._sure = False  # whether that run is speech
        self._last_fair: int | None = None  # of that run
        self._last_high: int | None = None  # of all
        self._waiting: list[Waiting] = []
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
        high, fair = probabilities >= self.rules.high, probabilities >= self.rules.fair
        # Here and below np.flatnonzero gives the same and takes five times as long.
        flips = (above[1:] != above[:-1]).nonzero()[0] + 1
        if above[0] != (self._run is not None):
            flips = np.concatenate([[0], flips])
        first = 0
        for place in [*flips.tolist(), len(above)]:
            if self._run is not None:
                found += self._look_for_speech(high, fair, first, place)
                found += self._cut_long(self._seen + place)
            first = place
            if place < len(above):
                found += self._flip(self._seen + place)
        self._seen += len(above)
        self._waiting = [run for run in self._waiting if self._seen - run.fair <= self.rules.near]
        return found + self._give_settled()

    def finish(self) -> list[Span]:
        """Give the span that the end of the stream completes, if there is one."""
        found = self._flip(self._seen) if self._run is not None else []
        return found + self._give()

    def _look_for_speech(
        self, high: NDArray[np.bool_], fair: NDArray[np.bool_], first: int, end: int
    ) -> list[Span]:
        """Whether frames of the run that is going on make it speech, or those waiting before it."""
        found: list[Span] = []
        likely = fair[first:end].nonzero()[0]
        if len(likely):
            place = self._seen + first + int(likely[0])
            if self._last_high is not None and place - self._last_high <= self.rules.near:
                self._is_speech(place)
            self._last_fair = self._seen + first + int(likely[-1])
        sure = high[first:end].nonzero()[0]
        if len(sure):
            place = self._seen + first + int(sure[0])
            found = self._accept_waiting(place)
            self._is_speech(place)
            self._last_high = self._seen + first + int(sure[-1])
        return found

    def _is_speech(self, place: int) -> None:
        """The run that is going on is speech, by its frame ``place``."""
        if self._run is not None and not self._sure:
            self._sure = True
            # What is hardly speech for longer than a whole span does not lead up to speech.
            self._run = max(self._run, place - self.rules.longest)

    def _accept_waiting(self, place: int) -> list[Span]:
        """Runs with a fair frame shortly before the sure frame ``place`` are speech."""
        found: list[Span] = []
        going_on = self._run, self._sure
        for waiting in self._waiting:
            if place - waiting.fair <= self.rules.near:
                self._run, self._sure = waiting.start, True
                found += self._cut_long(waiting.end)
                found += self._take(self._run, waiting.end)
        self._waiting = []
        self._run, self._sure = going_on
        return found

    def _next_start(self) -> int:
        """The first frame where a run of speech that is not complete yet may start."""
        if self._waiting:
            return self._waiting[0].start
        if self._run is None:
            return self._seen
        return self._run if self._sure else max(self._run, self._seen - self.rules.longest)

    def _flip(self, place: int) -> list[Span]:
        """A run starts or ends before frame ``place``."""
        if self._run is None:
            self._run, self._sure, self._last_fair = place, False, None
            return []
        start, self._run = self._run, None
        if self._sure:
            return self._take(start, place)
        if self._last_fair is not None:
            start = max(start, place - self.rules.longest)
            self._waiting.append(Waiting(start, place, self._last_fair))
        return []

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
