"""Mel-frequency cepstral coefficients."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from voxtrait.features.base import FrontEnd
from voxtrait.features.log_mel import LogMel

__all__ = ["Mfcc"]


class Mfcc(FrontEnd):
    """Orthonormal cosine transform (DCT-II) of a log-mel spectrogram (Davis and Mermelstein, 1980).

    Shape:
        waveform ``[B, samples]``, lengths ``[B]`` -> features ``[B, bands, T]``, mask ``[B, 1, T]``

    Args:
        bands: coefficients that are kept, at most ``mels``.
        mels: mel bands they are made of.
        sample_rate: Hz.
        window: samples under one Hann window.
        hop: samples between two frames.
    """

    def __init__(
        self,
        bands: int = 20,
        mels: int = 64,
        sample_rate: int = 16_000,
        window: int = 400,
        hop: int = 160,
    ) -> None:
        super().__init__()
        self.log_mel = LogMel(mels, sample_rate, window, hop)
        self.bands, self.sample_rate, self.hop = bands, sample_rate, hop
        self.cosines = nn.Buffer(cosines(bands, mels).float(), persistent=False)

    def forward(self, waveform: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        features, mask = self.log_mel(waveform, lengths)
        return torch.matmul(self.cosines, features), mask


def cosines(bands: int, mels: int) -> Tensor:
    """Rows of the orthonormal DCT-II: ``[bands, mels]``, double."""
    place = torch.arange(mels, dtype=torch.float64) + 0.5
    order = torch.arange(bands, dtype=torch.float64)[:, None]
    rows = torch.cos(math.pi / mels * order * place) * math.sqrt(2 / mels)
    rows[0] /= math.sqrt(2)
    return rows
