"""Which passages of speech are one word, and what of them a network is asked about."""

from __future__ import annotations

import numpy as np

from voxtrait.runtime.words import Word, WordCutter, whole_word
from voxtrait.speech import SAMPLE_RATE, Passage

RAMP = 1 + np.arange(10 * SAMPLE_RATE, dtype=np.float32)


def passage(start: float, end: float) -> Passage:
    """Speech of a recording whose samples are their own numbers, from 1."""
    first, last = round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)
    before = max(0, first - 2400)
    return Passage(first, last, first - before, RAMP[before : last + 2400])


def words(*times: tuple[float, float]) -> list[Word]:
    cutter = WordCutter()
    return [w for start, end in times for w in cutter.push(passage(start, end))] + cutter.finish()


def spans(*times: tuple[float, float]) -> list[tuple[float, float]]:
    return [(w.start / SAMPLE_RATE, w.end / SAMPLE_RATE) for w in words(*times)]


def reach(word: Word) -> tuple[float, float]:
    """From where to where the network hears of a word, in seconds; silence fills it up."""
    (piece,) = word.pieces
    assert len(piece) == word.end - word.start + 2 * 2400  # 0.15 s on either side
    heard = np.trim_zeros(piece)
    np.testing.assert_array_equal(np.diff(heard), 1)  # nothing is left out within
    assert piece[2400] == word.start + 1  # each sample at its place
    return (heard[0] - 1) / SAMPLE_RATE, heard[-1] / SAMPLE_RATE


def test_nothing_has_no_words() -> None:
    assert words() == []
    assert whole_word([], RAMP[:100]) == []


def test_each_passage_is_a_word_however_near_the_next() -> None:
    assert spans((1.0, 1.5), (1.6, 2.0), (2.3, 2.5)) == [(1.0, 1.5), (1.6, 2.0), (2.3, 2.5)]


def test_a_word_is_heard_with_its_surroundings() -> None:
    (word,) = words((1.0, 1.5))
    assert reach(word) == (0.85, 1.65)
    (word,) = words((0.05, 0.5))
    assert reach(word) == (0.0, 0.65)


def test_surroundings_reach_half_the_way_to_the_next_word_at_most() -> None:
    first, second = words((1.0, 1.6), (1.8, 2.6))
    assert reach(first) == (0.85, 1.7)
    assert reach(second) == (1.7, 2.75)


def test_what_is_longer_than_a_word_is_heard_in_windows_of_a_word() -> None:
    (word,) = words((1.0, 5.0))
    assert word.too_long
    assert [len(piece) / SAMPLE_RATE for piece in word.pieces] == [1.5, 1.25, 1.25]
    assert not words((1.0, 2.5))[0].too_long


def test_a_short_recording_is_one_word_however_far_apart_its_passages() -> None:
    recording = RAMP[: round(1.4 * SAMPLE_RATE)]
    (word,) = whole_word([passage(0.2, 0.3), passage(0.9, 1.35)], recording)
    assert (word.start, word.end) == (3200, 21_600)
    assert reach(word) == (0.05, 1.4)
