"""Where the recording starts and ends: silence around it, shifts and crops."""

from __future__ import annotations

import numpy as np

from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform, active_power

__all__ = ["random_crop", "silence_around", "time_shift"]


def silence_around(
    waveform: Waveform,
    rng: np.random.Generator,
    seconds: tuple[float, float] = (0.0, 0.5),
    below_db: tuple[float, float] = (35.0, 70.0),
    digital: float = 0.3,
) -> Waveform:
    """Time before and after the voice: faint noise, or the zeros of a recorder that was muted.

    Args:
        waveform: ``[samples]``.
        rng: draws both lengths, the kind and the level.
        seconds: range of either length.
        below_db: how far the noise lies below the active parts of the voice.
        digital: probability of plain zeros.

    Returns:
        ``[before + samples + after]``.
    """
    before, after = (round(rng.uniform(*seconds) * SAMPLE_RATE) for _ in range(2))
    level = 0.0
    if rng.uniform() >= digital:
        level = np.sqrt(active_power(waveform)) * 10 ** (-rng.uniform(*below_db) / 20)
    around = rng.standard_normal(before + after, dtype=np.float32) * np.float32(level)
    return np.concatenate([around[:before], waveform, around[before:]]).astype(np.float32)


def time_shift(waveform: Waveform, rng: np.random.Generator, most_seconds: float = 0.1) -> Waveform:
    """Everything earlier or later by up to so much; the length stays, zeros fill the gap."""
    most = min(round(most_seconds * SAMPLE_RATE), max(0, waveform.size - 1))
    by = int(rng.integers(-most, most + 1))
    shifted = np.zeros(waveform.size, np.float32)
    if by >= 0:
        shifted[by:] = waveform[: waveform.size - by]
    else:
        shifted[:by] = waveform[-by:]
    return shifted


def random_crop(waveform: Waveform, samples: int, rng: np.random.Generator) -> Waveform:
    """So many samples from a random place; a shorter waveform comes back whole."""
    if samples < 1:
        raise ValueError(f"A crop has at least one sample, not {samples}.")
    if waveform.size <= samples:
        return waveform.astype(np.float32)
    start = int(rng.integers(0, waveform.size - samples + 1))
    return np.array(waveform[start : start + samples], np.float32)
