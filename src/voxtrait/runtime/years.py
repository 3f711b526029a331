"""Years out of probabilities of age groups. In plain numbers: there are six of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["quantiles", "typical_years"]


def quantiles(
    probabilities: Iterable[float], edges: Sequence[float], shares: Sequence[float]
) -> list[float]:
    """Quantiles of the distribution that is uniform within each group.

    Args:
        probabilities: of the groups, ``[groups]``, summing to 1.
        edges: borders of the groups in years, rising, ``[groups + 1]``.
        shares: of the population below each quantile, 0 to 1; 0.5 is the median.

    Returns:
        Years, one a share, within the edges.
    """
    sums = [0.0, *accumulate(probabilities)]
    below = [value / sums[-1] for value in sums]

    def quantile(share: float) -> float:
        if share >= 1:
            return edges[-1]
        group = bisect_right(below, share) - 1
        inside = (share - below[group]) / (below[group + 1] - below[group])
        return edges[group] + inside * (edges[group + 1] - edges[group])

    return [quantile(share) for share in shares]


def typical_years(probabilities: Iterable[float], edges: Sequence[float]) -> float:
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
    sums = list(accumulate(probabilities))
    group, last = bisect_left(sums, sums[-1] / 2), len(sums) - 1
    low, high = edges[group], edges[group + 1]
    if last > 1 and group == 0:
        return high - (edges[2] - edges[1]) / 2
    if last > 1 and group == last:
        return low + (edges[-2] - edges[-3]) / 2
    return low + (high - low) / 2
