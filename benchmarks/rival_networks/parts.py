"""What several rivals are made of. The mask is 1 for a row's real frames, ``[B, 1, T]``."""

from __future__ import annotations

from torch import Tensor, nn

__all__ = ["Bands", "depthwise", "mean_over_time"]


class Bands(nn.Module):
    """Each band with mean 0 and deviation 1 over the training, as the package's own network has it.

    Shape:
        features ``[B, bands, T]``, mask ``[B, 1, T]`` -> ``[B, bands, T]``, 0 behind a row's end
    """

    def __init__(self, bands: int) -> None:
        super().__init__()
        self.normalise = nn.BatchNorm1d(bands)

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """See the shape above."""
        normal: Tensor = self.normalise(features)
        return normal * mask


def depthwise(
    channels: int, kernel: tuple[int, int], stride: tuple[int, int] = (1, 1), dilation: int = 1
) -> nn.Conv2d:
    """One filter a channel over ``[B, C, bands, T]``.

    Args:
        channels: of input and result.
        kernel: taps over bands and over time, odd.
        stride: bands and frames from one result to the next.
        dilation: frames from one tap to the next.
    """
    high, wide = kernel
    return nn.Conv2d(
        channels,
        channels,
        kernel,
        stride=stride,
        padding=(high // 2, dilation * (wide // 2)),
        dilation=(1, dilation),
        groups=channels,
        bias=False,
    )


def mean_over_time(x: Tensor, mask: Tensor) -> Tensor:
    """Mean over the real frames: ``[B, C, T]`` -> ``[B, C]``."""
    return (x * mask).sum(dim=2) / mask.sum(dim=2).clamp(min=1)
