"""Front ends: waveforms to features, as modules that are exported with the network."""

from voxtrait.features.base import FrontEnd
from voxtrait.features.level import normalise_level
from voxtrait.features.log_mel import LogMel
from voxtrait.features.mfcc import Mfcc

__all__ = ["FRONT_ENDS", "FrontEnd", "LogMel", "Mfcc", "normalise_level"]

FRONT_ENDS: dict[str, type[FrontEnd]] = {"log_mel": LogMel, "mfcc": Mfcc}
