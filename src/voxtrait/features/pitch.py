"""The pitch of a voice, frame by frame, from spectra that are there anyway."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from voxtrait.features.base import FrontEnd
from voxtrait.features.log_mel import FLOOR, LogMel

if TYPE_CHECKING:
    from voxtrait.features.fourier import PowerSpectrum

__all__ = ["CENTRE_HZ", "LogMelPitch", "Pitch"]

LOWEST_HZ, HIGHEST_HZ = 60.0, 420.0
CENTRE_HZ = 150.0  # where the pitch feature is 0
LAGS = 96  # a third of a semitone, 2 %, from one to the next
UP_TO_HZ = 1000.0  # harmonics above are blurred by changes of the pitch within a frame
LOWEST_BIN = 2  # a constant, which is alike at every lag, leaks into bin 1 under a Hann window
# A tone is as like itself after two of its periods as after one: the shorter lag is preferred.
OCTAVE_COST = 0.02  # of height, for each octave below the highest pitch
SHARPNESS = 400.0  # of the choice: smooth, so that no runtime's rounding decides between two lags


class Pitch(nn.Module):
    """Where the autocorrelation of a frame is highest, and how high (Boersma, 1993).

    The autocorrelation is the inverse Fourier transform of the power spectrum, here of the part
    below 1 kHz, divided by that of the window. It is circular, since the frames are not padded: a
    window of 40 ms is long enough for pitches from 70 Hz on, and lower ones stand out less. The
    powers of a frame and its neighbours are added: three frames that overlap make a longer one,
    whose low pitches are clearer. The pitch has steps of 2 %; where two lags are as good to within
    a hundredth it lies between them.

    Shape:
        power ``[B, T, columns]``, mask ``[B, 1, T]`` -> ``[B, 2, T]``: the natural logarithm of the
        pitch over 150 Hz, of 60 to 420 Hz; and its height: about 1 for a steady tone (0.7 at
        60 Hz), about 0.3 for noise, 0 for silence

    Args:
        spectrum: what the power comes from; names its columns.
        window: the window that the frames were under, ``[samples]``.
        sample_rate: Hz.

    Raises:
        ValueError: the window does not hold two periods of 60 Hz.
    """

    def __init__(self, spectrum: PowerSpectrum, window: Tensor, sample_rate: int) -> None:
        super().__init__()
        size = window.shape[0]
        if size * LOWEST_HZ < 2 * sample_rate:
            raise ValueError(
                f"a window of {size} samples does not hold two periods of {LOWEST_HZ:g} Hz"
            )
        low = spectrum.frequency * sample_rate < UP_TO_HZ * size
        columns = torch.nonzero(low & (spectrum.frequency >= LOWEST_BIN)).flatten()
        pitches = torch.logspace(
            math.log10(LOWEST_HZ), math.log10(HIGHEST_HZ), LAGS, dtype=torch.float64
        )
        lags = sample_rate / pitches
        every = torch.arange(size // 2 + 1)
        own = torch.fft.rfft(window.double()).abs().square() * _weights(every, size)
        of_window = own @ _cosines(every, lags, size) / own.sum()
        bins = spectrum.frequency[columns]
        weights = _weights(bins, size)
        cosines = weights[:, None] * _cosines(bins, lags, size) / of_window
        # The last column is the autocorrelation at no lag: the power.
        self.columns = nn.Buffer(columns, persistent=False)
        self.lags = nn.Buffer(torch.cat([cosines, weights[:, None]], 1).float(), persistent=False)
        cost = OCTAVE_COST * torch.log2(HIGHEST_HZ / pitches)
        self.cost = nn.Buffer(cost.float(), persistent=False)
        self.pitches = nn.Buffer(torch.log(pitches / CENTRE_HZ).float(), persistent=False)

    def forward(self, power: Tensor, mask: Tensor) -> Tensor:
        """See the class."""
        low = power.index_select(2, self.columns) * mask.transpose(1, 2)
        low = nn.functional.pad(low, (0, 0, 1, 1))
        low = low[:, :-2] + low[:, 1:-1] + low[:, 2:]
        correlation = torch.matmul(low, self.lags)
        height = correlation[:, :, :LAGS] / (correlation[:, :, LAGS:] + FLOOR)
        chosen = torch.softmax(SHARPNESS * (height - self.cost), dim=2)
        pitch = (chosen * self.pitches).sum(dim=2)
        return torch.stack([pitch, (chosen * height).sum(dim=2)], dim=1) * mask


class LogMelPitch(FrontEnd):
    """`LogMel`, and behind its bands the two features of `Pitch`.

    Shape:
        waveform ``[B, samples]``, lengths ``[B]`` -> features ``[B, bands + 2, T]``, mask
        ``[B, 1, T]``

    Args:
        bands: number of mel bands.
        sample_rate: Hz.
        window: samples under one Hann window; at least two periods of 60 Hz.
        hop: samples between two frames.
    """

    pitch_features = 2

    def __init__(
        self, bands: int = 64, sample_rate: int = 16_000, window: int = 640, hop: int = 160
    ) -> None:
        super().__init__()
        self.bands, self.sample_rate, self.hop = bands, sample_rate, hop
        self.log_mel = LogMel(bands, sample_rate, window, hop)
        self.pitch = Pitch(self.log_mel.spectrum, self.log_mel.hann, sample_rate)

    def forward(self, waveform: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        power = self.log_mel.power(waveform, lengths)
        features, mask = self.log_mel.bands_of(power, lengths)
        return torch.cat([features, self.pitch(power, mask)], dim=1), mask


def _weights(bins: Tensor, size: int) -> Tensor:
    """How often each bin stands in a whole spectrum: all but the ends have a mirror image."""
    once = (bins == 0) | (2 * bins == size)
    return torch.where(once, 1.0, 2.0).double()


def _cosines(bins: Tensor, lags: Tensor, size: int) -> Tensor:
    """``[bins, lags]``, double."""
    return torch.cos(2 * math.pi / size * torch.outer(bins.double(), lags))
