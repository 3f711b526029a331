"""One training step, for Lightning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lightning
import torch
from torch import Tensor
from torch.nn import functional as F

from voxtrait.networks import FrameNet
from voxtrait.training.build import build_model
from voxtrait.training.losses import trait_loss
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from voxtrait.training.example_reader import Batch
    from voxtrait.training.recipe import Recipe

__all__ = ["TrainingModule"]


class TrainingModule(lightning.LightningModule):
    """Losses, AdamW and a one-cycle schedule.

    Args:
        recipe: says all of it.
        steps: optimiser steps in the whole training.
    """

    def __init__(self, recipe: Recipe, steps: int) -> None:
        super().__init__()
        self.recipe, self.steps = recipe, steps
        self.model = build_model(recipe)

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
        for name, logits in self.model.heard(batch.features, batch.mask).items():
            targets = batch.targets[name]
            loss = trait_loss(TRAITS[name], logits, targets, smoothing)
            total = total + self.recipe.fit.weights.get(name, 1.0) * loss
            known = targets >= 0
            right = (logits.argmax(1) == targets)[known].float()
            if len(right):
                self._log(f"{stage}/{name}_accuracy", right.mean(), len(right))
        return total

    def _frame_loss(self, logits: Tensor, batch: Batch, stage: str) -> Tensor:
        """Binary cross-entropy of every real frame."""
        real = batch.mask.squeeze(1) > 0
        truth = batch.targets["speech"][real]
        right = ((logits[real] > 0) == (truth > 0.5)).float()
        self._log(f"{stage}/frame_accuracy", right.mean(), len(right))
        return F.binary_cross_entropy_with_logits(logits[real], truth)

    def _log(self, name: str, value: Tensor, count: int) -> None:
        self.log(name, value, on_step=False, on_epoch=True, batch_size=count)
