"""The speech detector's network: one probability a frame."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from voxtrait.features.base import FrontEnd, valid
from voxtrait.features.level import normalise_level
from voxtrait.networks.layers import ConvUnit, Level

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
        features, frames = self.front_end(normalise_level(waveform, lengths), lengths)
        return self.from_features(features, frames)

    def from_features(self, features: Tensor, frames: Tensor) -> Tensor:
        """Logits ``[B, T]`` of features that the front end gave."""
        mask = valid(frames, features).unsqueeze(1)
        x, _ = self.stem(self.bands(self.level(features, mask)) * mask, frames)
        for around, mix in zip(self.around, self.mix, strict=True):
            y, _ = around(x, frames)
            y, _ = mix(y, frames)
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
        speech = torch.sigmoid(self.network(waveform, lengths))
        hop = self.network.front_end.hop
        return speech * valid(1 + torch.div(lengths, hop, rounding_mode="floor"), speech)
