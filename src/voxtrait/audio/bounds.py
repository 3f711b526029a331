"""What a recording may be: rates, channels, seconds, levels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from voxtrait.errors import AudioOutOfBounds, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "CONVERT",
    "MAX_CHANNELS",
    "MAX_LEVEL",
    "MAX_RATE",
    "MIN_RATE",
    "check_format",
    "check_levels",
    "check_seconds",
    "peak",
    "too_long",
]

MIN_RATE, MAX_RATE = 4_000, 384_000
MAX_CHANNELS = 32
# Decoders of lossy formats and float files overshoot 1.0 by a few decibels; 8.0 is 18 dB over.
MAX_LEVEL = 8.0
INTEGER_LEVEL = 70_000.0  # the most that samples scaled as 16-bit integers reach, with overshoot
CONVERT = "Convert it, for example with: ffmpeg -i FILE -ar 16000 -ac 1 OUT.wav"


def check_format(name: str, sample_rate: float, channels: int) -> None:
    """Refuse rates outside 4 to 384 kHz, and no or more than 32 channels.

    Raises:
        AudioOutOfBounds: with the value and the range.
    """
    if not MIN_RATE <= sample_rate <= MAX_RATE:
        raise AudioOutOfBounds(
            f"{name} has a sample rate of {sample_rate:g} Hz; {MIN_RATE} to {MAX_RATE} Hz "
            "are read.",
            CONVERT,
        )
    if not 1 <= channels <= MAX_CHANNELS:
        raise AudioOutOfBounds(
            f"{name} has {channels} channels; 1 to {MAX_CHANNELS} are read.", CONVERT
        )


def check_levels(samples: NDArray[np.float32], name: str = "The waveform") -> None:
    """Refuse NaN, infinity, and levels that no sound has.

    Args:
        samples: float samples of any shape, full scale at 1.0; a few times more passes.
        name: the recording, for the message.

    Raises:
        AudioOutOfBounds: not finite, or above 8.0 in absolute value.
    """
    highest = peak(samples)
    if highest <= MAX_LEVEL:  # false for NaN too
        return
    if not math.isfinite(highest):
        raise AudioOutOfBounds(
            f"{name} holds samples that are not finite numbers (NaN or infinity).",
            "Write it again with finite samples between -1 and 1.",
        )
    if highest <= INTEGER_LEVEL:
        raise AudioOutOfBounds(
            f"{name} has float samples of up to {highest:g}, where full scale is 1.0: they look "
            "scaled as 16-bit integers.",
            "Divide the samples by 32768.",
        )
    raise AudioOutOfBounds(
        f"{name} has absurd samples of up to {highest:g}, where full scale is 1.0.",
        "Write it again with samples between -1 and 1.",
    )


def peak(samples: NDArray[np.float32]) -> float:
    """The largest absolute value; NaN where there is one, 0 for no samples."""
    if not samples.size:
        return 0.0
    return max(abs(float(samples.max())), abs(float(samples.min())))


def check_seconds(max_seconds: float) -> None:
    """Refuse a bound that is not above 0.

    Raises:
        UsageError: 0, negative or NaN.
    """
    if not max_seconds > 0:
        raise UsageError(f"max_seconds is {max_seconds}; it must be above 0.", "Leave it out.")


def too_long(name: str, max_seconds: float) -> AudioOutOfBounds:
    """The error for a recording that lasts longer than allowed."""
    return AudioOutOfBounds(
        f"{name} lasts longer than the allowed {max_seconds:g} s.",
        "Cut it, or allow more: --max-seconds, in Python max_seconds.",
    )
