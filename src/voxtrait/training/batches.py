"""Batches of features out of the prepared examples."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import IterableDataset

from voxtrait.training.losses import MISSING
from voxtrait.training.masks import mask, narrow
from voxtrait.training.sampler import draw_weights
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe

__all__ = ["Batch", "TrainingBatches", "ValidationBatches"]

FRAMES_A_SECOND = 100


class Batch(NamedTuple):
    """What the network is trained on at once.

    Attributes:
        features: ``[B, bands, T]``.
        mask: 1 for the real frames of each row, ``[B, 1, T]``.
        targets: trait to label numbers ``[B]``, `MISSING` where unknown; for the style ``frames``
            one entry ``speech`` with ``[B, T]`` of 0 and 1.
    """

    features: Tensor
    mask: Tensor
    targets: dict[str, Tensor]


class _Examples:
    """Reads examples and their labels."""

    def __init__(self, prepared: Prepared, recipe: Recipe, chosen: NDArray[np.bool_]) -> None:
        self.prepared, self.recipe = prepared, recipe
        self.index = prepared.index[chosen]
        self.rows = list(prepared.manifest)

    def batch(
        self,
        pieces: list[tuple[int, int, int]],
        mask: Callable[[NDArray[np.float32]], None] | None = None,
    ) -> Batch:
        """The examples ``(number, first frame, frames)``, padded behind to the longest.

        ``mask`` may change an example ``[frames, bands]`` in place.
        """
        longest = max(frames for _, _, frames in pieces)
        bands = self.prepared.shards[0].shape[1]
        features = np.zeros((len(pieces), longest, bands), np.float32)
        real = np.zeros((len(pieces), 1, longest), np.float32)
        for row, (number, first, frames) in enumerate(pieces):
            entry = self.index[number]
            start = entry["start"] + first
            real[row, :, :frames] = 1
            features[row, :frames] = self.prepared.shards[entry["shard"]][start : start + frames]
            if mask is not None:
                mask(features[row, :frames])
        return Batch(
            torch.from_numpy(features).transpose(1, 2),
            torch.from_numpy(real),
            self._targets(pieces, longest),
        )

    def _targets(self, pieces: list[tuple[int, int, int]], longest: int) -> dict[str, Tensor]:
        if self.recipe.prepare.style == "frames":
            speech = np.zeros((len(pieces), longest), np.float32)
            for row, (number, first, frames) in enumerate(pieces):
                entry = self.index[number]
                start = entry["start"] + first
                flags = self.prepared.speech[entry["shard"]]
                speech[row, :frames] = flags[start : start + frames]
            return {"speech": torch.from_numpy(speech)}
        targets = {}
        for trait in self.recipe.traits:
            labels = [self._label(number, trait) for number, _, _ in pieces]
            targets[trait] = torch.tensor(labels)
        return targets

    def _label(self, number: int, trait: str) -> int:
        entry = self.index[number]
        label = self.rows[entry["utterance"]].labels.get(trait)
        if label is None or (entry["pitch"] and trait not in self.recipe.prepare.pitch_traits):
            return MISSING
        return TRAITS[trait].labels.index(label)


class TrainingBatches(IterableDataset[Batch]):
    """Endless variety, a fixed number of batches an epoch.

    What an epoch holds depends on the seed and the epoch's number alone, so that a training that
    was stopped goes on as if it had not been.

    Args:
        prepared: the examples.
        recipe: batch size, lengths, masks and weights.
        chosen: which examples are trained on, ``[examples]``.
    """

    def __init__(self, prepared: Prepared, recipe: Recipe, chosen: NDArray[np.bool_]) -> None:
        self.examples = _Examples(prepared, recipe, chosen)
        self.recipe = recipe
        # Asked for when an epoch's first batch is: whoever trains says which epoch that is.
        self.epoch: Callable[[], int] = lambda: 0
        self.waited = 0.0  # seconds spent on making batches, since whoever reads it set it to 0
        self.weights = draw_weights(
            self.examples.rows, self.examples.index, recipe.traits, recipe.sample
        )

    def __len__(self) -> int:
        """Batches of an epoch."""
        return self.recipe.fit.steps

    def __iter__(self) -> Iterator[Batch]:
        """The batches of the epoch whose number ``epoch`` gives."""
        rng = np.random.default_rng([self.recipe.seed, self.epoch()])
        fit = self.recipe.fit
        began = time.perf_counter()
        drawn = rng.choice(len(self.weights), size=fit.steps * fit.batch, p=self.weights)
        for numbers in self._grouped(drawn, rng):
            batch = self.examples.batch(
                self._cropped(numbers, rng), lambda example: self._masked(example, rng)
            )
            self.waited += time.perf_counter() - began
            yield batch
            began = time.perf_counter()

    def _grouped(self, drawn: NDArray[np.int64], rng: np.random.Generator) -> Iterator[list[int]]:
        """Batches of the drawn numbers; words of like length together, to pad little."""
        size = self.recipe.fit.batch
        if self.recipe.prepare.style != "word":
            for start in range(0, len(drawn), size):
                yield drawn[start : start + size].tolist()
            return
        for start in range(0, len(drawn), 16 * size):
            some = drawn[start : start + 16 * size]
            some = some[np.argsort(self.examples.index["frames"][some], kind="stable")]
            groups = [some[at : at + size].tolist() for at in range(0, len(some), size)]
            for group in rng.permutation(len(groups)):
                yield groups[group]

    def _masked(self, example: NDArray[np.float32], rng: np.random.Generator) -> None:
        fit = self.recipe.fit
        if fit.narrow and rng.random() < fit.narrow:
            narrow(example, rng)
        mask(example, fit.mask_bands, fit.mask_frames, rng)

    def _cropped(self, numbers: list[int], rng: np.random.Generator) -> list[tuple[int, int, int]]:
        """A random piece of each example, all of one length drawn for the batch; words whole."""
        lengths = self.examples.index["frames"][numbers]
        if self.recipe.prepare.style == "word":
            return [(n, 0, int(length)) for n, length in zip(numbers, lengths, strict=True)]
        wanted = int(FRAMES_A_SECOND * rng.uniform(*self.recipe.fit.seconds))
        firsts = rng.integers(0, np.maximum(lengths - wanted, 0) + 1)
        return [
            (number, int(first), int(min(wanted, length)))
            for number, first, length in zip(numbers, firsts, lengths, strict=True)
        ]


class ValidationBatches(IterableDataset[Batch]):
    """Every chosen example once, whole, those of like length together."""

    def __init__(self, prepared: Prepared, recipe: Recipe, chosen: NDArray[np.bool_]) -> None:
        self.examples = _Examples(prepared, recipe, chosen)
        self.size = recipe.fit.batch

    def __len__(self) -> int:
        """Batches in all."""
        return -(-len(self.examples.index) // self.size)

    def __iter__(self) -> Iterator[Batch]:
        """The batches, shortest examples first."""
        lengths = self.examples.index["frames"]
        order = np.argsort(lengths, kind="stable")
        for start in range(0, len(order), self.size):
            numbers = order[start : start + self.size]
            pieces = [(int(n), 0, int(lengths[n])) for n in numbers]
            yield self.examples.batch(pieces)
