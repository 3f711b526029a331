"""Higher and lower voices: pitch moved under kept formants, formants over a kept pitch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.augment.periods import fundamental, marks
from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform, framed

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["formant_shift", "pitch_shift"]

FRAME, HOP = 512, 128  # 32 ms
QUEFRENCIES = (24, 72)  # 1.5 to 4.5 ms, as long as the pitch period lets the envelope be
MOST = 10.0  # the largest gain, 20 dB: a valley of the envelope holds only noise


def pitch_shift(waveform: Waveform, octaves: float) -> Waveform:
    """The same words at another pitch by the same throat: formants, tempo and length are kept.

    Time-domain pitch-synchronous overlap-add (Moulines and Charpentier, 1990): two periods around
    each pitch mark are cut out under a Hann window and laid down at the new distance. What is not
    voiced stays untouched, sample by sample.

    Args:
        waveform: ``[samples]``, one voice.
        octaves: -1..1; natural from about -0.6 to 0.85.

    Returns:
        ``[samples]``.

    Raises:
        ValueError: more than an octave either way.
    """
    if not abs(octaves) <= 1:
        raise ValueError(f"The pitch moves by -1 to 1 octave, not {octaves}.")
    out = np.array(waveform, np.float32)
    if octaves == 0 or waveform.size < FRAME:
        return out
    ratio = 2.0**octaves
    for places, gaps in marks(waveform, fundamental(waveform)):
        laid, source = _new_places(places, ratio)
        before = np.concatenate([gaps[:1], gaps[:-1]])
        _replace(out, waveform, places[source], before[source], gaps[source], laid)
    return out


def formant_shift(waveform: Waveform, ratio: float) -> Waveform:
    """A longer (below 1) or shorter (above 1) throat at the same pitch: the envelope is stretched.

    Args:
        waveform: ``[samples]``.
        ratio: by how much formants rise, 0.7..1.4.

    Returns:
        ``[samples]``.

    Raises:
        ValueError: the ratio lies outside.
    """
    if not 0.7 <= ratio <= 1.4:
        raise ValueError(f"Formants move by a ratio of 0.7 to 1.4, not {ratio}.")
    if ratio == 1 or waveform.size == 0:
        return np.array(waveform, np.float32)
    window = np.sqrt(np.hanning(FRAME + 1)[:FRAME]).astype(np.float32)
    rows = framed(np.pad(waveform, (FRAME, FRAME)), FRAME, HOP) * window
    spectra = np.fft.rfft(rows)
    envelope = _log_envelope(np.abs(spectra), _quefrency(waveform))
    bins = np.arange(envelope.shape[1])
    from_bins = np.minimum(bins / ratio, bins[-1] - 1e-6)
    floor = from_bins.astype(int)
    part = from_bins - floor
    moved = envelope[:, floor] * (1 - part) + envelope[:, floor + 1] * part
    gains = np.exp(np.clip(moved - envelope, -np.log(MOST), np.log(MOST)))
    back = np.fft.irfft(spectra * gains, FRAME).astype(np.float32) * window
    out = np.zeros((len(back) + FRAME // HOP) * HOP, np.float32)
    for step in range(FRAME // HOP):  # every fourth frame lies end to end: four sums do it all
        part_rows = back[step :: FRAME // HOP]
        flat = part_rows.reshape(-1)
        out[step * HOP : step * HOP + flat.size] += flat[: out.size - step * HOP]
    return np.asarray(out[FRAME : FRAME + waveform.size] / 2, np.float32)


def _new_places(
    places: NDArray[np.int64], ratio: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where grains go, and the mark each is taken from (the one nearest in time)."""
    # Position counted in periods grows by 1 a mark; new marks lie 1 / ratio of a period apart.
    count = int((places.size - 1) * ratio) + 1
    laid = np.interp(np.arange(count) / ratio, np.arange(places.size), places)
    source = np.minimum(np.round(np.arange(count) / ratio).astype(np.int64), places.size - 1)
    return np.round(laid).astype(np.int64), source


def _replace(
    out: Waveform,
    waveform: Waveform,
    centres: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    laid: NDArray[np.int64],
) -> None:
    """Cut grains around ``centres``, lay them at ``laid``, fade the old sound out under them."""
    reach = int(max(left.max(), right.max()))
    offsets = np.arange(-reach, reach + 1)
    side = np.where(offsets[None, :] < 0, left[:, None], right[:, None])
    windows = 0.5 + 0.5 * np.cos(np.pi * np.clip(offsets[None, :] / side, -1, 1))
    padded = np.pad(waveform, reach)
    grains = padded[centres[:, None] + reach + offsets] * windows
    start, stop = int(laid[0]) - reach, int(laid[-1]) + reach + 1
    where = laid[:, None] + offsets - start
    voiced = np.bincount(where.ravel(), grains.ravel(), stop - start)
    fade = np.zeros(stop - start)
    middle = slice(reach, reach + int(laid[-1] - laid[0]) + 1)
    fade[: 2 * reach + 1] = windows[0]
    fade[-(2 * reach + 1) :] = np.maximum(fade[-(2 * reach + 1) :], windows[-1])
    fade[middle] = 1
    low, high = max(0, start), min(out.size, stop)
    inside = slice(low - start, high - start)
    # Grains overlap more or less than before: the stretch keeps the power that it had.
    had, has = np.square(waveform[low:high] * fade[inside]).sum(), np.square(voiced).sum()
    voiced *= np.sqrt(had / max(has, 1e-12))
    out[low:high] = out[low:high] * (1 - fade[inside]) + voiced[inside]


def _quefrency(waveform: Waveform) -> int:
    """0.6 of the voice's pitch period in samples: an envelope that knows nothing of its pitch."""
    hertz = fundamental(waveform)
    voiced = hertz[hertz > 0]
    period = SAMPLE_RATE / float(np.quantile(voiced, 0.75)) if voiced.size else 0.0
    return int(np.clip(0.6 * period, *QUEFRENCIES))


def _log_envelope(magnitude: NDArray[np.float64], quefrency: int) -> NDArray[np.float64]:
    """Smooth natural-log spectrum by cepstral liftering: ``[frames, bins]`` -> the same."""
    floor = 1e-5 * magnitude.max(axis=1, keepdims=True) + 1e-9
    cepstrum = np.fft.irfft(np.log(magnitude + floor))
    lifter = np.zeros(cepstrum.shape[1])
    lifter[:quefrency] = np.minimum(1, 2 - 2 * np.arange(quefrency) / quefrency)  # flat, then down
    lifter[1:quefrency] *= 2  # the mirrored half, of which only the real part counts
    return np.asarray(np.fft.rfft(cepstrum * lifter).real)
