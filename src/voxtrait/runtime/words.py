"""Passages of speech put together into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voxtrait.runtime.windows import WindowCutter
from voxtrait.speech import SAMPLE_RATE, SURROUNDINGS, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LONGEST_WORD", "Word", "WordCutter", "whole_word"]

LONGEST_WORD = round(1.5 * SAMPLE_RATE)


class Word(NamedTuple):
    """One word, or what is too long to be one.

    Args:
        start: its first sample, counted from the recording's beginning.
        end: the sample after its last.
        pieces: what the network is asked about, each ``[samples]`` at 16 kHz: the word with 0.15 s
            on either side, silence where the recording has less to give; or, of what is too long,
            windows as long as the longest word.
    """

    start: int
    end: int
    pieces: tuple[NDArray[np.float32], ...]

    @property
    def too_long(self) -> bool:
        """Longer than 1.5 s: no single word."""
        return self.end - self.start > LONGEST_WORD


class WordCutter:
    """Passages in, words out, each passage one: the detector closes the gaps inside a word.

    A word keeps up to 0.15 s of its surroundings on each side, never more than half the way to the
    next.
    """

    def __init__(self) -> None:
        self._open: Passage | None = None
        self._before = SURROUNDINGS  # how much of the open word's surroundings are its own

    def push(self, passage: Passage) -> list[Word]:
        """Go on with a passage, and give the word that it shows to be complete."""
        if self._open is None:
            self._open = passage
            return []
        pause = passage.start - self._open.end
        word = self._word(self._open, pause // 2)
        self._open, self._before = passage, min(SURROUNDINGS, pause // 2)
        return [word]

    def finish(self) -> list[Word]:
        """Give the last word."""
        if self._open is None:
            return []
        return [self._word(self._open, SURROUNDINGS)]

    def _word(self, passage: Passage, after: int) -> Word:
        start, end = passage.start, passage.end
        if end - start > LONGEST_WORD:
            cutter = WindowCutter(LONGEST_WORD, LONGEST_WORD)
            return Word(start, end, (*cutter.push(passage.speech), *cutter.finish()))
        first = passage.before - min(self._before, passage.before)
        stop = passage.before + end - start
        piece = passage.waveform[first : stop + min(after, SURROUNDINGS)]
        return Word(start, end, (_surrounded(piece, passage.before - first, stop - first),))


def whole_word(passages: list[Passage], waveform: NDArray[np.float32]) -> list[Word]:
    """The one word of a recording that is no longer than a word, first speech to last.

    Args:
        passages: all of its speech.
        waveform: all of it, ``[samples]`` at 16 kHz.
    """
    if not passages:
        return []
    start, end = passages[0].start, passages[-1].end
    first = max(0, start - SURROUNDINGS)
    piece = waveform[first : end + SURROUNDINGS]
    return [Word(start, end, (_surrounded(piece, start - first, end - first),))]


def _surrounded(piece: NDArray[np.float32], start: int, end: int) -> NDArray[np.float32]:
    """Silence around a piece whose word lies at ``start`` to ``end``, up to the full surroundings.

    A recording cut close would else be heard as a word without its beginning.
    """
    before, behind = SURROUNDINGS - start, max(0, SURROUNDINGS - (len(piece) - end))
    # np.pad gives the same and takes six times as long.
    made = np.zeros(before + len(piece) + behind, np.float32)
    made[before : before + len(piece)] = piece
    return made
