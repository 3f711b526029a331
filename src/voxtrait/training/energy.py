"""Which frames of a clean recording are speech, by their energy: the labels of the detector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["keep_speech", "quietest", "runs", "speech_frames"]

HOP = 160
WINDOW = 400
BELOW_PEAK = 38.0  # dB below the loudest frames where speech ends, at the latest
ABOVE_FLOOR = 0.3  # share of the way from the quietest to the loudest frames
CLOSED_GAP = 12  # frames; a stop consonant's silence is part of its word
LEAST_RUN = 6  # frames; a click is not speech


def speech_frames(waveform: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Frames of 10 ms that hold speech, of a recording without noise.

    A frame is speech where its energy over 25 ms lies above 30 % of the way from the recording's
    quietest tenth to its loudest twentieth, in decibels, and less than 38 dB below the latter.
    Gaps up to 0.12 s are closed and runs under 0.06 s dropped.

    Args:
        waveform: 16 kHz, ``[samples]``.

    Returns:
        ``[1 + samples // 160]``; frame ``t`` is centred at sample ``160 t``.
    """
    padded = np.pad(waveform.astype(np.float64) ** 2, WINDOW // 2)
    total = np.concatenate([[0.0], np.cumsum(padded)])
    starts = HOP * np.arange(1 + len(waveform) // HOP)
    level = 10 * np.log10((total[starts + WINDOW] - total[starts]) / WINDOW + 1e-10)
    floor, peak = np.percentile(level, (10, 95))
    if peak < -70 or peak - floor < 6:
        # Nothing there, or one unbroken sound: decide by the level alone.
        return np.full(len(level), peak >= -50)
    speech = level > max(floor + ABOVE_FLOOR * (peak - floor), peak - BELOW_PEAK)
    return _drop_runs(~_drop_runs(~speech, CLOSED_GAP, ends=False), LEAST_RUN, ends=True)


def keep_speech(
    waveform: NDArray[np.float32], frames: NDArray[np.bool_], margin: int = 8
) -> NDArray[np.float32]:
    """What is left of a recording when the pauses are cut out; all of it where nothing would be.

    Args:
        waveform: 16 kHz, ``[samples]``.
        frames: what `speech_frames` says of it.
        margin: frames of each pause that stay at either end.
    """
    wide = np.convolve(frames, np.ones(2 * margin + 1), mode="same") > 0
    samples = np.repeat(wide, HOP)[HOP // 2 :][: len(waveform)]
    kept = waveform[: len(samples)][samples]
    return kept if len(kept) else waveform


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def quietest(waveform: NDArray[np.float32], sample: int, within: int = 1600) -> int:
    """The start of the quietest 10 ms near a sample: words of a sentence often part there.

    Args:
        waveform: 16 kHz, ``[samples]``.
        sample: where to look; past the end means the end.
        within: samples to look at before and behind it.
    """
    first = max(0, sample - within)
    near = waveform[first : sample + within]
    frames = near[: len(near) // HOP * HOP].reshape(-1, HOP)
    if not len(frames):
        return min(sample, len(waveform))
    return first + HOP * int(np.square(frames).sum(axis=1).argmin())


def _drop_runs(flags: NDArray[np.bool_], least: int, *, ends: bool) -> NDArray[np.bool_]:
    """Runs shorter than ``least`` become false; those at either end too only if ``ends``."""
    kept = flags.copy()
    for start, end in runs(flags):
        inside = start > 0 and end < len(flags)
        if end - start < least and (inside or ends):
            kept[start:end] = False
    return kept
