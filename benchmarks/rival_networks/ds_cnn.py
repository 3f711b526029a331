"""Depthwise separable convolutions over bands and time (Zhang et al., 2017, arXiv:1711.07128)."""

from __future__ import annotations

from torch import Tensor, nn

from rival_networks.parts import Bands, depthwise, mean_over_time
from voxtrait.networks import Network

__all__ = ["DsCnn"]


class DsCnn(Network):
    """The features as an image of one channel; DS-CNN of the paper, with an odd first kernel.

    The paper's large network strides over time in the first convolution and over both in the first
    block; its small one over both in the first convolution and nowhere else.

    Shape:
        features ``[B, bands, T]``, mask ``[B, 1, T]`` -> embedding ``[B, channels]``

    Args:
        bands: features of a frame.
        channels: of every layer.
        blocks: depthwise and pointwise convolutions.
        first: bands and frames from one result of the first convolution to the next.
        second: the same, of the first block.
    """

    def __init__(
        self,
        bands: int,
        channels: int,
        blocks: int = 5,
        first: tuple[int, int] = (1, 2),
        second: tuple[int, int] = (2, 2),
    ) -> None:
        super().__init__()
        self.width, self.stride = channels, first[1]
        self.bands = Bands(bands)
        self.stem = nn.Sequential(
            nn.Conv2d(1, channels, (5, 9), stride=first, padding=(2, 4), bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
        )
        self.blocks = nn.ModuleList(
            Separable(channels, second if index == 0 else (1, 1)) for index in range(blocks)
        )

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """See the class."""
        image = self.stem(self.bands(features, mask).unsqueeze(1))  # [B, C, bands, T / stride]
        mask = mask[:, :, :: self.stride]
        image = image * mask.unsqueeze(2)
        for block in self.blocks:
            image, mask = block(image, mask)
        return mean_over_time(image.mean(dim=2), mask)


class Separable(nn.Module):
    """A depthwise convolution, then a pointwise one.

    Shape:
        ``[B, C, bands, T]``, mask ``[B, 1, T]`` -> the same, over the strides, and its mask
    """

    def __init__(self, channels: int, stride: tuple[int, int]) -> None:
        super().__init__()
        self.stride = stride[1]
        self.layers = nn.Sequential(
            depthwise(channels, (3, 3), stride),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
        )

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """See the shape above."""
        mask = mask[:, :, :: self.stride]
        return self.layers(x) * mask.unsqueeze(2), mask
