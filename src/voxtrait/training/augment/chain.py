"""One recording on another day: everything between a mouth and a file, in the order of nature."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.training.augment import band, level
from voxtrait.training.augment.codec import CODECS, compressed, telephone
from voxtrait.training.augment.edges import silence_around
from voxtrait.training.augment.noise import add_noise, babble
from voxtrait.training.augment.pitch import formant_shift, pitch_shift
from voxtrait.training.augment.room import room, synthetic_room
from voxtrait.training.augment.tempo import speed, tempo
from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.training.augment.settings import AugmentSettings

__all__ = ["Applied", "Materials", "augment"]

Applied = dict[str, float | str]


@dataclass(frozen=True)
class Materials:
    """What recordings are mixed with, 16 kHz mono each.

    Whoever fills it keeps sides apart: only noises, voices and rooms of the training side belong
    to a training recording. What is empty is not used: no noises, no noise.
    """

    noises: Sequence[Waveform] = field(default_factory=list)
    voices: Sequence[Waveform] = field(default_factory=list)  # babble is made of them
    rooms: Sequence[Waveform] = field(default_factory=list)  # impulse responses


def augment(
    waveform: Waveform,
    rng: np.random.Generator,
    materials: Materials,
    settings: AugmentSettings,
) -> tuple[Waveform, Applied]:
    """One random chain: the voice, the room, the noise, the device, its level, the line, the edges.

    Args:
        waveform: 16 kHz mono, ``[samples]``; kept as it is.
        rng: every draw comes from it: the same state and input give the same output.
        materials: what to mix with.
        settings: how likely and how strong.

    Returns:
        The new waveform, ``[samples]`` or, after speed, tempo or silence, another length, finite
        and never empty; and what was done, in order: name of the change to its strength.
    """
    applied: Applied = {}
    out = np.array(waveform, np.float32)
    if out.size == 0:
        out = np.zeros(1, np.float32)
    out = _voice(out, rng, settings, applied)
    out = _surroundings(out, rng, materials, settings, applied)
    out = _recorder(out, rng, settings, applied)
    return _file(out, rng, settings, applied), applied


def _voice(out: Waveform, rng: np.random.Generator, s: AugmentSettings, done: Applied) -> Waveform:
    if rng.random() < s.pitch:
        done["pitch"] = strength = rng.uniform(*s.pitch_octaves)
        out = pitch_shift(out, strength)
    if rng.random() < s.formant:
        done["formant"] = strength = rng.uniform(*s.formant_ratio)
        out = formant_shift(out, strength)
    if rng.random() < s.speed:
        done["speed"] = strength = rng.uniform(*s.speed_factor)
        out = speed(out, strength)
    if rng.random() < s.tempo:
        done["tempo"] = strength = rng.uniform(*s.tempo_factor)
        out = tempo(out, strength)
    return out


def _surroundings(
    out: Waveform,
    rng: np.random.Generator,
    materials: Materials,
    s: AugmentSettings,
    done: Applied,
) -> Waveform:
    if rng.random() < s.room:
        made_up = not materials.rooms or rng.random() < s.synthetic_room
        if made_up:
            response = synthetic_room(rng, s.rt60, s.direct_db)
        else:
            response = materials.rooms[int(rng.integers(len(materials.rooms)))]
        done["room"] = "synthetic" if made_up else "recorded"
        out = room(out, response)
    if rng.random() < s.noise and materials.noises:
        noise = materials.noises[int(rng.integers(len(materials.noises)))]
        done["noise"] = strength = rng.uniform(*s.noise_snr_db)
        out = add_noise(out, noise, strength, rng)
    if rng.random() < s.babble and materials.voices:
        people = babble(materials.voices, rng, out.size / SAMPLE_RATE)
        done["babble"] = strength = rng.uniform(*s.babble_snr_db)
        out = add_noise(out, people, strength, rng)
    return out


def _recorder(
    out: Waveform, rng: np.random.Generator, s: AugmentSettings, done: Applied
) -> Waveform:
    if rng.random() < s.device:
        done["device"] = "random"
        out = band.device(out, rng)
    if rng.random() < s.band:
        done["band"] = "random"
        out = band.band_limit(out, rng, s.band_low_hz, s.band_high_hz)
    if rng.random() < s.equalise:
        done["equalise"] = s.equalise_db
        out = band.equalise(out, rng, s.equalise_db)
    if rng.random() < s.clip:
        done["clip"] = "random"
        out = level.clip(out, rng, s.clip_share)
    if rng.random() < s.gain:
        done["gain"] = strength = rng.uniform(*s.gain_db)
        out = level.gain(out, strength)
    return out


def _file(out: Waveform, rng: np.random.Generator, s: AugmentSettings, done: Applied) -> Waveform:
    if rng.random() < s.silence:
        done["silence"] = "around"
        out = silence_around(out, rng, s.silence_seconds)
    if rng.random() < s.offset:
        done["offset"] = "random"
        out = level.offset(out, rng, s.offset_most)
    if rng.random() < s.telephone:
        done["telephone"] = "G.711"
        out = telephone(out, rng)
    if rng.random() < s.codec:
        name = str(rng.choice(list(CODECS)))
        low, high = CODECS[name]
        kbits = float(np.exp(rng.uniform(np.log(low), np.log(high))))
        done["codec"] = f"{name} at {kbits:.1f} kbit/s"
        out = compressed(out, name, kbits)
    return out
