"""Faster and slower: with the pitch (resampling) or without it (overlap-add)."""

from __future__ import annotations

import numpy as np
import soxr

from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform, fitted

__all__ = ["speed", "tempo"]

FRAME, HOP, SEARCH = 480, 240, 160  # 30 ms frames, found again within 10 ms either way


def speed(waveform: Waveform, factor: float) -> Waveform:
    """Played faster: pitch, formants and tempo all rise by the factor.

    Args:
        waveform: ``[samples]``.
        factor: above 0; 1 changes nothing.

    Returns:
        ``[round(samples / factor)]``, at least one sample.

    Raises:
        ValueError: the factor is not above 0.
    """
    _check(factor)
    samples = max(1, round(waveform.size / factor))
    if factor == 1 or waveform.size == 0:
        return waveform.astype(np.float32)
    return fitted(soxr.resample(waveform, SAMPLE_RATE * factor, SAMPLE_RATE, "HQ"), samples)


def tempo(waveform: Waveform, factor: float) -> Waveform:
    """Spoken faster at the same pitch, by WSOLA (Verhelst and Roelands, 1993).

    Each output frame is the stretch of input, near where it is due, that best continues the frame
    before, so pitch periods stay whole.

    Args:
        waveform: ``[samples]``.
        factor: above 0; 1 changes nothing.

    Returns:
        ``[round(samples / factor)]``, at least one sample.

    Raises:
        ValueError: the factor is not above 0.
    """
    _check(factor)
    samples = max(1, round(waveform.size / factor))
    if factor == 1 or waveform.size < 2 * FRAME:
        return waveform.astype(np.float32) if factor == 1 else speed(waveform, factor)
    padded = np.pad(waveform, (SEARCH, FRAME + 2 * HOP + SEARCH)).astype(np.float32)
    window = np.hanning(FRAME + 1)[:FRAME].astype(np.float32)
    frames = samples // HOP + 2
    out = np.zeros(frames * HOP + FRAME, np.float32)
    at = SEARCH
    first = window.copy()
    first[:HOP] = 1  # nothing comes before it to fade from
    out[:FRAME] = first * padded[at : at + FRAME]
    last = padded.size - FRAME - HOP - 2 * SEARCH
    for frame in range(1, frames):
        due = min(round(frame * HOP * factor), last)  # start of the search, due - SEARCH, unpadded
        follows = padded[at + HOP : at + HOP + HOP]
        near = padded[due : due + HOP + 2 * SEARCH]
        at = due + int(np.argmax(_likeness(near, follows)))
        out[frame * HOP : frame * HOP + FRAME] += window * padded[at : at + FRAME]
    return fitted(out, samples)


def _likeness(near: Waveform, wanted: Waveform) -> Waveform:
    """Correlation of the wanted samples with each place nearby, over the place's own level."""
    energy = np.concatenate([[0], np.cumsum(np.square(near, dtype=np.float64))])
    level = np.sqrt(np.maximum(energy[wanted.size :] - energy[: -wanted.size], 0) + 1e-9)
    return np.asarray(np.correlate(near, wanted, "valid") / level, np.float32)


def _check(factor: float) -> None:
    if not factor > 0:
        raise ValueError(f"A factor is above 0, not {factor}.")
