"""How loud it was recorded: gain, clipping and a constant offset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from voxtrait.training.augment.waveform import Waveform

__all__ = ["clip", "gain", "offset"]


def gain(waveform: Waveform, decibels: float) -> Waveform:
    """Louder (above 0) or quieter (below 0) by so many decibels; nothing is clipped."""
    return (waveform * np.float32(10 ** (decibels / 20))).astype(np.float32)


def clip(
    waveform: Waveform,
    rng: np.random.Generator,
    share: tuple[float, float] = (0.002, 0.05),
    soft: float = 0.5,
) -> Waveform:
    """Too loud for the recorder: the loudest samples are cut off or bent over.

    Args:
        waveform: ``[samples]``.
        rng: draws the level and the kind.
        share: range of the share of samples above the level, each 0..1.
        soft: probability of a soft knee (hyperbolic tangent) instead of a hard edge.

    Returns:
        ``[samples]``; no sample exceeds the level.
    """
    if waveform.size == 0:
        return waveform
    magnitude = np.abs(waveform)
    level = float(np.quantile(magnitude, 1 - rng.uniform(*share)))
    bent = rng.uniform() < soft
    if level <= 0:
        return waveform.astype(np.float32)
    if bent:
        return np.asarray(level * np.tanh(waveform / np.float32(level)), np.float32)
    return np.clip(waveform, -level, level).astype(np.float32)


def offset(waveform: Waveform, rng: np.random.Generator, most: float = 0.05) -> Waveform:
    """A constant added, as cheap sound cards do: up to ``most`` of full scale either way."""
    return (waveform + np.float32(rng.uniform(-most, most))).astype(np.float32)
