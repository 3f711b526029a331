"""Rooms: the voice as a microphone across the table hears it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.augment.band import fast_length
from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform, matched, power

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["room", "synthetic_room"]


def room(waveform: Waveform, response: Waveform) -> Waveform:
    """The voice in a room, neither later nor louder than it was.

    Args:
        waveform: ``[samples]``.
        response: impulse response at 16 kHz; its largest sample is taken as the direct sound.

    Returns:
        ``[samples]``: aligned to the direct sound, at the power of the waveform; what rings on
        after the end is cut.
    """
    if power(response) <= 0:
        return waveform.astype(np.float32)
    direct = int(np.argmax(np.abs(response)))
    size = fast_length(waveform.size + response.size - 1)
    spectrum = np.fft.rfft(waveform, size) * np.fft.rfft(response, size)
    heard = np.fft.irfft(spectrum, size)[direct : direct + waveform.size]
    if response[direct] < 0:
        heard = -heard  # a microphone wired the other way round
    return matched(heard.astype(np.float32), waveform)


def synthetic_room(
    rng: np.random.Generator,
    rt60: tuple[float, float] = (0.1, 0.9),
    direct_db: tuple[float, float] = (-3.0, 15.0),
) -> Waveform:
    """An impulse response: the direct sound, a few early echoes, a tail of decaying noise.

    High frequencies die sooner, as air and curtains have it.

    Args:
        rng: draws all of it.
        rt60: range of the seconds in which the tail falls by 60 dB.
        direct_db: range of the direct-to-reverberant energy ratio in decibels.

    Returns:
        ``[1 + rt60 * 16000]`` at most; the first sample, 1.0, is the direct sound.
    """
    seconds = rng.uniform(*rt60)
    samples = max(2, round(seconds * SAMPLE_RATE))
    time = np.arange(samples) / SAMPLE_RATE
    tail = _noise_of_two_bands(samples, rng)
    decay = np.exp(-np.log(1000) * time / seconds)
    faster = np.exp(-np.log(1000) * time / (seconds * rng.uniform(0.4, 0.9)))
    sound = tail[0] * decay + tail[1] * faster
    sound[: int(rng.uniform(0.002, 0.02) * SAMPLE_RATE)] = 0  # nothing comes back sooner
    for _ in range(int(rng.integers(2, 7))):
        at = min(samples - 1, int(rng.uniform(0.002, 0.03) * SAMPLE_RATE))
        sound[at] += rng.choice([-1.0, 1.0]) * rng.uniform(1, 4)
    energy = float(np.sum(np.square(sound)))
    sound *= np.sqrt(10 ** (-rng.uniform(*direct_db) / 10) / max(energy, 1e-12))
    # The largest sample is where `room` aligns: an echo must not overtake the direct sound.
    sound = np.clip(sound, -0.95, 0.95)
    sound[0] = 1.0
    return np.asarray(sound, np.float32)


def _noise_of_two_bands(samples: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """White noise split at about 2 kHz: ``[2, samples]``, low first."""
    size = fast_length(samples)
    spectrum = np.fft.rfft(rng.standard_normal(size))
    low = 1 / (1 + (np.fft.rfftfreq(size, 1 / SAMPLE_RATE) / 2000) ** 4)
    both = np.stack([spectrum * low, spectrum * (1 - low)])
    return np.asarray(np.fft.irfft(both, size)[:, :samples], np.float64)
