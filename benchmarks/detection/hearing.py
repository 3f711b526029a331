"""What one detector hears in a recording, however sure it has to be, asked only once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voxtrait.speech import SAMPLE_RATE, SpeechDetector, SpeechStream

__all__ = ["SURES", "hear"]

SURES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)


class _Tap:
    """The detector, with every block that it answers kept."""

    def __init__(self, detector: SpeechDetector) -> None:
        self.hop, self.threshold, self.sure = detector.hop, detector.threshold, detector.sure
        self.detector = detector
        self.blocks: list[NDArray[np.float32]] = []

    def ask(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        """As the detector answers."""
        self.blocks.append(self.detector.ask(waveform))
        return self.blocks[-1]


class _Replay:
    """In place of a detector: gives the kept blocks again, in order, to be surer or less sure."""

    def __init__(self, tap: _Tap, sure: float) -> None:
        self.hop, self.threshold, self.sure = tap.hop, tap.threshold, sure
        self._blocks = iter(tap.blocks)

    def ask(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        """The next block, whatever the waveform."""
        del waveform
        return next(self._blocks)


def hear(
    detector: SpeechDetector,
    waveform: NDArray[np.float32],
    sures: Sequence[float] = SURES,
) -> list[float]:
    """Seconds of speech by the runtime's own rules, for each value in place of the card's ``sure``.

    Args:
        detector: its card's threshold holds.
        waveform: 16 kHz, ``[samples]``.
        sures: each from the threshold to below 1.
    """
    tap = _Tap(detector)
    stream = SpeechStream(tap)
    stream.push(waveform)
    stream.finish()
    return [_seconds(SpeechStream(_Replay(tap, level)), waveform) for level in sures]


def _seconds(stream: SpeechStream, waveform: NDArray[np.float32]) -> float:
    passages = [*stream.push(waveform), *stream.finish()]
    return round(sum(passage.end - passage.start for passage in passages) / SAMPLE_RATE, 3)
