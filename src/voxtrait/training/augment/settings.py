"""How likely and how strong each change of a recording is: the ``[augment]`` table of a recipe."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from voxtrait.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AugmentSettings"]

Range = tuple[float, float]


@dataclass(frozen=True)
class AugmentSettings:
    """Probabilities (0..1) of each change, and the range its strength is drawn from.

    The plain name of a change is its probability, 0 leaves it out. Ranges are ``[least, most]``.

    Raises:
        RecipeError: a value is out of bounds; the message names its key.
    """

    speed: float = 0.3
    speed_factor: Range = (0.96, 1.04)  # more than 4 % moves the heard age
    tempo: float = 0.2
    tempo_factor: Range = (0.9, 1.12)
    pitch: float = 0.0  # formants kept; for gender and digits only, it hurts age
    pitch_octaves: Range = (-0.6, 0.85)
    formant: float = 0.0
    formant_ratio: Range = (0.92, 1.09)
    room: float = 0.3
    synthetic_room: float = 0.6  # of the rooms, the share that is made up where recorded ones exist
    rt60: Range = (0.1, 0.9)  # seconds
    direct_db: Range = (-3.0, 15.0)  # direct-to-reverberant energy
    noise: float = 0.5
    noise_snr_db: Range = (0.0, 30.0)
    babble: float = 0.1
    babble_snr_db: Range = (5.0, 30.0)
    device: float = 0.15
    band: float = 0.15
    band_low_hz: Range = (60.0, 400.0)
    band_high_hz: Range = (2500.0, 7500.0)
    equalise: float = 0.4
    equalise_db: float = 8.0
    clip: float = 0.07
    clip_share: Range = (0.002, 0.05)  # of the samples
    gain: float = 0.8
    gain_db: Range = (-30.0, 10.0)
    codec: float = 0.25
    telephone: float = 0.12
    silence: float = 0.15
    silence_seconds: Range = (0.0, 0.3)  # before and after
    offset: float = 0.05
    offset_most: float = 0.05  # of full scale

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            accepted, wanted = _bounds(field.name)
            numbers = value if isinstance(value, tuple) else (value,)
            if not all(math.isfinite(number) and accepted(number) for number in numbers):
                raise _wrong(field.name, value, wanted)
            if numbers[0] > numbers[-1]:
                raise _wrong(field.name, value, "the least value first, then the most")


# What a number must be, by the end of its key; the plain names are probabilities.
BOUNDS: dict[str, tuple[Callable[[float], bool], str]] = {
    "_factor": (lambda value: 0.5 <= value <= 2, "between 0.5 and 2"),
    "_octaves": (lambda value: -1 <= value <= 1, "between -1 and 1"),
    "_ratio": (lambda value: 0.7 <= value <= 1.4, "between 0.7 and 1.4"),
    "rt60": (lambda value: 0 < value <= 5, "above 0 and at most 5 seconds"),
    "_hz": (lambda value: 0 < value < 8000, "above 0 and below 8000 Hz"),
    "_db": (lambda value: -100 <= value <= 100, "between -100 and 100 dB"),
    "_seconds": (lambda value: 0 <= value <= 10, "between 0 and 10 seconds"),
}


def _bounds(name: str) -> tuple[Callable[[float], bool], str]:
    for end, bound in BOUNDS.items():
        if name.endswith(end):
            return bound
    return (lambda value: 0 <= value <= 1), "between 0 and 1"


def _wrong(name: str, value: object, wanted: str) -> RecipeError:
    shown = list(value) if isinstance(value, tuple) else value
    return RecipeError(f"augment.{name}: {shown} does not fit.", f"Give {wanted}.")
