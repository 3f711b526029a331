"""Where a word's recording begins and ends, moved after the features were made.

One program cuts words close, another leaves half a second of silence around them; whoever heard
only one of them takes the cut for a part of the word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.masks import SILENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["mean_power", "surround", "trim"]

DB = np.log(10) / 10  # natural-log units of power in a decibel
LEAST = 8  # frames that a word keeps
ENDED = 0.4  # share of the sides where the recording ends
# Standard deviation of a band's level of a steady hiss over time: that of the logarithm of a
# chi-squared variable of six degrees of freedom, three bins in a band; low bands hold fewer.
RIPPLE = np.float32(0.63)


def trim(
    example: NDArray[np.float32],
    rng: np.random.Generator,
    below_db: tuple[float, float] = (18.0, 50.0),
) -> NDArray[np.float32]:
    """Cut off what is quieter than a threshold at either end, as programs that record words do.

    Args:
        example: natural-log levels of bands, ``[frames, bands]``.
        rng: draws the threshold.
        below_db: least and most decibels under the loudest frame where a word is cut off.

    Returns:
        A view of it, ``[frames or less, bands]``, of at least 8 frames where it has so many.
    """
    loudness = example.max(axis=1)  # of the loudest band: a hiss counts as much as a vowel
    loud = np.flatnonzero(loudness > loudness.max() - DB * rng.uniform(*below_db))
    first, last = int(loud[0]), int(loud[-1]) + 1
    if last - first < LEAST:
        return example
    return example[first:last]


def surround(
    example: NDArray[np.float32],
    rng: np.random.Generator,
    frames: tuple[int, int] = (8, 15),
    below_db: tuple[float, float] = (20.0, 80.0),
) -> NDArray[np.float32]:
    """Put silence before and behind: a steady hiss or hum of any colour, or nothing at all.

    Either side of two in five words is digital silence, as the runtime puts it there where a
    recording ends within a word's surroundings.

    Args:
        example: natural-log levels of bands, ``[frames, bands]``.
        rng: draws how long, and what.
        frames: least and most that either side gets; the runtime leaves 15 around a word.
        below_db: least and most decibels that a hiss lies below the example's mean power.

    Returns:
        ``[frames or more, bands]``.
    """
    bands = example.shape[1]
    before, behind, below, *ended = rng.random(5).tolist()
    first, after = (frames[0] + int(u * (frames[1] - frames[0] + 1)) for u in (before, behind))
    level = mean_power(example) - DB * (below_db[0] + below * (below_db[1] - below_db[0]))
    colour = np.interp(np.arange(bands), np.linspace(0, bands - 1, 5), rng.normal(level, 1.5, 5))
    made = np.empty((first + len(example) + after, bands), np.float32)
    made[first : first + len(example)] = example
    sides = (made[:first], made[first + len(example) :])
    for silence, end in zip(sides, ended, strict=True):
        if end < ENDED:
            silence[:] = SILENCE
            continue
        ripple = RIPPLE * rng.standard_normal(silence.shape, np.float32)
        np.maximum(ripple + colour.astype(np.float32), SILENCE, out=silence)
    return made


def mean_power(example: NDArray[np.float32]) -> float:
    """Natural logarithm of the mean over frames and bands of levels ``[frames, bands]``."""
    return float(np.log(float(np.exp(example).mean()) + 1e-12))
