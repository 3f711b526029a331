"""Noise and babble at a stated ratio to the voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.augment.waveform import (
    FRAME,
    GATE,
    SAMPLE_RATE,
    Waveform,
    active_power,
    power,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["add_noise", "babble", "looped"]

FADE = SAMPLE_RATE // 50  # 20 ms: no click where a loop closes
QUIET = 10**-1.5  # a crop that fell on a pause is raised by 15 dB at most


def add_noise(
    waveform: Waveform, noise: Waveform, snr_db: float, rng: np.random.Generator
) -> Waveform:
    """The voice with noise under it, at a ratio measured over the active parts of both.

    The noise starts anywhere and is looped where it is too short. Noise that is digital silence
    leaves the voice alone; a voice that is silent gets no noise either, for it has no level.

    Args:
        waveform: the voice, ``[samples]``.
        noise: at least one sample; its own level does not matter.
        snr_db: active power of the voice over that of the noise, in decibels.
        rng: draws where the noise starts.

    Returns:
        ``[samples]``.
    """
    piece = looped(noise, waveform.size, rng)
    level = max(active_power(piece), QUIET * active_power(noise))
    voice = active_power(waveform)
    if level <= 0 or voice <= 0:
        return waveform.astype(np.float32)
    scale = np.sqrt(voice / level * 10 ** (-snr_db / 10))
    return (waveform + np.float32(scale) * piece).astype(np.float32)


def babble(voices: Sequence[Waveform], rng: np.random.Generator, seconds: float = 4.0) -> Waveform:
    """Four to eight people talking at once, each at much the same level.

    Args:
        voices: recordings of training speakers; fewer than four are used more than once.
        rng: draws who talks, from where on, and how loud (within 6 dB).
        seconds: length of the babble.

    Returns:
        ``[seconds * 16000]``; the power of the active parts of one voice is about 0.01.
    """
    if not voices:
        raise ValueError("Babble needs at least one voice.")
    samples = max(1, round(seconds * SAMPLE_RATE))
    people = int(rng.integers(4, 9))
    chosen = rng.choice(len(voices), people, replace=len(voices) < people)
    mixed = np.zeros(samples, np.float32)
    for index in chosen:
        piece = looped(voices[int(index)], samples, rng)
        level = active_power(piece)
        if level > 0:
            mixed += piece * np.float32(np.sqrt(0.01 / level) * 10 ** (rng.uniform(-3, 3) / 20))
    return mixed


def looped(noise: Waveform, samples: int, rng: np.random.Generator) -> Waveform:
    """So many samples of the noise from a random place, cross-faded where it begins anew.

    Silence around the noise is cut first: a short event padded with zeros would mostly add nothing.
    """
    core = _without_silent_ends(noise)
    if core.size > samples:
        start = int(rng.integers(0, core.size - samples + 1))
        return np.array(core[start : start + samples], np.float32)
    fade = min(FADE, core.size // 2)
    loop = np.array(core[: core.size - fade], np.float32)
    if fade:
        # The tail flows into the head with constant power: the two are not correlated.
        angle = np.linspace(0, np.pi / 2, fade, dtype=np.float32)
        loop[:fade] = loop[:fade] * np.sin(angle) + core[core.size - fade :] * np.cos(angle)
    start = int(rng.integers(0, loop.size))
    return np.take(loop, np.arange(start, start + samples), mode="wrap")


def _without_silent_ends(noise: Waveform) -> Waveform:
    if noise.size < 2 * FRAME:
        return noise if power(noise) > 0 else np.zeros(1, np.float32)
    whole = noise[: noise.size - noise.size % FRAME].astype(np.float64)
    powers = np.square(whole).reshape(-1, FRAME).mean(axis=1)
    active = np.flatnonzero((powers >= GATE * powers.max()) & (powers > 0))
    if active.size == 0:
        return np.zeros(1, np.float32)
    return noise[active[0] * FRAME : (active[-1] + 1) * FRAME]
