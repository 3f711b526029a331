"""What hides parts of an example from the network, so that it relies on no part alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["mask", "narrow"]


def narrow(example: NDArray[np.float32], rng: np.random.Generator) -> None:
    """The lowest and highest bands fall silent, as on a telephone, in place.

    On the mel scale up to 8 kHz 300 Hz lie at 0.14 and 3.4 kHz at 0.70.

    Args:
        example: levels of bands from low to high, ``[frames, bands]``.
        rng: draws how many.
    """
    bands, silence = example.shape[1], example.min()
    example[:, : round(bands * rng.uniform(0.0, 0.17))] = silence
    example[:, round(bands * rng.uniform(0.66, 0.85)) :] = silence


def mask(example: NDArray[np.float32], bands: int, frames: int, rng: np.random.Generator) -> None:
    """Two stretches of bands and one of time become the example's mean, in place.

    SpecAugment (Park et al., 2019, arXiv:1904.08779).

    Args:
        example: ``[frames, bands]``.
        bands: most that a stretch of bands covers, at most all of them.
        frames: most that the stretch of time covers; a quarter of the example at most.
        rng: draws how long and where they are.
    """
    fill = example.mean()
    for wide in rng.integers(0, bands + 1, size=2):
        low = int(rng.integers(0, example.shape[1] - wide + 1))
        example[:, low : low + wide] = fill
    long = int(rng.integers(0, min(frames, len(example) // 4) + 1))
    first = int(rng.integers(0, len(example) - long + 1))
    example[first : first + long] = fill
