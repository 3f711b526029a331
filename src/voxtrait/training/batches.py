"""Batches of features out of the prepared examples."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from torch.utils.data import IterableDataset

from voxtrait.corpora.noise import NOISES
from voxtrait.training.example_reader import Batch, ExampleReader, Piece
from voxtrait.training.feature_augment import FeatureAugment
from voxtrait.training.prefetch import prefetch
from voxtrait.training.prepared import FRAMES_A_SECOND
from voxtrait.training.sampler import draw_weights
from voxtrait.training.splicing import Splicer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["TrainingBatches", "ValidationBatches"]

TOGETHER = 16  # batches of words whose examples are sorted by length


class TrainingBatches(IterableDataset[Batch]):
    """Endless variety, a fixed number of batches an epoch.

    What an epoch holds depends on the seed and the epoch's number alone, so that a training that
    was stopped goes on as if it had not been.

    Args:
        examples: those that are trained on; their recipe says batch size, lengths, masks, weights.
    """

    def __init__(self, examples: ExampleReader) -> None:
        recipe = examples.recipe
        self.examples, self.recipe = examples, recipe
        # Asked for when an epoch's first batch is: whoever trains says which epoch that is.
        self.epoch: Callable[[], int] = lambda: 0
        self.waited = 0.0  # seconds spent on waiting for batches, since its reader set it to 0
        self.noises = self.examples.of_kind(*NOISES)
        self.augment = FeatureAugment(recipe.fit, self._noise if len(self.noises) else None)
        self.weights = draw_weights(
            self.examples.rows, self.examples.index, recipe.traits, recipe.sample
        )
        self.splicer = self._splicer() if recipe.fit.splice else None

    def __len__(self) -> int:
        """Batches of an epoch."""
        return self.recipe.fit.steps

    def __iter__(self) -> Iterator[Batch]:
        """The batches of the epoch whose number ``epoch`` gives."""
        rng = np.random.default_rng([self.recipe.seed, self.epoch()])
        began = time.perf_counter()
        for batch in prefetch(self._epoch(rng), TOGETHER):
            self.waited += time.perf_counter() - began
            yield batch
            began = time.perf_counter()

    def _epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        fit = self.recipe.fit
        drawn = rng.choice(len(self.weights), size=fit.steps * fit.batch, p=self.weights)
        together = TOGETHER * fit.batch
        for start in range(0, len(drawn), together):
            yield from self._batches(drawn[start : start + together], rng)

    def _batches(self, drawn: NDArray[np.int64], rng: np.random.Generator) -> Iterator[Batch]:
        """Batches of the drawn numbers; words of like length together, to pad little."""
        size = self.recipe.fit.batch
        if self.recipe.prepare.style != "word":
            for start in range(0, len(drawn), size):
                pieces = self._cropped(drawn[start : start + size], rng)
                yield self.examples.batch(*self._augmented(pieces, rng))
            return
        whole = [self.examples.whole(int(number)) for number in drawn]
        pieces, levels = self._augmented(whole, rng)
        order = np.argsort([len(example) for example in levels], kind="stable")
        groups = [order[start : start + size] for start in range(0, len(order), size)]
        for place in rng.permutation(len(groups)):
            group = groups[place]
            yield self.examples.batch([pieces[i] for i in group], [levels[i] for i in group])

    def _noise(self, rng: np.random.Generator) -> NDArray[np.float32]:
        return self._whole(int(self.noises[rng.integers(len(self.noises))]))

    def _whole(self, number: int) -> NDArray[np.float32]:
        return self.examples.levels(self.examples.whole(number))

    def _augmented(
        self, pieces: Sequence[Piece], rng: np.random.Generator
    ) -> tuple[list[Piece], list[NDArray[np.float32]]]:
        """Levels to train on, and the pieces, marked where another was spliced in their place."""
        marked, levels = [], []
        for piece in pieces:
            spliced = self._spliced(piece, rng)
            level = self.examples.levels(piece) if spliced is None else spliced
            marked.append(piece._replace(spliced=spliced is not None))
            levels.append(self.augment(level, rng))
        return marked, levels

    def _spliced(self, piece: Piece, rng: np.random.Generator) -> NDArray[np.float32] | None:
        """Now and then an example spliced in the place of another."""
        if self.splicer and rng.random() < self.recipe.fit.splice:
            return self.splicer(piece.number, rng)
        return None

    def _splicer(self) -> Splicer:
        rows = self.examples.rows
        digits = [row.labels.get("digit", "") if row.kind == "speech" else "" for row in rows]
        return Splicer(
            [digits[number] for number in self.examples.index["utterance"]],
            self.weights,
            self._whole,
        )

    def _cropped(self, numbers: NDArray[np.int64], rng: np.random.Generator) -> list[Piece]:
        """A random piece of each example, all of one length drawn for the batch."""
        lengths = self.examples.index["frames"][numbers]
        wanted = int(FRAMES_A_SECOND * rng.uniform(*self.recipe.fit.seconds))
        firsts = rng.integers(0, np.maximum(lengths - wanted, 0) + 1)
        return [
            Piece(int(number), int(first), int(min(wanted, length)))
            for number, first, length in zip(numbers, firsts, lengths, strict=True)
        ]


class ValidationBatches(IterableDataset[Batch]):
    """Every chosen example once, whole, those of like length together."""

    def __init__(self, examples: ExampleReader) -> None:
        self.examples, self.size = examples, examples.recipe.fit.batch

    def __len__(self) -> int:
        """Batches in all."""
        return -(-len(self.examples.index) // self.size)

    def __iter__(self) -> Iterator[Batch]:
        """The batches, shortest examples first."""
        for numbers in self.examples.by_length(self.size):
            pieces = [self.examples.whole(int(number)) for number in numbers]
            yield self.examples.batch(pieces, [self.examples.levels(piece) for piece in pieces])
