"""What a microphone, a loudspeaker or a line lets through: gains over frequency."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform, log_uniform, matched

__all__ = [
    "band_limit",
    "bins",
    "device",
    "equalise",
    "fast_length",
    "filtered",
    "high_pass",
    "low_pass",
]

MARGIN = SAMPLE_RATE // 20  # 50 ms of zeros keep one end from leaking into the other
Curve = NDArray[np.float64]


def band_limit(
    waveform: Waveform,
    rng: np.random.Generator,
    low_hz: tuple[float, float] = (60.0, 400.0),
    high_hz: tuple[float, float] = (2500.0, 7500.0),
) -> Waveform:
    """A low-pass, a high-pass or both, with edges and slopes drawn at random.

    Args:
        waveform: ``[samples]``.
        rng: draws the kind, the edges (even on a logarithmic scale) and the order of the slopes
            (2 to 16: 12 to 96 dB an octave).
        low_hz: range of the high-pass's edge.
        high_hz: range of the low-pass's edge.

    Returns:
        ``[samples]``; what passes keeps its level.
    """
    kind = int(rng.integers(0, 3))
    low, high = log_uniform(*low_hz, rng), log_uniform(*high_hz, rng)
    order = int(rng.integers(2, 17))
    frequencies = bins(waveform.size)
    curve = np.ones_like(frequencies)
    if kind != 0:
        curve *= low_pass(frequencies, high, order)
    if kind != 1:
        curve *= high_pass(frequencies, low, order)
    return filtered(waveform, curve)


def equalise(waveform: Waveform, rng: np.random.Generator, most_db: float = 6.0) -> Waveform:
    """The smooth colour of another microphone: a tilt and slow bends over the octaves.

    Args:
        waveform: ``[samples]``.
        rng: draws the gain at eight frequencies from 60 Hz to 8 kHz.
        most_db: the gains lie between ``-most_db`` and ``most_db``, smooth between.

    Returns:
        ``[samples]`` at the power of the waveform.
    """
    frequencies = bins(waveform.size)
    knots = np.geomspace(60, SAMPLE_RATE / 2, 8)
    tilt = rng.uniform(-0.5, 0.5) * np.linspace(-1, 1, 8)
    decibels = most_db * (tilt + rng.uniform(-0.5, 0.5, 8))
    bent = np.interp(np.log(np.maximum(frequencies, 20)), np.log(knots), decibels)
    return matched(filtered(waveform, 10 ** (bent / 20)), waveform)


def device(waveform: Waveform, rng: np.random.Generator) -> Waveform:
    """A small loudspeaker or a cheap microphone: no bass, resonances, a dull top, some overdrive.

    Returns:
        ``[samples]`` at the power of the waveform.
    """
    frequencies = bins(waveform.size)
    curve = high_pass(frequencies, log_uniform(80.0, 350.0, rng), int(rng.integers(1, 5)))
    curve *= low_pass(frequencies, log_uniform(3500.0, 7800.0, rng), int(rng.integers(1, 7)))
    octaves = np.log2(np.maximum(frequencies, 20))
    decibels = np.zeros_like(frequencies)
    for _ in range(int(rng.integers(2, 6))):
        centre, width = np.log2(log_uniform(200.0, 6000.0, rng)), rng.uniform(0.08, 0.5)
        decibels += rng.uniform(-8, 8) * np.exp(-0.5 * ((octaves - centre) / width) ** 2)
    coloured = filtered(waveform, curve * 10 ** (decibels / 20))
    peak = float(np.abs(coloured).max(initial=0))
    drive = rng.uniform(0, 1.5)
    if peak > 0 and drive > 0.1:
        scale = np.float32(drive / peak)
        coloured = np.tanh(coloured * scale) / scale
    return matched(coloured.astype(np.float32), waveform)


def low_pass(frequencies: Curve, edge: float, order: int) -> Curve:
    """Butterworth gain: 3 dB down at the edge, then ``6 * order`` dB an octave."""
    return np.asarray(1 / np.sqrt(1 + (frequencies / edge) ** (2 * order)))


def high_pass(frequencies: Curve, edge: float, order: int) -> Curve:
    """Butterworth gain: 3 dB down at the edge, then ``6 * order`` dB an octave downwards."""
    return np.asarray(1 / np.sqrt(1 + (edge / np.maximum(frequencies, 1e-3)) ** (2 * order)))


def filtered(waveform: Waveform, curve: Curve) -> Waveform:
    """The waveform with the curve as its gain, without delay (zero phase).

    Args:
        waveform: ``[samples]``.
        curve: gain at each of ``bins(samples)``.
    """
    size = fast_length(waveform.size + 2 * MARGIN)
    spectrum = np.fft.rfft(waveform, size)
    return np.fft.irfft(spectrum * curve, size)[: waveform.size].astype(np.float32)


def fast_length(samples: int) -> int:
    """The next length of the form 2^a 3^b 5^c (b, c at most 1), quick to transform."""
    power_of_two = 1 << (max(samples, 16) - 1).bit_length()
    shorter = (power_of_two * 5 // 8, power_of_two * 3 // 4, power_of_two * 15 // 16)
    return next((size for size in shorter if size >= samples), power_of_two)


def bins(samples: int) -> Curve:
    """The frequencies in hertz whose gains :func:`filtered` wants for so many samples."""
    size = fast_length(samples + 2 * MARGIN)
    return np.asarray(np.fft.rfftfreq(size, 1 / SAMPLE_RATE), np.float64)
