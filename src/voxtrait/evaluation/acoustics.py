"""What a room, a noise and a telephone do to a waveform of 16 kHz."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait import audio

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RATE", "add_noise", "loudest", "reverberate", "telephone"]

RATE = 16_000  # Hz; of every waveform here
_FRAME = 320  # samples, 20 ms
_ACTIVE = 1e-3  # of the loudest frame's energy: 30 dB down is a pause


def loudest(waveform: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """The stretch of so many samples with the most energy; all of it when it is no longer."""
    if len(waveform) <= length:
        return waveform
    energy = np.cumsum(np.pad(waveform.astype(np.float64) ** 2, (1, 0)))
    start = int(np.argmax(energy[length:] - energy[:-length]))
    return waveform[start : start + length]


def reverberate(
    waveform: NDArray[np.float32], response: NDArray[np.float32]
) -> NDArray[np.float32]:
    """As heard in a room: convolved with its impulse response, as long and as loud as before.

    What lies before the response's peak is cut off, so that speech stays where it was.
    """
    response = response[int(np.argmax(np.abs(response))) :]
    size = 1 << int(np.ceil(np.log2(max(len(waveform) + len(response), 2))))
    wet = np.fft.irfft(np.fft.rfft(waveform, size) * np.fft.rfft(response, size), size)
    wet = wet[: len(waveform)]
    loudness = np.sqrt(np.sum(wet**2))
    gain = np.sqrt(np.sum(waveform.astype(np.float64) ** 2)) / loudness if loudness > 0 else 0.0
    return _bounded(wet * gain)


def add_noise(
    waveform: NDArray[np.float32],
    noise: NDArray[np.float32],
    snr: float,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """Speech plus noise from a random place in it, repeated to length.

    Args:
        waveform: speech, ``[samples]``.
        noise: ``[samples]``; silence before and after its sound is cut off.
        snr: dB, between the mean energies of the frames within 30 dB of the loudest, so that
            pauses, and the silence that pads short events, count in neither.
        rng: decides the place.
    """
    span = np.flatnonzero(_active(noise))
    if not len(span) or not len(waveform):
        return waveform
    noise = noise[span[0] * _FRAME : (span[-1] + 1) * _FRAME].astype(np.float64)
    start = int(rng.integers(len(noise)))
    cover = np.resize(np.roll(noise, -start), len(waveform))
    gain = np.sqrt(_active_energy(waveform) / _active_energy(noise)) * 10 ** (-snr / 20)
    return _bounded(waveform + gain * cover)


def telephone(waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """Through a telephone line: 8 kHz, 300 to 3,400 Hz, 8-bit mu-law (ITU-T G.711), and back."""
    narrow = audio.resample(waveform, RATE, RATE // 2).astype(np.float64)
    spectrum = np.fft.rfft(narrow)
    frequency = np.fft.rfftfreq(len(narrow), 2 / RATE)
    # Slopes of 100 Hz, half a gain at the band's borders; a hard border would ring.
    rise = np.clip((frequency - 250) / 100, 0, 1) * np.clip((3450 - frequency) / 100, 0, 1)
    narrow = np.clip(np.fft.irfft(spectrum * rise, len(narrow)), -1, 1)
    compressed = np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256)
    steps = np.round(compressed * 127) / 127
    heard = np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255
    return audio.resample(heard.astype(np.float32), RATE // 2, RATE)


def _active(waveform: NDArray[np.float32] | NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which whole frames are sounding, ``[frames]``; a short waveform is one frame."""
    energy = _frame_energy(waveform)
    active: NDArray[np.bool_] = (energy > 0) & (energy >= _ACTIVE * energy.max(initial=0.0))
    return active


def _active_energy(waveform: NDArray[np.float32] | NDArray[np.float64]) -> float:
    energy, active = _frame_energy(waveform), _active(waveform)
    return float(energy[active].mean()) if active.any() else 0.0


def _frame_energy(waveform: NDArray[np.float32] | NDArray[np.float64]) -> NDArray[np.float64]:
    samples = np.asarray(waveform, np.float64)
    frames = max(len(samples) // _FRAME, 1)
    whole = samples[: frames * _FRAME] if len(samples) >= _FRAME else samples
    energy: NDArray[np.float64] = (whole.reshape(frames, -1) ** 2).mean(axis=1)
    return energy if len(samples) else np.zeros(0)


def _bounded(waveform: NDArray[np.float64]) -> NDArray[np.float32]:
    """No louder than full scale, as no recorder could keep more."""
    return (waveform / max(1.0, float(np.abs(waveform).max(initial=0.0)))).astype(np.float32)
