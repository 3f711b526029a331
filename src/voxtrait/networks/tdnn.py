"""The flagship: a residual time-delay network, convolutions over time alone."""

from __future__ import annotations

from torch import Tensor, nn

from voxtrait.networks.base import Network
from voxtrait.networks.layers import AttentivePool, ConvUnit, SqueezeExcite

__all__ = ["Tdnn"]


class Tdnn(Network):
    """Bands as channels, residual blocks over time, attentive statistics.

    The bands are channels as in TC-ResNet (Choi et al., 2019, arXiv:1904.03814), because a
    convolution over time alone costs a tenth of a two-dimensional one of the same size; blocks with
    squeeze-and-excitation and the pooling follow ECAPA-TDNN (Desplanques et al., 2020,
    arXiv:2005.07143). Two strides of 2 leave 25 frames a second to the later blocks.

    Shape:
        features ``[B, bands, T]``, mask ``[B, 1, T]`` -> embedding ``[B, width]``

    Args:
        bands: features of a frame.
        channels: channels of every block.
        blocks: residual blocks; their dilations are 1, 2, 3, ...
        width: numbers in the embedding.
        dropout: share of the embedding that training drops before the heads hear it.
    """

    def __init__(
        self,
        bands: int,
        channels: int = 96,
        blocks: int = 4,
        width: int = 96,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        if not 0 <= dropout <= 1:
            raise ValueError(f"dropout is {dropout}; it must be from 0 to 1")
        self.width, self.dropout = width, dropout
        self.bands = nn.BatchNorm1d(bands)
        self.stem = ConvUnit(bands, channels, kernel=5, stride=2)
        self.blocks = nn.ModuleList(
            Block(channels, dilation=1 + index, stride=2 if index == 1 else 1)
            for index in range(blocks)
        )
        self.pool = AttentivePool(channels, bottleneck=max(8, channels // 4))
        self.embed = nn.Sequential(
            nn.BatchNorm1d(2 * channels),
            nn.Linear(2 * channels, width),
            nn.ReLU(),
        )

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """See the class."""
        x, mask = self.stem(self.bands(features) * mask, mask)
        for block in self.blocks:
            x, mask = block(x, mask)
        embedding: Tensor = self.embed(self.pool(x, mask))
        return embedding


class Block(nn.Module):
    """Dilated convolution, pointwise convolution, squeeze-and-excitation, and the input again.

    Shape:
        ``[B, C, T]``, mask ``[B, 1, T]`` -> ``[B, C, ceil(T / stride)]`` and its mask
    """

    def __init__(self, channels: int, dilation: int, stride: int) -> None:
        super().__init__()
        self.reduce = ConvUnit(channels, channels, kernel=3, stride=stride) if stride > 1 else None
        self.context = ConvUnit(channels, channels, kernel=3, dilation=dilation)
        self.mix = ConvUnit(channels, channels)
        self.gate = SqueezeExcite(channels, bottleneck=max(4, channels // 8))

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """See the shape above."""
        if self.reduce is not None:
            x, mask = self.reduce(x, mask)
        y, _ = self.context(x, mask)
        y, _ = self.mix(y, mask)
        return x + self.gate(y, mask), mask
