"""Layers over time that leave the padding of a batch out of every sum."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from voxtrait.features.pitch_statistics import PitchStatistics

__all__ = ["AttentivePool", "ConvUnit", "Level", "PitchHead", "SqueezeExcite"]


class Level(nn.Module):
    """Subtract each row's loudness from its log-mel features and cut off what is far below it.

    The loudness is the logarithm of the mean power over real frames and bands. A window cut from a
    longer recording is so at the level that it would have alone.

    Shape:
        features ``[B, bands, T]``, mask ``[B, 1, T]`` -> ``[B, bands, T]``

    Args:
        depth: natural-log units below the loudness where the floor lies; 9 is 39 dB.
    """

    def __init__(self, depth: float = 9.0) -> None:
        super().__init__()
        self.depth = depth

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """See the shape above."""
        count = mask.sum(dim=2, keepdim=True).clamp(min=1) * features.shape[1]
        power = (features.exp() * mask).sum(dim=(1, 2), keepdim=True) / count
        loudness = torch.log(power + 1e-12)
        return (features - loudness).clamp(min=-self.depth) * mask


class ConvUnit(nn.Module):
    """Convolution over time, batch normalisation, ReLU; zero behind each row's end.

    Shape:
        ``[B, in, T]``, mask ``[B, 1, T]`` -> ``[B, out, ceil(T / stride)]`` and its mask

    Args:
        channels_in: channels of the input.
        channels_out: channels of the result.
        kernel: taps, odd.
        stride: frames from one result to the next.
        dilation: frames from one tap to the next.
        groups: groups of channels that see only each other; ``channels_in`` is depthwise.
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        kernel: int = 1,
        stride: int = 1,
        dilation: int = 1,
        groups: int = 1,
    ) -> None:
        super().__init__()
        self.stride = stride
        self.convolution = nn.Conv1d(
            channels_in,
            channels_out,
            kernel,
            stride=stride,
            padding=dilation * (kernel // 2),
            dilation=dilation,
            groups=groups,
            bias=False,
        )
        self.normalise = nn.BatchNorm1d(channels_out)

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """See the shape above."""
        if self.stride > 1:
            mask = mask[:, :, :: self.stride]
        return torch.relu(self.normalise(self.convolution(x))) * mask, mask


class SqueezeExcite(nn.Module):
    """Scale each channel by what the whole row holds (Hu et al., 2018, arXiv:1709.01507).

    Shape:
        ``[B, C, T]``, mask ``[B, 1, T]`` -> ``[B, C, T]``
    """

    def __init__(self, channels: int, bottleneck: int) -> None:
        super().__init__()
        self.squeeze = nn.Linear(channels, bottleneck)
        self.excite = nn.Linear(bottleneck, channels)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """See the shape above."""
        mean = x.sum(dim=2) / mask.sum(dim=2).clamp(min=1)
        scale = torch.sigmoid(self.excite(torch.relu(self.squeeze(mean))))
        return x * scale.unsqueeze(2)


class AttentivePool(nn.Module):
    """Attentive statistics pooling (Okabe et al., 2018, arXiv:1803.10963).

    Each channel's mean and standard deviation over time, weighed by how much a frame tells.

    Shape:
        ``[B, C, T]``, mask ``[B, 1, T]`` -> ``[B, 2 C]``
    """

    def __init__(self, channels: int, bottleneck: int) -> None:
        super().__init__()
        self.attend = nn.Sequential(
            nn.Conv1d(channels, bottleneck, 1), nn.Tanh(), nn.Conv1d(bottleneck, channels, 1)
        )

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """See the shape above."""
        # -1e4 rather than minus infinity: exact zeros after softmax, and no NaN in any runtime.
        weight = torch.softmax(self.attend(x) + (mask - 1) * 1e4, dim=2)
        mean = (weight * x).sum(dim=2)
        variance = (weight * (x - mean.unsqueeze(2)).square()).sum(dim=2)
        return torch.cat([mean, torch.sqrt(variance + 1e-5)], dim=1)


class PitchHead(nn.Module):
    """A linear layer on the statistics of the pitch.

    So few numbers cannot know a speaker by heart. It says nothing until
    `voxtrait.training.pitch_fit` has found its weights.

    Shape:
        levels ``[B, bands, T]``, pitch ``[B, 2, T]``, mask ``[B, 1, T]`` -> ``[B, labels]``

    Args:
        labels: how many scores it gives.
    """

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.statistics = PitchStatistics()
        self.answer = nn.Linear(self.statistics.width, labels)
        nn.init.zeros_(self.answer.weight)
        nn.init.zeros_(self.answer.bias)

    def forward(self, levels: Tensor, pitch: Tensor, mask: Tensor) -> Tensor:
        """See the shape above."""
        logits: Tensor = self.answer(self.statistics(levels, pitch, mask))
        return logits
