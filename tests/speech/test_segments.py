"""Which seconds are speech, by the fake detector: whatever is louder than an RMS of 0.01."""

from __future__ import annotations

import itertools
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from voxtrait.errors import WrongModel
from voxtrait.model_file import ModelFile, with_card
from voxtrait.speech import SAMPLE_RATE, Passage, Segment, SpeechDetector, SpeechStream
from voxtrait.testing import fake_detector, fake_model

DETECTOR = SpeechDetector(ModelFile.load(fake_detector()))


def recording(seconds: float, *voiced: tuple[float, float]) -> NDArray[np.float32]:
    """Silence with a loud noise from each start to each end, in seconds."""
    waveform = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    for start, end in voiced:
        part = waveform[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
        part[:] = np.random.default_rng(5).normal(0, 0.1, len(part))
    return waveform


def times(segments: list[Segment]) -> list[tuple[float, float]]:
    return [(round(each.start_s, 2), round(each.end_s, 2)) for each in segments]


def near(segments: list[Segment], *expected: tuple[float, float]) -> bool:
    """Whether segments start and end where they should, within two frames."""
    return len(segments) == len(expected) and np.allclose(times(segments), expected, atol=0.02)


def test_silence_has_no_speech() -> None:
    assert DETECTOR.segments(recording(2.0)) == []


def test_an_empty_waveform_has_neither_frames_nor_speech() -> None:
    assert len(DETECTOR.probabilities(recording(0.0))) == 0
    assert DETECTOR.segments(recording(0.0)) == []


def test_speech_has_a_margin_on_each_side() -> None:
    assert near(DETECTOR.segments(recording(2.0, (0.5, 1.0))), (0.45, 1.05))


def test_a_margin_ends_with_the_recording() -> None:
    waveform = recording(0.5, (0.0, 0.5))
    assert times(DETECTOR.segments(waveform)) == [(0.0, 0.5)]


def test_a_short_gap_is_closed_and_a_long_one_is_not() -> None:
    short = recording(3.0, (0.5, 1.0), (1.15, 1.6))
    long = recording(3.0, (0.5, 1.0), (1.3, 1.6))
    assert near(DETECTOR.segments(short), (0.45, 1.65))
    assert near(DETECTOR.segments(long), (0.45, 1.05), (1.25, 1.65))


def test_a_click_is_no_speech() -> None:
    assert DETECTOR.segments(recording(1.0, (0.5, 0.54))) == []


def test_speech_goes_on_a_little_below_the_threshold_but_does_not_start_there() -> None:
    # The threshold is an RMS of 0.010; 0.1 less of probability is an RMS of about 0.0095.
    waveform = recording(2.0, (0.5, 1.0))
    tone = 0.0096 * np.sqrt(2) * np.sin(2 * np.pi * 1000 * np.arange(8000) / SAMPLE_RATE)
    alone = np.zeros(32_000, np.float32)
    alone[16_000:24_000] = tone
    waveform[16_000:24_000] = tone
    assert DETECTOR.segments(alone) == []
    assert near(DETECTOR.segments(waveform), (0.45, 1.55))


@pytest.mark.parametrize(
    ("seconds", "heard"), [(1.5, True), (1.51, False), (8.0, False), (12.0, False)]
)
def test_what_is_hardly_speech_counts_only_in_what_may_be_one_word(
    seconds: float, heard: bool
) -> None:
    data = fake_detector()
    card = replace(ModelFile.load(data).card, sure=0.9)
    detector = SpeechDetector(ModelFile.load(with_card(data, card)))
    tone = 0.0101 * np.sqrt(2) * np.sin(2 * np.pi * 1000 * np.arange(8000) / SAMPLE_RATE)
    waveform = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    waveform[4_000:12_000] = tone
    assert bool(detector.segments(waveform)) == heard
    waveform[4_000:12_000] = 3 * tone
    assert near(detector.segments(waveform), (0.2, 0.8))


def tone_of(probability: float) -> np.ndarray:
    """Half a second that the detector is so sure of."""
    beat = np.sqrt(2) * np.sin(2 * np.pi * 1000 * np.arange(8000) / SAMPLE_RATE)
    for level in np.linspace(0.009, 0.02, 200):
        tone = (level * beat).astype(np.float32)
        if np.median(DETECTOR.probabilities(tone)) >= probability:
            return tone
    raise AssertionError(f"no tone reaches {probability}")


def strict() -> SpeechDetector:
    """A detector that is surer of longer recordings."""
    data = fake_detector()
    return SpeechDetector(
        ModelFile.load(with_card(data, replace(ModelFile.load(data).card, sure=0.95)))
    )


@pytest.mark.parametrize(("seconds", "heard"), [(1.6, True), (10.0, True), (10.1, False)])
def test_a_word_alone_in_silence_need_not_be_as_sure(seconds: float, heard: bool) -> None:
    waveform = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    waveform[8_000:16_000] = tone_of(0.65)
    assert bool(strict().segments(waveform)) == heard
    waveform[8_000:16_000] = tone_of(0.55)
    assert strict().segments(waveform) == []


def test_a_word_is_not_alone_where_there_is_more_to_hear() -> None:
    hum = 0.001 * np.sin(2 * np.pi * 100 * np.arange(48_000, dtype=np.float32) / SAMPLE_RATE)
    hum = hum.astype(np.float32)
    word = np.zeros_like(hum)
    word[8_000:16_000] = tone_of(0.85)
    assert strict().segments(word + hum) == []
    assert strict().segments(word + 0.1 * hum) != []


@pytest.mark.parametrize(("seconds", "heard"), [(1.2, True), (1.35, False)])
def test_a_word_alone_is_short(seconds: float, heard: bool) -> None:
    waveform = np.zeros(8 * SAMPLE_RATE, np.float32)
    waveform[16_000 : 16_000 + round(seconds * SAMPLE_RATE)] = np.tile(tone_of(0.85), 3)[
        : round(seconds * SAMPLE_RATE)
    ]
    assert bool(strict().segments(waveform)) == heard


@pytest.mark.parametrize(("off", "found"), [(4.6, 2), (5.7, 1)])
def test_a_softer_word_counts_within_five_seconds(off: float, found: int) -> None:
    waveform = np.zeros(20 * SAMPLE_RATE, np.float32)
    for start, probability in ((2.0, 0.97), (2.0 + off, 0.6)):
        first = round(start * SAMPLE_RATE)
        waveform[first : first + 8_000] = tone_of(probability)
    assert len(strict().segments(waveform)) == found


def test_softer_words_count_beside_a_sure_one() -> None:
    waveform = np.zeros(20 * SAMPLE_RATE, np.float32)
    for start, probability in ((1.0, 0.6), (4.0, 0.97), (7.0, 0.6), (15.0, 0.6)):
        first = round(start * SAMPLE_RATE)
        waveform[first : first + 8_000] = tone_of(probability)
    assert near(strict().segments(waveform), (0.95, 1.55), (3.95, 4.55), (6.95, 7.55))


@pytest.mark.parametrize("seconds", [9.99, 10.0, 10.001, 10.5, 19.0, 19.01, 28.7])
def test_a_long_recording_has_one_frame_every_10_ms(seconds: float) -> None:
    waveform = recording(seconds, (2.0, 3.0), (9.2, 9.8))
    probabilities = DETECTOR.probabilities(waveform)
    assert len(probabilities) == 1 + len(waveform) // 160
    loud = np.flatnonzero(probabilities > 0.5) / 100
    assert set(np.round(loud)) == {2, 3, 9, 10}


def test_a_recording_of_10_s_is_asked_about_at_once_and_a_longer_one_in_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    ask = SpeechDetector.ask
    monkeypatch.setattr(
        SpeechDetector, "ask", lambda self, w: (asked.append(len(w)), ask(self, w))[1]
    )
    DETECTOR.probabilities(recording(10.0))
    assert asked == [160_000]
    asked.clear()
    DETECTOR.probabilities(recording(10.1))
    assert asked == [160_000, 160_000]


voices = st.lists(st.floats(0.0, 4.0), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None)
@given(lengths=voices, pushes=st.lists(st.integers(1, 60_000), min_size=1, max_size=5))
def test_a_stream_finds_what_the_whole_has(lengths: list[float], pushes: list[int]) -> None:
    pieces = [recording(each, (0, each) if i % 2 else (0, 0)) for i, each in enumerate(lengths)]
    waveform = np.concatenate(pieces)
    stream = SpeechStream(DETECTOR)
    found: list[Passage] = []
    place = turn = 0
    while place < len(waveform):
        step = pushes[turn % len(pushes)]
        found += stream.push(waveform[place : place + step])
        place, turn = place + step, turn + 1
    found += stream.finish()
    assert [passage.segment for passage in found] == DETECTOR.segments(waveform)
    assert stream.duration == len(waveform) / SAMPLE_RATE
    for passage in found:
        around = waveform[passage.start - passage.before : passage.end + 2400]
        np.testing.assert_array_equal(passage.waveform, around)
        np.testing.assert_array_equal(passage.speech, waveform[passage.start : passage.end])


def test_endless_speech_comes_in_passages_of_30_s_without_a_gap() -> None:
    segments = DETECTOR.segments(recording(70.0, (0.0, 70.0)))
    assert segments[0].start_s == 0
    assert segments[-1].end_s == 70
    assert [round(each.seconds) for each in segments] == [30, 30, 10]
    assert all(a.end_s == b.start_s for a, b in itertools.pairwise(segments))


def test_memory_stays_the_same_however_long_the_stream() -> None:
    block = recording(10.0, (1.0, 9.95))

    def peak(blocks: int) -> int:
        stream = SpeechStream(DETECTOR)
        tracemalloc.start()
        for _ in range(blocks):
            stream.push(block)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(40) < peak(10) + 1_000_000


def test_a_model_of_traits_is_no_detector() -> None:
    with pytest.raises(WrongModel, match="is of kind traits at 16000 Hz"):
        SpeechDetector(ModelFile.load(fake_model()))
