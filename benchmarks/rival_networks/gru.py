"""A recurrent network: gated recurrent units (Cho et al., 2014, arXiv:1406.1078)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rival_networks.parts import Bands
from voxtrait.networks import Network
from voxtrait.networks.layers import ConvUnit

__all__ = ["Gru"]


class Gru(Network):
    """Units that read forwards; the embedding is their state at each row's last real frame.

    Forwards alone, for a backward pass would begin in the padding.

    Shape:
        features ``[B, bands, T]``, mask ``[B, 1, T]`` -> embedding ``[B, hidden]``

    Args:
        bands: features of a frame.
        hidden: units of a layer.
        layers: one above the other.
        stride: above 1 a convolution stands in front that leaves every so manieth frame.
    """

    def __init__(self, bands: int, hidden: int, layers: int = 2, stride: int = 1) -> None:
        super().__init__()
        self.width, self.layers = hidden, layers
        self.bands = Bands(bands)
        self.stem = ConvUnit(bands, hidden, kernel=5, stride=stride) if stride > 1 else None
        self.units = nn.GRU(hidden if stride > 1 else bands, hidden, layers, batch_first=True)

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """See the class."""
        x = self.bands(features, mask)
        if self.stem is not None:
            x, mask = self.stem(x, mask)
        start = torch.zeros(self.layers, x.shape[0], self.width, device=x.device)
        states, _ = self.units(x.transpose(1, 2), start)
        last = mask.sum(dim=2).long().clamp(min=1) - 1  # [B, 1]
        picked: Tensor = states.gather(1, last.unsqueeze(2).expand(-1, 1, self.width))
        return picked.squeeze(1)
