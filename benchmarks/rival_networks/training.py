"""Train a network for some minutes of CPU time, whatever one step of it takes."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxtrait.networks import TraitModel
from voxtrait.training.batches import TrainingBatches
from voxtrait.training.example_reader import Batch, ExampleReader
from voxtrait.training.losses import trait_loss
from voxtrait.training.module import TrainingModule
from voxtrait.training.prepared import Prepared
from voxtrait.training.recipe import Recipe
from voxtrait.traits import TRAITS

__all__ = ["Trained", "train"]

TICKS = 1000  # steps of the schedule of rates, spread over the time instead of over the batches
STEEPEST = 5.0  # gradients are clipped there, as `voxtrait train` does


@dataclass(frozen=True)
class Trained:
    """How far a training came.

    Args:
        steps: batches learnt from.
        clips_a_second: examples a second of CPU time.
    """

    steps: int
    clips_a_second: float


class Given(TrainingModule):
    """Optimiser and schedule of the package, for a network that no recipe can name."""

    def __init__(self, recipe: Recipe, model: TraitModel) -> None:
        super().__init__(recipe, TICKS)
        self.model = model


def train(
    model: TraitModel,
    recipe: Recipe,
    prepared: Prepared,
    chosen: NDArray[np.bool_],
    seconds: float,
    clock: Callable[[], float] = time.process_time,
) -> Trained:
    """Train in place; the last weights are what is left, in evaluation.

    The one-cycle schedule goes by the share of the time that is spent, so that it ends with it.

    Args:
        model: what to train.
        recipe: batches, masks, weights, rates.
        prepared: the examples.
        chosen: which of them are trained on, ``[examples]``.
        seconds: by the clock; making the batches is part of it.
        clock: CPU time of this process.
    """
    torch.manual_seed(recipe.seed)
    optimisers = Given(recipe, model).configure_optimizers()
    optimiser, schedule = optimisers["optimizer"], optimisers["lr_scheduler"]["scheduler"]
    model.train()
    began = clock()
    steps = ticks = 0
    for batch in _endless(TrainingBatches(ExampleReader(prepared, recipe, chosen))):
        optimiser.zero_grad()
        torch.autograd.backward(_loss(model, recipe, batch))
        torch.nn.utils.clip_grad_norm_(model.parameters(), STEEPEST)
        optimiser.step()
        steps += 1
        share = (clock() - began) / seconds
        while ticks < min(TICKS - 1, share * TICKS):
            schedule.step()
            ticks += 1
        if share >= 1:
            break
    model.eval()
    return Trained(steps, steps * recipe.fit.batch / (clock() - began))


def _endless(batches: TrainingBatches) -> Iterator[Batch]:
    for epoch in itertools.count():
        batches.epoch = partial(int, epoch)
        yield from batches


def _loss(model: TraitModel, recipe: Recipe, batch: Batch) -> Tensor:
    outputs = model.from_features(batch.features, batch.mask)
    losses = [
        recipe.fit.weights.get(name, 1.0)
        * trait_loss(TRAITS[name], logits, batch.targets[name], recipe.fit.smoothing)
        for name, logits in zip(recipe.traits, outputs, strict=True)
    ]
    return torch.stack(losses).sum()
