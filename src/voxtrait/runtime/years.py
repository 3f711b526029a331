"""Years out of probabilities of age groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

__all__ = ["quantiles"]


def quantiles(
    probabilities: ArrayLike, edges: Sequence[float], shares: Sequence[float]
) -> list[float]:
    """Quantiles of the distribution that is uniform within each group.

    Args:
        probabilities: of the groups, ``[groups]``, summing to 1.
        edges: borders of the groups in years, rising, ``[groups + 1]``.
        shares: of the population below each quantile, 0 to 1; 0.5 is the median.

    Returns:
        Years, one a share, within the edges.
    """
    below = np.concatenate([[0.0], np.cumsum(probabilities)])
    return [float(year) for year in np.interp(shares, below / below[-1], edges)]
