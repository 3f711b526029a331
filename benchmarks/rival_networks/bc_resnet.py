"""Broadcasted residual learning (Kim et al., 2021, arXiv:2106.04140), written from the paper."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rival_networks.parts import Bands, depthwise, mean_over_time
from voxtrait.networks import Network

__all__ = ["BcResNet"]

# Of the paper's first table: channels for a scale of 1, blocks, stride over bands, dilation.
STAGES = ((8, 2, 1, 1), (12, 2, 2, 2), (16, 4, 2, 4), (20, 4, 1, 8))
STEM, LAST = 16, 32  # channels for a scale of 1
SUB_BANDS = (5, 4)  # the paper has 5, of 40 bands; 64 bands cannot be cut so


class BcResNet(Network):
    """The features as an image that is halved over bands three times, and never over time.

    Shape:
        features ``[B, bands, T]``, mask ``[B, 1, T]`` -> embedding ``[B, 32 scale]``

    Args:
        bands: features of a frame; a multiple of 40 or of 32.
        scale: of all channels; the paper's names end with it (BC-ResNet-8).
    """

    def __init__(self, bands: int, scale: float) -> None:
        super().__init__()
        self.bands = Bands(bands)
        channels, high = round(STEM * scale), bands // 2
        sub_bands = next(count for count in SUB_BANDS if bands // 8 % count == 0)
        self.stem = nn.Sequential(
            nn.Conv2d(1, channels, 5, stride=(2, 1), padding=2, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
        )
        blocks: list[Block] = []
        for base, count, stride, dilation in STAGES:
            high //= stride
            for index in range(count):
                step = stride if index == 0 else 1
                blocks.append(Block(channels, round(base * scale), high, step, dilation, sub_bands))
                channels = round(base * scale)
        self.blocks = nn.ModuleList(blocks)
        self.width = round(LAST * scale)
        # Over all bands that are left, so that one stays.
        self.gather = nn.Conv2d(
            channels, channels, (high, 5), padding=(0, 2), groups=channels, bias=False
        )
        self.mix = nn.Sequential(
            nn.Conv2d(channels, self.width, 1, bias=False), nn.BatchNorm2d(self.width), nn.ReLU()
        )

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """See the class."""
        image = self.stem(self.bands(features, mask).unsqueeze(1))
        for block in self.blocks:
            image = block(image, mask)
        row = self.mix(self.gather(image * mask.unsqueeze(2)))  # [B, width, 1, T]
        return mean_over_time(row.squeeze(2), mask)


class Block(nn.Module):
    """A convolution over bands; one over time of its mean, added back to every band.

    A block that changes the number of channels starts with a pointwise convolution, and its input
    is not added to its result.

    Shape:
        ``[B, in, bands, T]``, mask ``[B, 1, T]`` -> ``[B, out, bands / stride, T]``

    Args:
        channels_in: channels of the input.
        channels_out: channels of the result.
        high: bands of the result.
        stride: bands from one result to the next.
        dilation: frames from one tap to the next.
        sub_bands: parts of the bands that are normalised apart.
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        high: int,
        stride: int,
        dilation: int,
        sub_bands: int,
    ) -> None:
        super().__init__()
        self.same = channels_in == channels_out and stride == 1
        entry = [
            nn.Conv2d(channels_in, channels_out, 1, bias=False),
            nn.BatchNorm2d(channels_out),
            nn.ReLU(),
        ]
        self.over_bands = nn.Sequential(
            *([] if self.same else entry),
            depthwise(channels_out, (3, 1), (stride, 1)),
            SubSpectralNorm(channels_out, high, sub_bands),
        )
        self.over_time = nn.Sequential(
            depthwise(channels_out, (1, 3), dilation=dilation),
            nn.BatchNorm2d(channels_out),
            nn.SiLU(),
            nn.Conv2d(channels_out, channels_out, 1, bias=False),
            nn.Dropout2d(0.1),
        )

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """See the shape above."""
        bands = self.over_bands(x)
        # Only the convolution over time could bring in what stands behind a row's end.
        row = self.over_time(bands.mean(dim=2, keepdim=True) * mask.unsqueeze(2))
        y = bands + row
        return F.relu(x + y if self.same else y)


class SubSpectralNorm(nn.Module):
    """Batch normalisation of parts of the bands apart (Chang et al., 2021, arXiv:2103.13620).

    Shape:
        ``[B, C, bands, T]`` -> the same
    """

    def __init__(self, channels: int, high: int, sub_bands: int) -> None:
        super().__init__()
        self.channels, self.high, self.sub_bands = channels, high, sub_bands
        self.normalise = nn.BatchNorm2d(channels * sub_bands)

    def forward(self, x: Tensor) -> Tensor:
        """See the shape above."""
        norm = self.normalise
        if self.training:
            split = x.reshape(len(x), norm.num_features, self.high // self.sub_bands, -1)
            normal: Tensor = norm(split)
            return normal.reshape(x.shape)
        # A product and a sum, which an exported graph does faster than two changes of shape.
        assert norm.running_var is not None
        assert norm.running_mean is not None
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        shift = norm.bias - norm.running_mean * scale
        return x * self._spread(scale) + self._spread(shift)

    def _spread(self, values: Tensor) -> Tensor:
        """One value a channel and band, ``[C, bands, 1]``."""
        every = values.repeat_interleave(self.high // self.sub_bands)
        return every.reshape(self.channels, self.high, 1)
