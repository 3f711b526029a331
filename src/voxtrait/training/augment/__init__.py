"""Making strangers' recordings familiar: the same voice in other rooms, devices, files and moods.

Functions of NumPy arrays, 16 kHz mono float32 in and out, each with the generator it draws from.
Nothing here needs torch.
"""

from __future__ import annotations

from voxtrait.training.augment.band import band_limit, device, equalise
from voxtrait.training.augment.chain import Applied, Materials, augment
from voxtrait.training.augment.codec import codec, compressed, telephone
from voxtrait.training.augment.edges import silence_around
from voxtrait.training.augment.level import clip, gain, offset
from voxtrait.training.augment.noise import add_noise, babble
from voxtrait.training.augment.pitch import formant_shift, pitch_shift
from voxtrait.training.augment.room import room, synthetic_room
from voxtrait.training.augment.settings import AugmentSettings
from voxtrait.training.augment.tempo import speed, tempo

__all__ = [
    "Applied",
    "AugmentSettings",
    "Materials",
    "add_noise",
    "augment",
    "babble",
    "band_limit",
    "clip",
    "codec",
    "compressed",
    "device",
    "equalise",
    "formant_shift",
    "gain",
    "offset",
    "pitch_shift",
    "room",
    "silence_around",
    "speed",
    "synthetic_room",
    "telephone",
    "tempo",
]
