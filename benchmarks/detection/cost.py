"""CPU time of each detector on the same recordings, on one thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["LONG", "SHORT", "cost", "of_length"]

LONG, SHORT = (5.0, 10.0), (0.5, 1.1)  # seconds
ROUNDS = 3
Waveform = NDArray[np.float32]


def of_length(
    waveforms: Sequence[Waveform], span: tuple[float, float], most: int
) -> list[Waveform]:
    """Those that last from the first to the second number of seconds, at most so many."""
    low, high = span
    return [w for w in waveforms if low <= len(w) / 16_000 < high][:most]


def cost(
    detectors: Mapping[str, Callable[[Waveform], Any]], waveforms: Sequence[Waveform]
) -> dict[str, float]:
    """CPU seconds a second of audio: the median of three rounds over all of the recordings.

    The detectors take turns, so that what else the machine does falls on all of them.

    Args:
        detectors: name to what is called with one recording at a time.
        waveforms: 16 kHz, ``[samples]`` each; at least one.
    """
    seconds = sum(map(len, waveforms)) / 16_000
    spent: dict[str, list[float]] = {name: [] for name in detectors}
    for detect in detectors.values():
        detect(waveforms[0])  # what is made at the first call is not counted
    for _ in range(ROUNDS):
        for name, detect in detectors.items():
            began = time.process_time()
            for waveform in waveforms:
                detect(waveform)
            spent[name].append((time.process_time() - began) / seconds)
    return {name: float(np.median(values)) for name, values in spent.items()}
