"""What the pitch of a whole recording is like, as a few numbers."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from voxtrait.features.pitch import CENTRE_HZ

__all__ = ["PitchStatistics"]

BINS = 20
FROM_HZ, TO_HZ = 65.0, 400.0
BLUR = 0.7  # standard deviation of a bin's border, in bins
VOICED, VOICED_SLOPE = 0.5, 20.0  # height of the autocorrelation, and how sharp the border is
LOUD, LOUD_SLOPE = -3.0, 2.0  # natural-log power beside the mean: 13 dB below
LEAP, STEP = 0.3, 0.05  # natural-log units from frame to frame: an octave's slip, a glide
LITTLE = 0.5  # frames: with less voice than that the numbers get smaller


class PitchStatistics(nn.Module):
    """How a voice's pitch is spread, how it moves, and how clear and how frequent it is.

    What is known to change with age (Stathopoulos, Huber and Sussman, 2011): how high a voice is,
    how steady, how breathy. So few numbers cannot learn a speaker by heart.

    Shape:
        levels ``[B, bands, T]`` (natural-log power beside the row's mean), pitch ``[B, 2, T]`` as
        `Pitch` gives it, mask ``[B, 1, T]`` -> ``[B, 28]``

    Attributes:
        width: numbers in the result.
    """

    width = BINS + 8

    def __init__(self) -> None:
        super().__init__()
        low, high = math.log(FROM_HZ / CENTRE_HZ), math.log(TO_HZ / CENTRE_HZ)
        self.apart = (high - low) / (BINS - 1)
        centres = torch.linspace(low, high, BINS, dtype=torch.float64).float()
        self.centres = nn.Buffer(centres[None, :, None], persistent=False)

    def forward(self, levels: Tensor, pitch: Tensor, mask: Tensor) -> Tensor:
        """See the class."""
        height, pitch = pitch[:, 1:2], pitch[:, 0:1]
        power = levels.exp().mean(dim=1, keepdim=True).log()
        loud = torch.sigmoid(LOUD_SLOPE * (power - LOUD)) * mask
        voiced = loud * torch.sigmoid(VOICED_SLOPE * (height - VOICED))
        spread = torch.softmax(-0.5 * ((pitch - self.centres) / (BLUR * self.apart)).square(), 1)
        high = _mean(pitch, voiced)
        clear = _mean(height, voiced)
        both = voiced[:, :, 1:] * voiced[:, :, :-1]
        moved = (pitch[:, :, 1:] - pitch[:, :, :-1]).abs()
        numbers = [
            _mean(spread, voiced).sqrt(),
            high,
            _mean((pitch - high.unsqueeze(2)).square(), voiced).sqrt(),
            _mean(moved.clamp(max=LEAP), both),
            _mean(moved.clamp(max=STEP), both),
            clear,
            _mean((height - clear.unsqueeze(2)).square(), voiced).sqrt(),
            _mean(height, loud),
            voiced.sum(dim=2) / (loud.sum(dim=2) + LITTLE),
        ]
        return torch.cat(numbers, dim=1)


def _mean(x: Tensor, weight: Tensor) -> Tensor:
    """Over time, ``[B, C, T]`` and ``[B, 1, T]`` -> ``[B, C]``."""
    return (x * weight).sum(dim=2) / (weight.sum(dim=2) + LITTLE)
