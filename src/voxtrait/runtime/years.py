"""Years out of probabilities of age groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

__all__ = ["quantiles", "typical_years"]


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


def typical_years(probabilities: ArrayLike, edges: Sequence[float]) -> float:
    """The middle of the group that the median lies in.

    Corpora give ages by decade. Of those the median of the groups' middles is off by the fewest
    years on average; a year in between would claim what nobody was trained on. The outer groups
    are open: their middle lies as far from their inner border as that of their neighbour does from
    its own.

    Args:
        probabilities: of the groups, ``[groups]``, summing to 1.
        edges: borders of the groups in years, rising, ``[groups + 1]``.

    Returns:
        Years, within the edges.
    """
    borders, below = np.asarray(edges, np.float64), np.cumsum(probabilities)
    widths = np.diff(borders)
    middles = borders[:-1] + widths / 2
    if len(widths) > 2:
        middles[0] = borders[1] - widths[1] / 2
        middles[-1] = borders[-2] + widths[-2] / 2
    return float(middles[np.searchsorted(below, below[-1] / 2)])
