"""The same recording under other conditions: what a rule that suits clips as they are may cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voxtrait.corpora import Utterance
from voxtrait.evaluation.acoustics import loudest, telephone
from voxtrait.evaluation.distortion import Distortion, key_of
from voxtrait.speech import SAMPLE_RATE, SpeechDetector
from voxtrait.speech.stream import SHORT_SECONDS

__all__ = ["ALONE_IN", "LOUDEST", "SNRS", "WORD", "elsewhere", "with_noise"]

SNRS = (20.0, 10.0, 0.0)  # dB
ALONE_IN = 5.0  # seconds of near silence around a word
LOUDEST = 1.0  # seconds of a noise
WORD = SHORT_SECONDS  # what is no longer may be one word
ROOM = "in a room or from a loudspeaker"
FLOOR = 1e-4  # root mean square of near silence


def elsewhere(
    detector: SpeechDetector,
    utterance: Utterance,
    waveform: NDArray[np.float32],
    noises: Sequence[Utterance],
    rooms: Sequence[Utterance] = (),
) -> dict[str, float]:
    """Seconds of speech found by the runtime's rules, by what was done to the recording.

    Args:
        detector: with its card's values.
        utterance: the recording; decides what is done, and which noise.
        waveform: its sound at 16 kHz, ``[samples]``.
        noises: recordings of the same side to mix with.
        rooms: responses of the same side, one of which is drawn.
    """
    if utterance.kind != "speech":
        return {f"loudest {LOUDEST:g} s": _found(detector, loudest(waveform, SAMPLE_RATE))}
    found = {
        f"noise at {snr:g} dB": _found(detector, with_noise(utterance, waveform, noises, snr))
        for snr in SNRS
    }
    found["down a telephone"] = _found(detector, telephone(waveform))
    if rooms:
        found[ROOM] = _found(detector, _in_a_room(utterance, waveform, rooms))
    if len(waveform) <= WORD * SAMPLE_RATE:
        found[f"alone in {ALONE_IN:g} s"] = _found(detector, _alone(utterance, waveform))
    return found


def with_noise(
    utterance: Utterance, waveform: NDArray[np.float32], noises: Sequence[Utterance], snr: float
) -> NDArray[np.float32]:
    """A noise of the same side mixed in, the same one on every machine."""
    return Distortion(noise=tuple(noises), noise_snr=snr).apply(waveform, key_of(utterance))


def _in_a_room(
    utterance: Utterance, waveform: NDArray[np.float32], rooms: Sequence[Utterance]
) -> NDArray[np.float32]:
    return Distortion(room=tuple(rooms)).apply(waveform, key_of(utterance))


def _alone(utterance: Utterance, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """Near silence with the recording somewhere in it."""
    rng = np.random.default_rng(list(utterance.path.name.encode()))
    line = rng.normal(0, FLOOR, int(ALONE_IN * SAMPLE_RATE)).astype(np.float32)
    start = int(rng.integers(len(line) - len(waveform)))
    line[start : start + len(waveform)] += waveform
    return line


def _found(detector: SpeechDetector, waveform: NDArray[np.float32]) -> float:
    return round(sum(segment.seconds for segment in detector.segments(waveform)), 3)
