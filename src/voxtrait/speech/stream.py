"""Passages of speech cut out of a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from voxtrait.speech.audible import audible_frames
from voxtrait.speech.frames import BLOCK_SECONDS, SAMPLE_RATE, FrameModel, FrameStream
from voxtrait.speech.spans import Rules, Span, Spans
from voxtrait.speech.tape import Tape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SURROUNDINGS", "Passage", "Segment", "SpeechStream"]

# How far below the threshold a frame may fall without ending what was speech.
SLACK = 0.1
GAP_SECONDS = 0.2
NEAR_SECONDS = 5.0
LEAST_SECONDS = 0.08
SHORT_SECONDS = 1.5
# A word alone in a longer recording, and how sure of it the detector has to be.
ALONE_SECONDS = 1.25
ALONE_SURE = 0.6
LONGEST_SECONDS = 30.0
MARGIN = round(0.05 * SAMPLE_RATE)
SURROUNDINGS = round(0.15 * SAMPLE_RATE)


class Segment(NamedTuple):
    """Speech from ``start_s`` to ``end_s``, in seconds from the recording's beginning."""

    start_s: float
    end_s: float

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end_s - self.start_s


class Passage(NamedTuple):
    """A segment of speech with its sound.

    Args:
        start: first sample of the speech, counted from the recording's beginning.
        end: the sample after its last.
        before: samples of surroundings in front of it, up to ``SURROUNDINGS``.
        waveform: surroundings, speech, surroundings, ``[samples]`` at 16 kHz.
    """

    start: int
    end: int
    before: int
    waveform: NDArray[np.float32]

    @property
    def speech(self) -> NDArray[np.float32]:
        """The speech without its surroundings, ``[end - start]``."""
        return self.waveform[self.before : self.before + self.end - self.start]

    @property
    def segment(self) -> Segment:
        """Where it lies, in seconds."""
        return Segment(self.start / SAMPLE_RATE, self.end / SAMPLE_RATE)


class SpeechStream:
    """Samples at 16 kHz in, passages of speech out, in constant memory.

    Speech starts and ends where frames stay at or above the threshold less 0.1, if one of them
    reaches the detector's ``sure``; in a recording of up to 1.5 s, which may be one word, the
    threshold will do. The more there is to hear, the more often something in it sounds a little
    like a voice, and the surer is the detector of some frame where somebody speaks. So in a
    recording of up to 10 s with no more than 1.25 s to hear, at most 30 dB below its loudest 0.1 s,
    0.6 will do, and within 5 s of a sure frame the threshold: words of the same voice. Gaps under
    0.2 s are closed, what then holds less than 0.08 s of speech is dropped, and 0.05 s are added on
    each side. A passage goes on for at most 30 s; the next then starts where it ends. Passages do
    not depend on how samples are divided into pushes.
    """

    def __init__(self, detector: FrameModel) -> None:
        self._hop = detector.hop
        self._frames = FrameStream(detector)
        self._tape = Tape()
        per_second = SAMPLE_RATE / self._hop
        threshold = detector.threshold
        self._spans = Spans(
            Rules(
                high=detector.sure,
                fair=threshold,
                low=max(threshold - SLACK, 0.01),
                near=round(NEAR_SECONDS * per_second),
                gap=round(GAP_SECONDS * per_second),
                least=round(LEAST_SECONDS * per_second),
                longest=round(LONGEST_SECONDS * per_second),
            )
        )

    @property
    def duration(self) -> float:
        """Seconds pushed so far."""
        return self._tape.end / SAMPLE_RATE

    def push(self, samples: NDArray[np.float32]) -> list[Passage]:
        """Go on with samples ``[n]``, and give the passages they complete."""
        self._tape.push(samples)
        return self._cut(self._spans.push(self._frames.push(samples)))

    def finish(self) -> list[Passage]:
        """Give the passages that the end of the recording completes."""
        if self.duration <= BLOCK_SECONDS:  # no frame was given before, so none was judged
            self._spans.rules = self._spans.rules._replace(high=self._high())
        return self._cut([*self._spans.push(self._frames.finish()), *self._spans.finish()])

    def _high(self) -> float:
        """How likely some frame of a recording of up to 10 s has to be speech."""
        rules = self._spans.rules
        if self.duration <= SHORT_SECONDS:
            return rules.fair
        audible = audible_frames(self._tape.cut(0, self._tape.end), self._hop) * self._hop
        if audible > ALONE_SECONDS * SAMPLE_RATE:
            return rules.high
        return max(rules.fair, min(rules.high, ALONE_SURE))

    def _cut(self, spans: list[Span]) -> list[Passage]:
        passages = [self._passage(span) for span in spans]
        self._tape.forget(self._spans.open_since * self._hop - 2 * (MARGIN + SURROUNDINGS))
        return passages

    def _passage(self, span: Span) -> Passage:
        # A frame stands for the samples nearest its centre.
        start = span.start * self._hop - self._hop // 2 - (0 if span.went_on else MARGIN)
        end = span.end * self._hop - self._hop // 2 + (0 if span.goes_on else MARGIN)
        start, end = max(0, start), min(self._tape.end, end)
        before, after = max(0, start - SURROUNDINGS), min(self._tape.end, end + SURROUNDINGS)
        return Passage(start, end, start - before, self._tape.cut(before, after).copy())
