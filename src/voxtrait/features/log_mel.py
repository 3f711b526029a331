"""Log-mel spectrograms."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from voxtrait.features.base import FrontEnd, valid
from voxtrait.features.fourier import PowerSpectrum

__all__ = ["LogMel"]

FLOOR = 1e-6


class LogMel(FrontEnd):
    """Natural logarithm of the power in triangular bands, evenly spaced on the mel scale.

    ``tests/features`` holds it to ``librosa.feature.melspectrogram`` with ``htk=True, norm=None``,
    a periodic Hann window and frames centred by zeros.

    Shape:
        waveform ``[B, samples]``, lengths ``[B]`` -> features ``[B, bands, T]``, mask ``[B, 1, T]``
        where ``T = 1 + samples // hop``

    Args:
        bands: number of mel bands, at most as many as a spectrum has bins.
        sample_rate: Hz.
        window: samples under one Hann window.
        hop: samples between two frames; it divides ``window`` or twice ``window``.
        low: Hz where the lowest band begins.
        high: Hz where the highest band ends; 0 stands for half the sample rate.
    """

    def __init__(
        self,
        bands: int = 64,
        sample_rate: int = 16_000,
        window: int = 400,
        hop: int = 160,
        low: float = 20.0,
        high: float = 0.0,
    ) -> None:
        super().__init__()
        if not 1 <= bands <= window // 2 + 1:
            raise ValueError(
                f"bands is {bands}; a window of {window} samples has at most {window // 2 + 1}"
            )
        self.bands, self.sample_rate, self.window, self.hop = bands, sample_rate, window, hop
        self.spectrum = PowerSpectrum(window)
        hann = torch.hann_window(window, periodic=True, dtype=torch.float64).float()
        self.hann = nn.Buffer(hann, persistent=False)
        filters = mel_filters(bands, sample_rate, window, low, high or sample_rate / 2)
        bins = self.spectrum.frequency
        ordered = filters[:, bins.clamp(min=0)] * (bins >= 0)
        self.filters = nn.Buffer(ordered.T.float().contiguous(), persistent=False)

    def forward(self, waveform: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        return self.bands_of(self.power(waveform, lengths), lengths)

    def power(self, waveform: Tensor, lengths: Tensor) -> Tensor:
        """Power spectra ``[B, T, columns]`` of the frames, the columns in `spectrum`'s order."""
        real = waveform * valid(lengths, waveform)
        spectra: Tensor = self.spectrum(self.cut(real) * self.hann)
        return spectra

    def bands_of(self, power: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Power spectra to features and mask."""
        frames = 1 + torch.div(lengths, self.hop, rounding_mode="trunc")
        features = torch.log(torch.matmul(power, self.filters) + FLOOR).transpose(1, 2)
        mask = valid(frames, features).unsqueeze(1)
        return features * mask, mask

    def cut(self, waveform: Tensor) -> Tensor:
        """Overlapping frames ``[B, T, window]``, the first centred on the first sample.

        Built of slices of the signal laid out in rows of one hop, which every runtime does fast.
        """
        margin = self.window // 2
        rows = -(-self.window // self.hop)
        # As many whole rows as frames begin in, and the further ones that the last reaches into.
        padded = F.pad(waveform, (margin, rows * self.hop - margin))
        count = torch.div(waveform.shape[1], self.hop, rounding_mode="trunc") + rows
        whole = padded[:, : count * self.hop]
        table = whole.reshape(whole.shape[0], -1, self.hop)
        # Cut by places from the end: a graph then need not work out how many frames there are.
        parts = [table[:, row : row + 1 - rows or None] for row in range(rows)]
        return torch.cat(parts, dim=2)[:, :, : self.window]


def mel_filters(bands: int, sample_rate: int, window: int, low: float, high: float) -> Tensor:
    """Triangles evenly spaced on O'Shaughnessy's mel scale: ``[bands, window // 2 + 1]``, double.

    Each rises from 0 at its lower neighbour's centre to 1 at its own and falls back to 0.

    Raises:
        ValueError: not ``0 <= low < high <= sample_rate / 2``.
    """
    if not 0 <= low < high <= sample_rate / 2:
        raise ValueError(f"bands from {low} to {high} Hz do not fit {sample_rate} samples a second")
    ends = 2595 * torch.log10(1 + torch.tensor([low, high], dtype=torch.float64) / 700)
    mels = torch.linspace(float(ends[0]), float(ends[1]), bands + 2, dtype=torch.float64)
    edges = 700 * (10 ** (mels / 2595) - 1)
    bins = torch.linspace(0, sample_rate / 2, window // 2 + 1, dtype=torch.float64)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return torch.minimum(rising, falling).clamp(min=0)
