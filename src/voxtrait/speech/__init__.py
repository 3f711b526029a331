"""Which seconds of a recording are speech."""

from __future__ import annotations

from voxtrait.speech.detector import SpeechDetector
from voxtrait.speech.frames import SAMPLE_RATE
from voxtrait.speech.stream import SURROUNDINGS, Passage, Segment, SpeechStream

__all__ = [
    "SAMPLE_RATE",
    "SURROUNDINGS",
    "Passage",
    "Segment",
    "SpeechDetector",
    "SpeechStream",
]
