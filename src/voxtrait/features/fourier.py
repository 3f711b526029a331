"""Power spectra without an FFT operator: two small matrix products.

ONNX's STFT has no kernel in the browsers' GPU back ends, and a plain 402 x 400 matrix weighs more
than a small network. A window of ``n = a * b`` samples is transformed instead in two stages
(Cooley and Tukey, 1965): ``a`` samples apart, a twist, then side by side. For 400 samples that
takes 26 thousand multiply-adds a frame instead of 160 thousand, and 7 kB instead of 643 kB.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

__all__ = ["PowerSpectrum"]


class PowerSpectrum(nn.Module):
    """Windowed frames to the power of their Fourier transform, in an order of its own.

    A real signal's spectrum is symmetric, so ``rows // 2 + 1`` of the first stage's rows hold every
    frequency at least once. ``frequency[i]`` names the bin, 0 to ``window // 2``, of column ``i``;
    a bin's second appearance is named ``-1``. Whoever weighs the bins (a mel filter bank) permutes
    its weights once instead of sorting every frame.

    Shape:
        frames ``[B, T, window]`` -> ``[B, T, columns]``

    Args:
        window: samples of a frame.
    """

    def __init__(self, window: int) -> None:
        super().__init__()
        rows, columns = _factors(window)
        kept = rows // 2 + 1
        self.rows, self.columns, self.kept = rows, columns, kept
        first = _angles(kept, rows, rows)  # [kept, rows]
        twist = _angles(kept, columns, window)  # [kept, columns]
        second = _angles(columns, columns, columns)  # [columns, columns]
        # Real and imaginary parts side by side make each stage one product.
        self.first = nn.Buffer(torch.cat([first.cos(), -first.sin()]).float(), persistent=False)
        self.twist = nn.Buffer(torch.stack([twist.cos(), -twist.sin()]).float(), persistent=False)
        cos, sin = second.cos(), second.sin()
        self.second = nn.Buffer(
            torch.cat([torch.cat([cos, -sin], 1), torch.cat([sin, cos], 1)]).float(),
            persistent=False,
        )
        self.frequency = _frequencies(kept, rows, columns)

    def forward(self, frames: Tensor) -> Tensor:
        """See the shape above."""
        # Sample columns * i + j stands in row i, column j.
        table = frames.reshape(frames.shape[0], frames.shape[1], self.rows, self.columns)
        both = torch.matmul(self.first, table)  # [B, T, 2 kept, columns]
        real, imaginary = _halves(both, self.kept, dim=2)
        cos, sin = self.twist[0], self.twist[1]
        twisted = torch.cat([real * cos - imaginary * sin, real * sin + imaginary * cos], dim=3)
        both = torch.matmul(twisted, self.second)  # [B, T, kept, 2 columns]
        real, imaginary = _halves(both, self.columns, dim=3)
        power = real.square() + imaginary.square()
        # By its own shape, which a graph keeps without working it out.
        return power.reshape(power.shape[0], power.shape[1], self.kept * self.columns)


def _halves(both: Tensor, size: int, dim: int) -> tuple[Tensor, Tensor]:
    """Two parts of ``size``; ``chunk`` would have every run of a graph compute the sizes anew."""
    return both.narrow(dim, 0, size), both.narrow(dim, size, size)


def _factors(window: int) -> tuple[int, int]:
    """The two factors of ``window`` that lie nearest to its square root."""
    rows = next(n for n in range(math.isqrt(window), 0, -1) if window % n == 0)
    return rows, window // rows


def _angles(high: int, wide: int, period: int) -> Tensor:
    """``2 pi i j / period`` for every row i and column j, exact for large products."""
    product = torch.outer(torch.arange(high), torch.arange(wide)) % period
    return 2 * math.pi * product.double() / period


def _frequencies(kept: int, rows: int, columns: int) -> Tensor:
    """Which bin each column of the result holds; -1 where another column holds it already."""
    window = rows * columns
    seen: set[int] = set()
    bins = []
    for row in range(kept):
        for column in range(columns):
            bin_ = row + rows * column
            bin_ = min(bin_, window - bin_)
            bins.append(-1 if bin_ in seen else bin_)
            seen.add(bin_)
    return torch.tensor(bins)
