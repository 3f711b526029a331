"""What every augmentation takes and gives: 16 kHz mono samples, and how loud they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "SAMPLE_RATE",
    "Waveform",
    "active_power",
    "fitted",
    "framed",
    "log_uniform",
    "matched",
    "power",
]

SAMPLE_RATE = 16_000

Waveform = NDArray[np.float32]

FRAME = 320  # 20 ms: shorter than a syllable, longer than a pitch period
GATE = 1e-3  # 30 dB under the loudest frames nobody speaks


def power(waveform: Waveform) -> float:
    """Mean square of the samples; 0 for an empty waveform."""
    if waveform.size == 0:
        return 0.0
    return float(np.mean(np.square(waveform, dtype=np.float64)))


def framed(waveform: Waveform, size: int, hop: int) -> Waveform:
    """Overlapping frames, zeros behind the end: ``[samples]`` -> ``[1 + samples // hop, size]``.

    Frame t starts at sample ``t * hop``.
    """
    frames = 1 + waveform.size // hop
    padded = np.zeros((frames - 1) * hop + size, np.float32)
    kept = min(waveform.size, padded.size)
    padded[:kept] = waveform[:kept]
    return np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]


def active_power(waveform: Waveform) -> float:
    """Mean square over the active frames: those within 30 dB of the loudest tenth.

    Pauses and padding are left out, so that a signal-to-noise ratio means the same for a word in a
    second of silence and for a sentence without a pause.

    Args:
        waveform: samples of any level, ``[samples]``.

    Returns:
        Power, at least 0; 0 for digital silence.
    """
    if waveform.size < 2 * FRAME:
        return power(waveform)
    whole = waveform[: waveform.size - waveform.size % FRAME].astype(np.float64)
    powers = np.square(whole).reshape(-1, FRAME).mean(axis=1)
    loud = np.sort(powers)[-max(1, powers.size // 10) :].mean()
    return float(powers[powers >= GATE * loud].mean())


def matched(waveform: Waveform, reference: Waveform) -> Waveform:
    """The waveform at the reference's power; unchanged where either is silent."""
    have, want = power(waveform), power(reference)
    if have <= 0 or want <= 0:
        return waveform
    return (waveform * np.float32(np.sqrt(want / have))).astype(np.float32)


def fitted(waveform: Waveform, samples: int) -> Waveform:
    """Exactly so many samples: cut at the end, or zeros added there."""
    if waveform.size >= samples:
        return np.ascontiguousarray(waveform[:samples], dtype=np.float32)
    return np.pad(waveform, (0, samples - waveform.size)).astype(np.float32)


def log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    """A number between the two, even on a logarithmic scale."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
