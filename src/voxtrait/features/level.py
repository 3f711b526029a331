"""Every recording at the same level, whatever the microphone's gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.features.base import valid

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["normalise_level"]

TARGET = 0.1  # root mean square, -20 dB below full scale
FLOOR = 1e-5  # about the noise of 16 bits: digital silence stays silence


def normalise_level(waveform: Tensor, lengths: Tensor) -> Tensor:
    """Scale each row to a root mean square of 0.1 over its real samples, and zero the rest.

    Shape:
        waveform ``[B, samples]``, lengths ``[B]`` -> ``[B, samples]``
    """
    real = waveform * valid(lengths, waveform)
    power = real.square().sum(dim=1, keepdim=True) / lengths.unsqueeze(1).to(real.dtype).clamp(
        min=1
    )
    return real * (TARGET / (power.sqrt() + FLOOR))
