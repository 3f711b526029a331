"""Depthwise separable convolutions over time (Majumdar and Ginsburg, 2020, arXiv:2004.08531)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rival_networks.parts import Bands, mean_over_time
from voxtrait.networks import Network

__all__ = ["MatchboxNet"]

KERNELS = (13, 15, 17)  # of the blocks
SUB_BLOCKS = 2


class MatchboxNet(Network):
    """MatchboxNet-3x2 of the paper: the bands are channels, the kernels long.

    Shape:
        features ``[B, bands, T]``, mask ``[B, 1, T]`` -> embedding ``[B, wide]``

    Args:
        bands: features of a frame.
        channels: of the blocks.
        wide: channels before and behind them.
        stride: frames from one result of the first convolution to the next; the paper's is 1.
    """

    def __init__(self, bands: int, channels: int, wide: int = 128, stride: int = 1) -> None:
        super().__init__()
        self.width = wide
        self.bands = Bands(bands)
        self.first = Separable(bands, wide, kernel=11, stride=stride)
        self.blocks = nn.ModuleList(
            Block(wide if index == 0 else channels, channels, kernel)
            for index, kernel in enumerate(KERNELS)
        )
        self.second = Separable(channels, wide, kernel=29, dilation=2)
        self.third = nn.Sequential(
            nn.Conv1d(wide, wide, 1, bias=False), nn.BatchNorm1d(wide), nn.ReLU()
        )

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """See the class."""
        x, mask = self.first(self.bands(features, mask), mask)
        x = torch.relu(x) * mask
        for block in self.blocks:
            x = block(x, mask)
        x, mask = self.second(x, mask)
        return mean_over_time(self.third(torch.relu(x)), mask)


class Block(nn.Module):
    """Two separable convolutions beside a pointwise one.

    Shape:
        ``[B, in, T]``, mask ``[B, 1, T]`` -> ``[B, out, T]``
    """

    def __init__(self, channels_in: int, channels_out: int, kernel: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            Separable(channels_in if index == 0 else channels_out, channels_out, kernel)
            for index in range(SUB_BLOCKS)
        )
        self.beside = nn.Sequential(
            nn.Conv1d(channels_in, channels_out, 1, bias=False), nn.BatchNorm1d(channels_out)
        )
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """See the shape above."""
        y = x
        for index, convolution in enumerate(self.convolutions):
            y, _ = convolution(y if index == 0 else self.drop(torch.relu(y)) * mask, mask)
        both: Tensor = self.drop(torch.relu(y + self.beside(x)))
        return both * mask


class Separable(nn.Module):
    """A depthwise convolution, a pointwise one and batch normalisation.

    Shape:
        ``[B, in, T]``, mask ``[B, 1, T]`` -> ``[B, out, ceil(T / stride)]`` and its mask
    """

    def __init__(
        self, channels_in: int, channels_out: int, kernel: int, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        self.stride = stride
        self.layers = nn.Sequential(
            nn.Conv1d(
                channels_in,
                channels_in,
                kernel,
                stride=stride,
                padding=dilation * (kernel // 2),
                dilation=dilation,
                groups=channels_in,
                bias=False,
            ),
            nn.Conv1d(channels_in, channels_out, 1, bias=False),
            nn.BatchNorm1d(channels_out),
        )

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """See the shape above."""
        return self.layers(x), mask[:, :, :: self.stride]
