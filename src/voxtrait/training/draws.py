"""Which examples are made of a recording, and the randomness of each."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxtrait.corpora import Utterance
    from voxtrait.training.shards import Job

__all__ = ["Draw", "draws"]


@dataclass(frozen=True)
class Draw:
    """One example of a recording.

    Args:
        copy: 0 is left as it is.
        part: of the speaker; -1 where nobody knows.
        material: part whose noises, rooms and voices are mixed in; -1 for none.
        pitch: whether the pitch is moved.
        rng: every further choice comes from it.
    """

    copy: int
    part: int
    material: int
    pitch: bool
    rng: np.random.Generator


def draws(row: Utterance, job: Job) -> Iterator[Draw]:
    """The examples of one recording: as it is, changed, and with the pitch moved.

    Args:
        row: the recording.
        job: whose recipe says how many.
    """
    recipe, part = job.recipe, job.parts.get(row.speaker_id, -1)
    pitch_copies = recipe.prepare.pitch_copies if row.kind == "speech" else 0
    for copy in range(1 + recipe.prepare.copies + pitch_copies):
        rng = _random(row.path.name, recipe.seed, copy)
        pitch = copy > recipe.prepare.copies
        material = -1 if copy == 0 else part if part >= 0 else int(rng.choice(job.sides))
        yield Draw(copy, part, material, pitch, rng)


def _random(name: str, seed: int, copy: int) -> np.random.Generator:
    """Randomness that depends on the recording alone, not on the order of the work."""
    digest = sha256(f"{seed} {copy} {name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))
