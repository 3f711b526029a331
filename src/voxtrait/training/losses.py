"""What training makes small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

if TYPE_CHECKING:
    from voxtrait.traits import Trait

__all__ = ["MISSING", "ordered_loss", "trait_loss"]

MISSING = -100  # a label that nobody knows: left out of the loss


def trait_loss(trait: Trait, logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    """Mean loss of the rows whose label is known; 0 where none is.

    Args:
        trait: decides which loss; one with years behind its labels is an ordered quantity.
        logits: ``[B, labels]``.
        targets: label numbers ``[B]``, -100 where unknown.
        smoothing: share of the truth that is spread over all labels.
    """
    known = targets != MISSING
    if not bool(known.any()):
        return logits.sum() * 0
    logits, targets = logits[known], targets[known]
    if trait.edges:
        return ordered_loss(logits, targets)
    return F.cross_entropy(logits, targets, label_smoothing=smoothing)


def ordered_loss(logits: Tensor, targets: Tensor, weights: Tensor | None = None) -> Tensor:
    """Cross-entropy, and that of "older than" at every border between two labels.

    The logarithmic form of the ranked probability score (Epstein, 1969): being wrong by one label
    costs less than being wrong by three, and the true distribution still costs least of all.

    Args:
        logits: ``[B, labels]``, labels in order.
        targets: label numbers ``[B]``.
        weights: of the rows, ``[B]``, summing to 1; all alike where there are none.
    """
    log_p = F.log_softmax(logits, dim=1)
    borders = range(1, logits.shape[1])
    below = torch.stack([log_p[:, :b].logsumexp(dim=1) for b in borders], dim=1)
    above = torch.stack([log_p[:, b:].logsumexp(dim=1) for b in borders], dim=1)
    older = targets.unsqueeze(1) >= torch.arange(1, logits.shape[1], device=targets.device)
    ranked = -torch.where(older, above, below).mean(dim=1)
    each = 0.5 * F.nll_loss(log_p, targets, reduction="none") + ranked
    return each.mean() if weights is None else (weights * each).sum()
