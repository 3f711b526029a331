"""One training step, for Lightning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lightning
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from voxtrait.networks import FrameNet, TraitModel
from voxtrait.training.build import build_model
from voxtrait.training.losses import trait_loss
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from voxtrait.training.example_reader import Batch
    from voxtrait.training.recipe import Recipe

__all__ = ["TrainingModule"]


class TrainingModule(lightning.LightningModule):
    """Losses, AdamW and a one-cycle schedule.

    A teacher's lesson is guessed from the embedding by a linear layer of its own, which does not
    become part of the model (hint learning: Romero et al., 2015, arXiv:1412.6550).

    Args:
        recipe: says all of it.
        steps: optimiser steps in the whole training.
    """

    def __init__(self, recipe: Recipe, steps: int) -> None:
        super().__init__()
        self.recipe, self.steps = recipe, steps
        self.model = build_model(recipe)
        self.lesson_head: nn.Linear | None = None
        if recipe.teacher.name and isinstance(self.model, TraitModel):
            self.lesson_head = nn.Linear(self.model.network.width, recipe.teacher.numbers)

    def training_step(self, batch: Batch, _: int) -> Tensor:
        """The weighted sum of the traits' losses."""
        loss = self._loss(batch, "train")
        self.log("train/loss", loss, on_step=False, on_epoch=True, batch_size=len(batch.mask))
        return loss

    def validation_step(self, batch: Batch, _: int) -> None:
        """The same loss, and how many answers are right."""
        loss = self._loss(batch, "validation")
        self.log("validation/loss", loss, prog_bar=True, batch_size=len(batch.mask))

    def configure_optimizers(self) -> Any:
        """AdamW (arXiv:1711.05101) without decay on vectors, one cycle (arXiv:1708.07120)."""
        fit = self.recipe.fit
        matrices = [p for p in self.parameters() if p.ndim > 1]
        vectors = [p for p in self.parameters() if p.ndim <= 1]
        optimiser = torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": fit.weight_decay},
                {"params": vectors, "weight_decay": 0.0},
            ],
            lr=fit.rate,
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, max_lr=fit.rate, total_steps=self.steps, pct_start=0.15
        )
        return {
            "optimizer": optimiser,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }

    def _loss(self, batch: Batch, stage: str) -> Tensor:
        if isinstance(self.model, FrameNet):
            frames = self.model.from_features(batch.features, batch.mask)
            return self._frame_loss(frames, batch, stage)
        total = torch.zeros((), device=self.device)
        smoothing = self.recipe.fit.smoothing if stage == "train" else 0.0
        embedding = self.model.embedding(batch.features, batch.mask)
        for name, logits in self.model.answers(embedding).items():
            targets = batch.targets[name]
            loss = trait_loss(TRAITS[name], logits, targets, smoothing)
            total = total + self.recipe.fit.weights.get(name, 1.0) * loss
            known = targets >= 0
            right = (logits.argmax(1) == targets)[known].float()
            if len(right):
                self._log(f"{stage}/{name}_accuracy", right.mean(), len(right))
        if self.lesson_head is not None and batch.lessons is not None:
            guess = self.lesson_head(embedding)
            unexplained = self._unexplained(guess, batch.lessons, stage)
            if stage == "train":  # what is trained for is the traits, and they decide what is best
                total = total + self.recipe.teacher.weight * unexplained
        return total

    def _unexplained(self, guess: Tensor, lessons: Tensor, stage: str) -> Tensor:
        """The share of the lesson's main directions that the embedding does not tell."""
        taught = ~lessons[:, 0].isnan()
        if not bool(taught.any()):
            return guess.sum() * 0
        share = F.mse_loss(guess[taught], lessons[taught])
        self._log(f"{stage}/unexplained", share, int(taught.sum()))
        return share

    def _frame_loss(self, logits: Tensor, batch: Batch, stage: str) -> Tensor:
        """Binary cross-entropy of every real frame."""
        real = batch.mask.squeeze(1) > 0
        truth = batch.targets["speech"][real]
        right = ((logits[real] > 0) == (truth > 0.5)).float()
        self._log(f"{stage}/frame_accuracy", right.mean(), len(right))
        return F.binary_cross_entropy_with_logits(logits[real], truth)

    def _log(self, name: str, value: Tensor, count: int) -> None:
        self.log(name, value, on_step=False, on_epoch=True, batch_size=count)
