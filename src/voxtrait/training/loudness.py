"""Powers of bands back to levels, as loud on average as what they were made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.features.log_mel import FLOOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["levels_at"]


def levels_at(mean: np.float32, power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Natural-log levels of powers scaled to a mean.

    Args:
        mean: of the powers afterwards, over all frames and bands.
        power: of bands, ``[frames, bands]``; scaled in place.

    Returns:
        ``[frames, bands]``; silence rises by the floor of the levels, up to 3 dB.
    """
    power *= mean / max(float(power.mean()), 1e-12)
    levels: NDArray[np.float32] = np.log(power + np.float32(FLOOR))
    return levels
