"""What every network promises."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn

__all__ = ["Network"]


class Network(nn.Module, ABC):
    """Features of several lengths to one embedding a row.

    Frames behind a row's end never change its embedding, nor does a neighbour in the batch.

    Shape:
        features ``[B, bands, T]``, mask ``[B, 1, T]`` -> embedding ``[B, width]``

    Attributes:
        width: numbers in an embedding.
        dropout: share of an embedding that training drops before the heads hear it.
        seconds: the one length that the network takes; ``None`` for any.
    """

    width: int
    dropout: float = 0.0
    seconds: float | None = None

    @abstractmethod
    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """See the shape above."""
