"""Train one network, in a folder that can be killed, resumed and reproduced."""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lightning
import torch
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint
from lightning.pytorch.loggers import TensorBoardLogger
from torch.utils.data import DataLoader

from voxtrait.training.batches import TrainingBatches, ValidationBatches
from voxtrait.training.checkpoint import read_checkpoint
from voxtrait.training.checkpoint_io import SafeCheckpoints
from voxtrait.training.device import pick_device
from voxtrait.training.example_reader import ExampleReader
from voxtrait.training.lessons import lesson_table
from voxtrait.training.module import TrainingModule

if TYPE_CHECKING:
    from voxtrait.training.prepared import Prepared
    from voxtrait.training.recipe import Recipe
    from voxtrait.training.selection import Selection

__all__ = ["fit"]

Progress = Callable[[int, int, dict[str, float]], None]


class Journal(Callback):
    """Writes each epoch's figures as a line of JSON and tells whoever draws the progress."""

    def __init__(self, path: Path, batches: TrainingBatches, progress: Progress | None) -> None:
        self.path, self.batches, self.progress = path, batches, progress
        self.began = 0.0

    def on_train_epoch_start(self, trainer: Any, pl_module: Any) -> None:
        """Start the clocks."""
        del trainer, pl_module
        self.began = time.perf_counter()
        self.batches.waited = 0.0

    def on_train_batch_start(
        self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int
    ) -> None:
        """Everything random of an epoch follows from the seed and the epoch's number.

        Not at the epoch's start: making the iterator over the data draws a number, and when that
        is depends on whether the training was resumed.
        """
        del batch
        if batch_idx == 0:
            torch.manual_seed(pl_module.recipe.seed * 100_003 + trainer.current_epoch)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Keep the figures; the share of time spent waiting for data is one of them."""
        del pl_module
        seconds = time.perf_counter() - self.began
        figures = {key: round(float(v), 6) for key, v in trainer.callback_metrics.items()}
        clocks = {
            "waiting": round(self.batches.waited / seconds, 4),
            "seconds": round(seconds, 2),
        }
        trainer.logger.log_metrics(clocks, trainer.global_step)
        figures |= clocks
        line = json.dumps({"epoch": trainer.current_epoch, **figures})
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        if self.progress is not None:
            self.progress(trainer.current_epoch + 1, trainer.max_epochs, figures)


def fit(
    recipe: Recipe,
    prepared: Prepared,
    selection: Selection,
    folder: Path,
    *,
    device: str = "auto",
    resume: bool = False,
    progress: Progress | None = None,
) -> TrainingModule:
    """Train, and give back the network with its last weights (the best ones if stopped early).

    Args:
        recipe: what to train and how.
        prepared: the examples.
        selection: which of them train and which validate.
        folder: the run's; checkpoints and figures go there.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        resume: go on from the folder's last checkpoint where there is one.
        progress: called after each epoch with epochs done, epochs in all, and the figures.
    """
    accelerator = pick_device(device)
    lightning.seed_everything(recipe.seed, verbose=False)
    training, validating = selection
    lessons = None
    if recipe.teacher.name:
        lessons = lesson_table(prepared, training, recipe.teacher.numbers)
    batches = TrainingBatches(ExampleReader(prepared, recipe, training, lessons))
    module = TrainingModule(recipe, recipe.fit.epochs * recipe.fit.steps)
    checkpoints = folder / "checkpoints"
    last = checkpoints / "last.safetensors"
    if not (resume and last.exists()):
        (folder / "metrics.jsonl").unlink(missing_ok=True)
    best = _keeper(checkpoints, "best", monitor="validation/loss")
    with _Quiet():
        trainer = lightning.Trainer(
            accelerator=accelerator,
            devices=1,
            max_epochs=recipe.fit.epochs,
            logger=TensorBoardLogger(folder, name="", version="tensorboard"),
            callbacks=[
                best,
                _keeper(checkpoints, "last"),
                EarlyStopping("validation/loss", patience=recipe.fit.patience),
                Journal(folder / "metrics.jsonl", batches, progress),
            ],
            plugins=[SafeCheckpoints()],
            enable_progress_bar=False,
            enable_model_summary=False,
            gradient_clip_val=5.0,
            num_sanity_val_steps=0,
        )
        batches.epoch = lambda: trainer.current_epoch
        with _interruptible(trainer):
            trainer.fit(
                module,
                DataLoader(batches, batch_size=None),
                DataLoader(
                    ValidationBatches(ExampleReader(prepared, recipe, validating, lessons)),
                    batch_size=None,
                ),
                ckpt_path=last if resume and last.exists() else None,
            )
    if trainer.current_epoch < recipe.fit.epochs:
        module.load_state_dict(read_checkpoint(Path(best.best_model_path))["state_dict"])
    return module


@contextlib.contextmanager
def _interruptible(trainer: lightning.Trainer) -> Iterator[None]:
    """Ctrl-C is an exception here too, and a kill ends with its own code.

    Lightning leaves the program at either, with the codes 1 and 0.
    """
    try:
        yield
    except SystemExit as leaving:
        if trainer.received_sigterm:
            raise SystemExit(128 + signal.SIGTERM) from leaving
        raise KeyboardInterrupt from leaving


def _keeper(folder: Path, name: str, monitor: str | None = None) -> ModelCheckpoint:
    keeper = ModelCheckpoint(
        folder,
        filename=name,
        monitor=monitor,
        save_top_k=1,
        enable_version_counter=False,
        save_on_train_epoch_end=True,  # one saved earlier would repeat part of its epoch
    )
    keeper.FILE_EXTENSION = ".safetensors"
    return keeper


class _Quiet:
    """Lightning's advice, which users of a recipe cannot act on, is kept from the terminal."""

    def __enter__(self) -> None:
        self._caught = warnings.catch_warnings()
        self._caught.__enter__()
        warnings.filterwarnings("ignore", module="lightning")
        warnings.filterwarnings("ignore", module="torch.jit")
        self._logger = logging.getLogger("lightning.pytorch")
        self._level = self._logger.level
        self._logger.setLevel(logging.ERROR)

    def __exit__(self, *error: object) -> None:
        self._logger.setLevel(self._level)
        self._caught.__exit__(None, None, None)
