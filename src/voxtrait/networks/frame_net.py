"""The speech detector's network: one probability a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from voxtrait.features.level import normalise_level
from voxtrait.networks.layers import ConvUnit, Level

if TYPE_CHECKING:
    from voxtrait.features.base import FrontEnd

__all__ = ["FrameNet"]


class FrameNet(nn.Module):
    """Front end, dilated depthwise convolutions, and how likely each frame of 10 ms is speech.

    Shape:
        waveform ``[B, samples]``, lengths ``[B]`` -> logits ``[B, T]``, ``T = 1 + samples // hop``

    Args:
        front_end: gives one frame every 10 ms.
        channels: channels of every layer.
        dilations: frames between the taps of each layer.
    """

    def __init__(
        self,
        front_end: FrontEnd,
        channels: int = 24,
        dilations: tuple[int, ...] = (1, 2, 4, 8, 8),
    ) -> None:
        super().__init__()
        self.front_end = front_end
        self.level = Level()
        self.bands = nn.BatchNorm1d(front_end.bands)
        self.stem = ConvUnit(front_end.bands, channels, kernel=1)
        self.around = nn.ModuleList(
            ConvUnit(channels, channels, kernel=5, dilation=d, groups=channels) for d in dilations
        )
        self.mix = nn.ModuleList(ConvUnit(channels, channels) for _ in dilations)
        self.answer = nn.Conv1d(channels, 1, 1)

    def forward(self, waveform: Tensor, lengths: Tensor) -> Tensor:
        """See the class."""
        return self.from_features(*self.front_end(normalise_level(waveform, lengths), lengths))

    def from_features(self, features: Tensor, mask: Tensor) -> Tensor:
        """Logits ``[B, T]`` of features and their mask, as the front end gives them."""
        x, _ = self.stem(self.bands(self.level(features, mask)) * mask, mask)
        for around, mix in zip(self.around, self.mix, strict=True):
            y, _ = around(x, mask)
            y, _ = mix(y, mask)
            x = x + y
        logits: Tensor = self.answer(x).squeeze(1)
        return logits


class SpeechProbabilities(nn.Module):
    """A frame network as it is exported: probabilities instead of logits, 0 behind the end."""

    def __init__(self, network: FrameNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, waveform: Tensor, lengths: Tensor) -> Tensor:
        """Waveform ``[B, samples]``, lengths ``[B]`` -> probabilities ``[B, T]``."""
        normal = normalise_level(waveform, lengths)
        features, mask = self.network.front_end(normal, lengths)
        speech: Tensor = torch.sigmoid(self.network.from_features(features, mask))
        real: Tensor = mask.squeeze(1)
        return speech * real
