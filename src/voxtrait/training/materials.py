"""Noises, rooms and voices that recordings are mixed with, each part's only with its own.

Speakers and noise recordings are dealt to parts. A recording of one part is mixed with noises and
voices of the same part only, so that whatever parts a split keeps apart stay apart in every sound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait import audio
from voxtrait.corpora.noise import NOISES
from voxtrait.training.augment import Materials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voxtrait.corpora import Utterance

__all__ = ["RATE", "MaterialStore", "read_16k"]

RATE = 16_000
VOICES_OF_A_PART = 16
VOICE_SECONDS = 4


def read_16k(path: Path) -> NDArray[np.float32]:
    """A recording as 16 kHz mono, ``[samples]``."""
    waveform, rate = audio.read(path)
    return audio.resample(waveform, rate, RATE)


class MaterialStore:
    """Reads each part's materials once, when they are first asked for.

    Args:
        utterances: everything that is prepared.
        parts: speaker or source to its part; -1 where it only trains.
    """

    def __init__(self, utterances: Sequence[Utterance], parts: Mapping[str, int]) -> None:
        self._rows = utterances
        self._parts = parts
        self._made: dict[int, Materials] = {}

    def of(self, part: int) -> Materials:
        """The materials of one part."""
        if part not in self._made:
            self._made[part] = self._read(part)
        return self._made[part]

    def _read(self, part: int) -> Materials:
        mine = [row for row in self._rows if self._parts.get(row.speaker_id) == part]
        spoken = [row for row in mine if row.kind == "speech" and not row.word]
        chosen = np.random.default_rng(part).permutation(len(spoken))[:VOICES_OF_A_PART]
        return Materials(
            noises=[read_16k(row.path) for row in mine if row.kind in NOISES],
            rooms=[read_16k(row.path) for row in mine if row.kind == "room"],
            voices=[read_16k(spoken[i].path)[: VOICE_SECONDS * RATE] for i in chosen],
        )
