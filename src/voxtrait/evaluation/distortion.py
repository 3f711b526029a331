"""What a recording goes through before it is scored: a cut, a room, noise, a telephone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from voxtrait import audio
from voxtrait.corpora.noise import NOISES
from voxtrait.errors import UsageError
from voxtrait.evaluation.acoustics import RATE, add_noise, loudest, reverberate, telephone
from voxtrait.evaluation.scored import CLEAN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voxtrait.corpora.utterance import Utterance

__all__ = ["CODECS", "UNCHANGED", "Distortion", "key_of"]

CODECS = ("telephone",)


@dataclass(frozen=True, slots=True)
class Distortion:
    """The same for the same recording on every machine: choices go by a hash of its name.

    Args:
        noise: recordings to take noise from; those of kind noise, music or babble count.
        noise_snr: signal-to-noise ratio in dB, over the active part of both.
        room: recordings to take impulse responses from; those of kind ``"room"`` count.
        seconds: keep the loudest stretch of this length; shorter recordings stay whole.
        codec: ``"telephone"`` for an 8 kHz line of 300 to 3,400 Hz with mu-law, or None.

    Raises:
        UsageError: a value outside its range, or noise or a room asked for without recordings.
    """

    noise: tuple[Utterance, ...] = ()
    noise_snr: float | None = None
    room: tuple[Utterance, ...] = ()
    seconds: float | None = None
    codec: str | None = None

    def __post_init__(self) -> None:
        if self.codec is not None and self.codec not in CODECS:
            raise UsageError(f"No codec is called {self.codec!r}.", f"Known: {', '.join(CODECS)}.")
        if self.noise_snr is not None and not -20 <= self.noise_snr <= 60:
            raise UsageError(
                f"A noise ratio of {self.noise_snr} dB is not measured.", "Give -20 to 60."
            )
        if self.seconds is not None and not 0.1 <= self.seconds <= 3600:
            raise UsageError(f"A cut to {self.seconds} s is not measured.", "Give 0.1 to 3600.")
        if self.noise_snr is not None and not self._noises:
            raise UsageError(
                "Noise was asked for, but there are no recordings of noise.",
                "Name the folder of the noise corpus.",
            )
        if self.room and not self._rooms:
            raise UsageError(
                "None of the recordings given is of kind 'room'.",
                "Name the folder of the noise corpus.",
            )

    @property
    def _noises(self) -> list[Utterance]:
        return [row for row in self.noise if row.kind in NOISES]

    @property
    def _rooms(self) -> list[Utterance]:
        return [row for row in self.room if row.kind == "room"]

    @property
    def name(self) -> str:
        """What reports call it, such as ``"1 s + noise 10 dB"``."""
        parts = [
            f"{self.seconds:g} s" if self.seconds is not None else "",
            "room" if self.room else "",
            f"noise {self.noise_snr:g} dB" if self.noise_snr is not None else "",
            self.codec or "",
        ]
        return " + ".join(filter(None, parts)) or CLEAN

    def apply(self, waveform: NDArray[np.float32], key: str) -> NDArray[np.float32]:
        """Cut, then room, then noise, then telephone: the order in which they happen.

        Args:
            waveform: mono at 16 kHz, ``[samples]``.
            key: the recording's name, see `key_of`; decides which noise, where in it, which room.
        """
        if self.seconds is not None:
            waveform = loudest(waveform, round(self.seconds * RATE))
        if self.room:
            rng = _random(f"room {key}")
            waveform = reverberate(waveform, _load(_pick(self._rooms, rng).path))
        if self.noise_snr is not None:
            rng = _random(f"noise {key}")
            noise = _load(_pick(self._noises, rng).path)
            waveform = add_noise(waveform, noise, self.noise_snr, rng)
        if self.codec == "telephone":
            waveform = telephone(waveform)
        return waveform


UNCHANGED = Distortion()


def key_of(utterance: Utterance) -> str:
    """What choices for a recording go by: the same wherever its corpus lies."""
    return f"{utterance.speaker_id}/{utterance.path.name}"


def _random(key: str) -> np.random.Generator:
    digest = hashlib.sha256(key.encode("utf-8", errors="surrogateescape")).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _pick(rows: Sequence[Utterance], rng: np.random.Generator) -> Utterance:
    return rows[int(rng.integers(len(rows)))]


@lru_cache(maxsize=32)
def _load(path: Path) -> NDArray[np.float32]:
    waveform, rate = audio.read(path)
    return audio.resample(waveform, rate, RATE)
