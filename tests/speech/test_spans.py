"""Frames become spans the same way however they are divided."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from voxtrait.speech.spans import Rules, Span, Spans

RULES = Rules(high=0.8, fair=0.5, low=0.35, near=30, gap=4, least=3, longest=20)
frames = st.lists(
    st.tuples(st.sampled_from([0.0, 0.4, 0.6, 0.9]), st.integers(1, 30)), min_size=1, max_size=12
)


def spans(*runs: tuple[float, int]) -> list[Span]:
    """Spans of runs of frames, each a probability and how many."""
    found = Spans(RULES)
    return found.push(sequence(list(runs))) + found.finish()


def sequence(runs: list[tuple[float, int]]) -> np.ndarray:
    return np.concatenate([np.full(count, value, np.float32) for value, count in runs])


def test_what_reaches_the_high_mark_reaches_as_far_as_the_low_one() -> None:
    assert spans((0, 5), (0.4, 3), (0.9, 2), (0.4, 3), (0, 9)) == [Span(5, 13)]
    assert spans((0, 5), (0.4, 8), (0, 9)) == []


def test_a_fair_run_is_speech_where_a_sure_one_is_near_before_or_behind_it() -> None:
    sure, fair = (0.9, 5), (0.6, 5)
    assert spans(fair, (0, 40)) == []
    assert spans(fair, (0, 20), sure, (0, 20), fair) == [Span(0, 5), Span(25, 30), Span(50, 55)]
    assert spans(fair, (0, 40), sure, (0, 40), fair) == [Span(45, 50)]
    # Near is counted from the sure frame, not from what was speech for its sake.
    assert spans(sure, (0, 20), fair, (0, 20), fair) == [Span(0, 5), Span(25, 30)]


def test_what_may_become_speech_is_still_open() -> None:
    found = Spans(RULES)
    assert found.push(sequence([(0, 10), (0.6, 5), (0, 20)])) == []
    assert found.open_since == 10
    assert found.push(sequence([(0, 11)])) == []
    assert found.open_since == 46


def test_near_is_counted_from_the_fair_frame_both_ways() -> None:
    hum = (0.4, 100)
    assert spans((0.6, 5), hum, (0, 5), (0.9, 5)) == [Span(110, 115)]
    assert spans((0.9, 5), (0, 5), hum, (0.6, 5)) == [Span(0, 5)]
    assert spans((0.9, 1), (0.4, 1), (0.9, 1), (0.4, 16), (0.9, 1), (0, 25), (0.6, 5))[1:] != []


def test_a_long_run_that_waited_keeps_its_end() -> None:
    assert spans((0.6, 45), (0, 10), (0.9, 5)) == [Span(25, 45), Span(55, 60)]


def test_a_run_that_waited_is_cut_where_it_joins_a_long_span() -> None:
    found = spans((0.9, 1), (0.4, 34), (0, 2), (0.6, 10), (0, 5), (0.9, 5))
    assert all(span.end - span.start <= RULES.longest for span in found)


def test_near_runs_are_one_span_and_far_ones_two() -> None:
    assert spans((0.9, 5), (0, 3), (0.9, 5)) == [Span(0, 13)]
    assert spans((0.9, 5), (0, 4), (0.9, 5)) == [Span(0, 5), Span(9, 14)]


def test_a_span_needs_enough_frames_of_speech_not_counting_gaps() -> None:
    assert spans((0.9, 1), (0, 3), (0.9, 1), (0, 9)) == []
    assert spans((0.9, 2), (0, 3), (0.9, 1), (0, 9)) == [Span(0, 6)]


def test_a_long_span_is_cut() -> None:
    assert spans((0.9, 45)) == [
        Span(0, 20, goes_on=True),
        Span(20, 40, goes_on=True, went_on=True),
        Span(40, 45, went_on=True),
    ]


def test_the_short_end_of_a_cut_span_is_kept() -> None:
    assert spans((0.9, 21), (0, 9))[1] == Span(20, 21, went_on=True)


def test_what_is_hardly_speech_for_long_does_not_lead_up_to_speech() -> None:
    assert spans((0.4, 100), (0.9, 3), (0, 9))[0].start == 80


@settings(max_examples=300, deadline=None)
@given(runs=frames, cuts=st.lists(st.integers(0, 200), max_size=10))
def test_spans_do_not_depend_on_how_frames_are_pushed(
    runs: list[tuple[float, int]], cuts: list[int]
) -> None:
    probabilities = sequence(runs)
    pieces = Spans(RULES)
    found = []
    for part in np.split(probabilities, sorted(min(c, len(probabilities)) for c in cuts)):
        found += pieces.push(part)
    assert found + pieces.finish() == spans(*runs)


@settings(max_examples=300, deadline=None)
@given(runs=frames)
def test_spans_rise_are_bounded_and_hold_every_frame_above_the_high_mark(
    runs: list[tuple[float, int]],
) -> None:
    probabilities = sequence(runs)
    found = spans(*runs)
    inside = np.zeros(len(probabilities), bool)
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start
        assert before.goes_on == after.went_on == (before.end == after.start)
    for span in found:
        assert 0 < span.end - span.start <= RULES.longest
        inside[span.start : span.end] = True
    high = np.flatnonzero((probabilities >= RULES.high) & ~inside)
    # Only what is too short to be speech is left out.
    runs_outside = np.split(high, np.flatnonzero(np.diff(high) > RULES.gap) + 1)
    assert all(len(run) < RULES.least for run in runs_outside)
