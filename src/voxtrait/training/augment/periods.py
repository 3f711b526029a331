"""Pitch periods: how long they are, and where each one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr

from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform, framed

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["HOP", "fundamental", "marks"]

HOP = 160  # 10 ms between two estimates
RATE = 8_000  # enough for pitch, half the work
FRAME = 512  # 64 ms at RATE: two periods of the lowest voice and the same again, shifted
LOWEST, HIGHEST, STEPS = 60.0, 520.0, 84  # hertz; 27 steps an octave
VOICED = 0.5  # correlation from which on a frame counts as voiced


def fundamental(waveform: Waveform) -> NDArray[np.float64]:
    """Fundamental frequency by normalised cross-correlation and dynamic programming (Talkin, 1995).

    Args:
        waveform: ``[samples]``.

    Returns:
        ``[1 + samples // 160]`` hertz in 60..520, one each 10 ms, frame t centred at sample
        ``160 * t``; 0 where nothing periodic was found.
    """
    low = soxr.resample(waveform, SAMPLE_RATE, RATE, "QQ").astype(np.float32)
    frames = 1 + waveform.size // HOP
    rows = framed(np.pad(low, (FRAME // 2, FRAME)), FRAME, HOP * RATE // SAMPLE_RATE)[:frames]
    lags = RATE / np.geomspace(HIGHEST, LOWEST, STEPS)
    correlation = _correlation(rows.astype(np.float64))
    floor = np.floor(lags).astype(int)
    part = lags - floor
    score = correlation[:, floor] * (1 - part) + correlation[:, floor + 1] * part
    path = _best_path(score - 0.03 * np.log2(lags / lags[0]))  # of equals, the shortest period
    chosen = score[np.arange(frames), path]
    # Both halves must sound: where a voice starts, the ringing of a formant would pass for pitch.
    halves = np.sqrt(np.mean(np.square(rows.reshape(frames, 2, -1)), axis=2))
    loud = halves.min(axis=1)
    voiced = (chosen > VOICED) & (loud > 0.03 * np.quantile(loud, 0.95)) & (loud > 1e-5)
    hertz = RATE / _refined(correlation, lags[path])
    return np.where(voiced, hertz, 0.0)


def marks(
    waveform: Waveform, hertz: NDArray[np.float64]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """One mark a period, all at the same place of their periods, for each voiced stretch.

    Args:
        waveform: ``[samples]``.
        hertz: what :func:`fundamental` gave for it.

    Returns:
        For each voiced stretch of three periods or more, in order, the samples of its marks and the
        samples from each mark to the next (the last one repeats the one before).
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], hertz > 0, [0]])))
    found = []
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        start = max(0, int(first) * HOP - HOP // 2)
        stop = min(waveform.size, int(end) * HOP - HOP // 2)
        period = SAMPLE_RATE / hertz[first:end]
        if stop - start < 3 * period.max():
            continue
        places = _walked(waveform, start, stop, period)
        if places.size >= 3:
            gaps = np.diff(places)
            found.append((places, np.concatenate([gaps, gaps[-1:]])))
    return found


def _correlation(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each frame's start against itself later, normalised: ``[frames, lags]``."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    half = FRAME // 2
    count = half + 1
    size = FRAME + half
    product = np.fft.rfft(rows, size) * np.conj(np.fft.rfft(rows[:, :half], size))
    raw = np.fft.irfft(product, size)[:, :count]
    sums = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(np.square(rows), axis=1)], axis=1)
    energy = sums[:, half : half + count] - sums[:, :count]
    return np.asarray(raw / np.sqrt(energy[:, :1] * energy + 1e-9))


def _best_path(score: NDArray[np.float64]) -> NDArray[np.int64]:
    """The best-scored step of each frame that does not jump for little: ``[frames]``."""
    frames, steps = score.shape
    apart = np.abs(np.subtract.outer(np.arange(steps), np.arange(steps)))
    cost = np.minimum(0.02 * apart, 0.4)
    back = np.zeros((frames, steps), np.int64)
    total = score[0]
    for frame in range(1, frames):
        reached = total - cost  # [to, from]
        back[frame] = reached.argmax(axis=1)
        total = reached[np.arange(steps), back[frame]] + score[frame]
    path = np.zeros(frames, np.int64)
    path[-1] = int(total.argmax())
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = back[frame, path[frame]]
    return path


def _refined(correlation: NDArray[np.float64], lags: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each lag moved to the top of the parabola through the peak beside it."""
    rows = np.arange(len(lags))
    near = np.round(lags).astype(int)[:, None] + np.arange(-2, 3)
    near = np.clip(near, 1, correlation.shape[1] - 2)
    best = near[rows, correlation[rows[:, None], near].argmax(axis=1)]
    left, middle, right = (correlation[rows, best + step] for step in (-1, 0, 1))
    bend = left - 2 * middle + right
    shift = np.where(bend < -1e-9, 0.5 * (left - right) / np.where(bend < -1e-9, bend, 1), 0)
    return np.asarray(best + np.clip(shift, -0.5, 0.5))


def _walked(
    waveform: Waveform, start: int, stop: int, periods: NDArray[np.float64]
) -> NDArray[np.int64]:
    """From the stretch's loudest sample, period by period, to both of its ends."""
    top = start + int(np.argmax(np.abs(waveform[start:stop])))

    def period_at(sample: int) -> int:
        frame = round((sample - start) / HOP - 0.5)
        return round(float(periods[min(max(frame, 0), periods.size - 1)]))

    places = [top]
    for way in (-1, 1):
        at = top
        while True:
            period = period_at(at + way * period_at(at) // 2)
            half, play = period // 2, max(2, period // 6)
            low = at + way * period - half - play
            if low < 0 or low + 2 * (half + play) > waveform.size or at - half < 0:
                break
            template = waveform[at - half : at + half]
            near = waveform[low : low + 2 * (half + play)]
            if template.size < 2 * half:
                break
            at = low + half + int(np.argmax(np.correlate(near, template, "valid")))
            if not start <= at < stop:
                break
            places.append(at)
    return np.array(sorted(set(places)), np.int64)
