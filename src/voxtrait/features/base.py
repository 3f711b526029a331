"""What every front end promises."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn

__all__ = ["FrontEnd", "valid"]


class FrontEnd(nn.Module, ABC):
    """Waveforms of several lengths to features, frame by frame.

    A frame that lies behind the end of its row is zero, and no frame depends on what stands behind
    that end, so that padding never changes an answer.

    Shape:
        waveform ``[B, samples]``, lengths ``[B]`` -> features ``[B, bands +
        pitch_features, T]``, mask ``[B, 1, T]`` of 1 for real frames and 0 behind them

    Attributes:
        bands: features of one frame that a network sees.
        pitch_features: those behind the bands, 2 where the pitch is given; see `LogMelPitch`.
        sample_rate: Hz that the waveform must have.
        hop: samples between two frames.
    """

    bands: int
    pitch_features: ClassVar[int] = 0
    sample_rate: int
    hop: int

    @abstractmethod
    def forward(self, waveform: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """See the shape above."""


def valid(lengths: Tensor, width: Tensor) -> Tensor:
    """1 where a column lies before its row's length, else 0.

    Args:
        lengths: ``[B]`` int64.
        width: anything whose last axis has the columns; the mask follows a dynamic axis so.

    Returns:
        ``[B, columns]`` of ``width``'s type.
    """
    # As few operators as there can be: they are part of every graph, and cost at every start.
    columns = torch.arange(width.shape[-1], device=width.device)
    return (columns < lengths.unsqueeze(1)).to(width.dtype)
