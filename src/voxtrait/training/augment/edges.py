"""Where the recording starts and ends: silence around it."""

from __future__ import annotations

import numpy as np

from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform, active_power

__all__ = ["silence_around"]


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
