"""Prepared examples, their levels and their labels, and batches of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import Tensor

from voxtrait.features import FRONT_ENDS
from voxtrait.training.losses import MISSING
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe

__all__ = ["Batch", "ExampleReader", "Piece"]


class Batch(NamedTuple):
    """What the network is trained on at once.

    Attributes:
        features: ``[B, bands, T]``.
        mask: 1 for the real frames of each row, ``[B, 1, T]``.
        targets: trait to label numbers ``[B]``, `MISSING` where unknown; for the style ``frames``
            one entry ``speech`` with ``[B, T]`` of 0 and 1.
        lessons: what a teacher makes of each row, ``[B, numbers]``, NaN where it says nothing;
            None without a teacher.
    """

    features: Tensor
    mask: Tensor
    targets: dict[str, Tensor]
    lessons: Tensor | None = None


class Piece(NamedTuple):
    """Some frames of an example.

    Attributes:
        number: of the example.
        first: of the frames.
        frames: how many.
        spliced: another example was spliced in its place, of which no teacher was asked.
    """

    number: int
    first: int
    frames: int
    spliced: bool = False


class ExampleReader:
    """Reads prepared examples and their labels.

    Args:
        prepared: the examples.
        recipe: whose traits are asked.
        chosen: which of them, ``[examples]``; they are numbered anew from 0.
        lessons: what a teacher makes of all examples, ``[examples, numbers]``, if there is one; see
            `voxtrait.training.lessons`.
    """

    def __init__(
        self,
        prepared: Prepared,
        recipe: Recipe,
        chosen: NDArray[np.bool_],
        lessons: NDArray[np.float32] | None = None,
    ) -> None:
        self.prepared, self.recipe = prepared, recipe
        self.index = prepared.index[chosen]
        self.lessons = None if lessons is None else lessons[chosen]
        self.rows = list(prepared.manifest)
        self.pitch = FRONT_ENDS[recipe.front_end.name].pitch_features
        # Plain arrays on the same mapped files: slicing a memmap takes longer than reading it.
        self.shards = [np.asarray(shard) for shard in prepared.shards]

    def batch(self, pieces: Sequence[Piece], levels: Sequence[NDArray[np.float32]]) -> Batch:
        """Pieces of examples, each with its levels ``[frames, bands]``, padded to the longest.

        With all features of the pieces in place of the levels, those are what the batch holds.
        """
        longest = max(len(example) for example in levels)
        features = np.zeros((len(levels), longest, levels[0].shape[1]), np.float32)
        real = np.zeros((len(levels), 1, longest), np.float32)
        for row, example in enumerate(levels):
            features[row, : len(example)] = example
            real[row, :, : len(example)] = 1
        return Batch(
            torch.from_numpy(features).transpose(1, 2),
            torch.from_numpy(real),
            self._targets(pieces, longest),
            self._lessons(pieces),
        )

    def of_kind(self, *kinds: str) -> NDArray[np.int64]:
        """The numbers of the examples made of such recordings."""
        fitting = np.array([row.kind in kinds for row in self.rows])
        return np.flatnonzero(fitting[self.index["utterance"]])

    def by_length(self, size: int) -> Iterator[NDArray[np.int64]]:
        """The numbers of all examples, ``size`` at a time and the shortest first."""
        order = np.argsort(self.index["frames"], kind="stable")
        for start in range(0, len(order), size):
            yield order[start : start + size]

    def whole(self, number: int) -> Piece:
        """All of an example."""
        return Piece(number, 0, int(self.index["frames"][number]))

    def levels(self, piece: Piece) -> NDArray[np.float32]:
        """The bands that the front end gave, ``[frames, bands]``, as a copy."""
        features = self._prepared(piece)
        levels = features[:, : features.shape[1] - self.pitch].astype(np.float32, order="C")
        return np.asarray(levels)

    def features(self, piece: Piece) -> NDArray[np.float32]:
        """All that the front end gave, ``[frames, bands + pitch]``, as a copy."""
        return np.asarray(self._prepared(piece).astype(np.float32))

    def _prepared(self, piece: Piece) -> NDArray[np.float16]:
        entry = self.index[piece.number]
        start = entry["start"] + piece.first
        return np.asarray(self.shards[entry["shard"]][start : start + piece.frames])

    def _targets(self, pieces: Sequence[Piece], longest: int) -> dict[str, Tensor]:
        if self.recipe.prepare.style == "frames":
            speech = np.zeros((len(pieces), longest), np.float32)
            for row, (number, first, frames, _) in enumerate(pieces):
                entry = self.index[number]
                start = entry["start"] + first
                flags = self.prepared.speech[entry["shard"]]
                speech[row, :frames] = flags[start : start + frames]
            return {"speech": torch.from_numpy(speech)}
        targets = {}
        for trait in self.recipe.traits:
            labels = [self._label(piece.number, trait) for piece in pieces]
            targets[trait] = torch.tensor(labels)
        return targets

    def _lessons(self, pieces: Sequence[Piece]) -> Tensor | None:
        if self.lessons is None:
            return None
        lessons = self.lessons[[piece.number for piece in pieces]]
        lessons[[piece.spliced for piece in pieces]] = np.nan
        return torch.from_numpy(lessons)

    def _label(self, number: int, trait: str) -> int:
        entry = self.index[number]
        label = self.rows[entry["utterance"]].labels.get(trait)
        if label is None or (entry["pitch"] and trait not in self.recipe.prepare.pitch_traits):
            return MISSING
        return TRAITS[trait].labels.index(label)
