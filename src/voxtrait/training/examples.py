"""One recording to one training example: cut, moved in pitch, and made to sound like elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voxtrait.training.augment import AugmentSettings, Materials, augment, pitch_shift
from voxtrait.training.energy import keep_speech, quietest, runs, speech_frames
from voxtrait.training.sounds import computed_sound

if TYPE_CHECKING:
    from voxtrait.corpora import Utterance
    from voxtrait.training.draws import Draw
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.settings import PrepareSettings

__all__ = ["Waveform", "make_example", "make_frames", "make_recording", "make_word"]

Waveform = NDArray[np.float32]
RATE = 16_000
HOP = 160
LONGEST_WORD = 1.5  # seconds, as the runtime cuts words
WORD_MARGIN = (0.02, 0.3)  # seconds around a word; the runtime leaves 0.15


def make_example(
    row: Utterance, waveform: Waveform, draw: Draw, materials: Materials | None, recipe: Recipe
) -> Waveform:
    """One example of a recording, for the styles ``recording`` and ``word``.

    What is cut out of the recording is the same with materials and without.

    Args:
        row: says whether somebody speaks, and whether it is a single word.
        waveform: the recording, 16 kHz.
        draw: which of its examples, and the randomness.
        materials: as in `make_recording`.
        recipe: says the style and the changes.
    """
    rng, chain = draw.rng, recipe.augment
    if recipe.prepare.style == "recording":
        return make_recording(waveform, rng, materials, recipe.prepare, chain, pitch=draw.pitch)
    spoken, single = row.kind == "speech", bool(row.word)
    return make_word(waveform, rng, materials, chain, spoken=spoken, single=single)


def make_recording(
    waveform: Waveform,
    rng: np.random.Generator,
    materials: Materials | None,
    settings: PrepareSettings,
    chain: AugmentSettings,
    *,
    pitch: bool,
) -> Waveform:
    """An example for a trait of whole recordings: some seconds of a voice.

    Args:
        waveform: the recording, 16 kHz.
        rng: every choice comes from it.
        materials: noises, rooms and voices of the same side; ``None`` leaves the sound as it is.
        settings: how long, how often only speech.
        chain: what may happen to the sound.
        pitch: move the pitch and keep the formants.
    """
    if rng.random() < settings.speech_only:
        waveform = keep_speech(waveform, speech_frames(waveform))
    waveform = _crop(waveform, settings.seconds, rng)
    if pitch:
        waveform = pitch_shift(waveform, rng.uniform(*settings.pitch_octaves))
    if materials is not None:
        waveform, _ = augment(waveform, rng, materials, chain)
    return waveform


def make_word(
    waveform: Waveform,
    rng: np.random.Generator,
    materials: Materials | None,
    chain: AugmentSettings,
    *,
    spoken: bool,
    single: bool,
) -> Waveform:
    """An example of at most 1.5 s for a trait of single words.

    Args:
        waveform: the recording, 16 kHz.
        rng: every choice comes from it.
        materials: as in `make_recording`.
        chain: what may happen to the sound.
        spoken: somebody speaks; otherwise any piece of the recording will do.
        single: the recording is of one word; otherwise a piece of its speech is cut out where it
            is quiet, about 0.25 to 1.2 s long, which is hardly ever one digit.
    """
    if not spoken:
        piece = _crop(waveform, rng.uniform(0.3, LONGEST_WORD), rng)
    else:
        found = runs(speech_frames(waveform)) or [(0, 1 + len(waveform) // HOP)]
        start, end = found[0][0] * HOP, found[-1][1] * HOP
        if not single:
            start, end = found[rng.integers(len(found))]
            length = int(rng.uniform(0.25, 1.2) * RATE)
            start = int(rng.integers(start * HOP, max(start * HOP, end * HOP - length) + 1))
            start, end = quietest(waveform, start), quietest(waveform, start + length)
        before, after = (int(RATE * rng.uniform(*WORD_MARGIN)) for _ in range(2))
        piece = waveform[max(0, start - before) : max(start + HOP, end + after)]
        piece = piece[: int(LONGEST_WORD * RATE)]
    if materials is not None:
        piece, _ = augment(piece, rng, materials, chain)
    return piece[: int(LONGEST_WORD * RATE)]


def make_frames(
    voices: list[Waveform],
    rng: np.random.Generator,
    materials: Materials | None,
    chain: AugmentSettings,
    seconds: float,
    background: Waveform | None = None,
    sounds: float = 0.0,
) -> tuple[Waveform, NDArray[np.bool_]]:
    """Some voices with pauses between them, and which frames of them are speech.

    Args:
        voices: recordings at 16 kHz, each at a level of its own; none gives pauses alone.
        rng: every choice comes from it.
        materials: as in `make_recording`.
        chain: what may happen to the sound; nothing that moves it in time.
        seconds: how long the example is.
        background: a noise that goes on all the time instead of the voices.
        sounds: share of the pauses before a voice that a computed sound fills, and of the
            backgrounds that one takes the place of.
    """
    samples = int(seconds * RATE)
    if background is not None:
        voices = []
        if rng.random() < sounds:
            background = computed_sound(samples, rng) * np.float32(rng.uniform(0.05, 0.7))
    parts: list[Waveform] = []
    for voice in voices:
        peak = float(np.abs(voice).max(initial=0)) or 1.0
        pause = _sound(rng) if rng.random() < sounds else _pause(rng)
        parts += [pause, voice * np.float32(rng.uniform(0.15, 0.7) / peak)]
    line = np.concatenate([*parts, _pause(rng), np.zeros(samples, np.float32)])[:samples]
    flags = [
        speech_frames(part) if index % 2 else np.zeros(len(part) // HOP, bool)
        for index, part in enumerate(parts)
    ]
    speech = np.zeros(1 + samples // HOP, bool)
    at = 0
    for part, flag in zip(parts, flags, strict=True):
        first = round(at / HOP)
        room = speech[first : first + len(flag)]
        room |= flag[: len(room)]
        at += len(part)
    if background is not None:
        line = line + np.resize(background, samples)
    if materials is not None:
        still = replace(chain, speed=0.0, tempo=0.0, pitch=0.0, silence=0.0)
        line, _ = augment(line, rng, materials, still)
    return line[:samples], speech


def _pause(rng: np.random.Generator) -> Waveform:
    """0.1 to 1.5 s of nearly nothing, short pauses more often."""
    samples = int(RATE * np.exp(rng.uniform(np.log(0.1), np.log(1.5))))
    return rng.normal(0, 10 ** rng.uniform(-5, -3.5), samples).astype(np.float32)


def _sound(rng: np.random.Generator) -> Waveform:
    """0.3 to 2.5 s of a sound without a voice, between two short pauses."""
    sound = computed_sound(int(RATE * rng.uniform(0.3, 2.5)), rng)
    short = np.zeros(int(RATE * rng.uniform(0.05, 0.2)), np.float32)
    return np.concatenate(
        [_pause(rng)[: RATE // 4], sound * np.float32(rng.uniform(0.05, 0.7)), short]
    )


def _crop(waveform: Waveform, seconds: float, rng: np.random.Generator) -> Waveform:
    samples = int(seconds * RATE)
    start = int(rng.integers(0, max(0, len(waveform) - samples) + 1))
    return waveform[start : start + samples]
