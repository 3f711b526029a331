"""Front ends: waveforms to features, as modules that are exported with the network."""

from voxtrait.features.base import FrontEnd
from voxtrait.features.level import normalise_level
from voxtrait.features.log_mel import LogMel
from voxtrait.features.mfcc import Mfcc
from voxtrait.features.pitch import LogMelPitch
from voxtrait.features.pitch_statistics import PitchStatistics

__all__ = [
    "FRONT_ENDS",
    "FrontEnd",
    "LogMel",
    "LogMelPitch",
    "Mfcc",
    "PitchStatistics",
    "normalise_level",
]

FRONT_ENDS: dict[str, type[FrontEnd]] = {
    "log_mel": LogMel,
    "log_mel_pitch": LogMelPitch,
    "mfcc": Mfcc,
}
