"""The examples of a few recordings, and the files that hold them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch

from voxtrait.corpora.noise import HUMAN
from voxtrait.features import FRONT_ENDS, normalise_level
from voxtrait.training.draws import draws
from voxtrait.training.examples import make_example, make_frames
from voxtrait.training.materials import RATE, MaterialStore, read_16k
from voxtrait.training.prepared import INDEX, write_shard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from voxtrait.corpora import Utterance
    from voxtrait.training.draws import Draw
    from voxtrait.training.recipe import Recipe

__all__ = ["SHARD", "Job", "ShardMaker"]

SHARD = 64  # utterances in one file
SHORTEST = RATE // 10  # samples of an example


@dataclass(frozen=True)
class Job:
    """All that a process needs to make shards."""

    recipe: Recipe
    rows: list[Utterance]
    parts: dict[str, int]
    folder: Path

    @cached_property
    def sides(self) -> list[int]:
        """The parts that there are, in order."""
        return sorted({part for part in self.parts.values() if part >= 0})


Entry = tuple[int, int, int, int, bool]


class ShardMaker:
    """Makes shards one after another, with its materials read once."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.settings = job.recipe.prepare
        self.store = MaterialStore(job.rows, job.parts)
        self.front_end = FRONT_ENDS[job.recipe.front_end.name](**job.recipe.front_end.arguments)

    def make(self, shard: int) -> None:
        """Write the examples of 64 recordings."""
        columns = self.front_end.bands + self.front_end.pitch_features
        features = [np.zeros((0, columns), np.float16)]
        speech = [np.zeros(0, np.uint8)]
        index = []
        at = 0
        first = shard * SHARD
        for number, row in enumerate(self.job.rows[first : first + SHARD], start=first):
            for entry, example, flags in self._examples(number, row):
                index.append((*entry, shard, at, len(example)))
                features.append(example)
                speech.append(flags)
                at += len(example)
        table = np.array(index, dtype=INDEX)
        write_shard(self.job.folder, shard, table, np.concatenate(features), np.concatenate(speech))

    def _examples(
        self, number: int, row: Utterance
    ) -> Iterator[tuple[Entry, NDArray[np.float16], NDArray[np.uint8]]]:
        """Its examples, with what the index says of each."""
        if not self._wanted(row):
            return
        waveform = read_16k(row.path)
        for draw in draws(row, self.job):
            sound, flags = self._sound(row, waveform, draw)
            if len(sound) >= SHORTEST:
                entry = (number, draw.copy, draw.part, draw.material, draw.pitch)
                example = self._features(sound)
                yield entry, example, flags[: len(example)]

    def _wanted(self, row: Utterance) -> bool:
        """Some recordings are only there to be mixed with others."""
        if self.settings.style == "recording":
            return row.kind == "speech"
        if self.settings.style == "frames":
            # A crying child is neither speech nor the lack of it.
            return row.kind != "room" and row.category not in HUMAN
        return row.kind != "room"

    def _sound(
        self,
        row: Utterance,
        waveform: NDArray[np.float32],
        draw: Draw,
    ) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """An example's waveform and, for the style ``frames``, which frames are speech."""
        materials = self.store.of(draw.material) if draw.material >= 0 else None
        if self.settings.style != "frames":
            sound = make_example(row, waveform, draw, materials, self.job.recipe)
            return sound, np.zeros(0, np.uint8)
        rng, spoken = draw.rng, row.kind == "speech"
        others = materials.voices if materials is not None and spoken else []
        more = [others[i] for i in rng.permutation(len(others))[: rng.integers(0, 3)]]
        sound, flags = make_frames(
            [waveform, *more] if spoken else [],
            rng,
            materials,
            self.job.recipe.augment,
            self.settings.seconds,
            background=None if spoken else waveform,
            sounds=self.settings.sounds if materials is not None else 0.0,
        )
        return sound, flags.astype(np.uint8)

    def _features(self, sound: NDArray[np.float32]) -> NDArray[np.float16]:
        with torch.inference_mode():
            waveform = torch.from_numpy(np.ascontiguousarray(sound, np.float32)).unsqueeze(0)
            lengths = torch.tensor([waveform.shape[1]])
            features, _ = self.front_end(normalise_level(waveform, lengths), lengths)
        result: NDArray[np.float16] = features[0].T.numpy().astype(np.float16)
        return result
