"""Frames of the prepared test examples: voices between pauses, as they are and augmented."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from voxtrait.training.build import build_model
from voxtrait.training.checkpoint import read_checkpoint
from voxtrait.training.folds import Fold
from voxtrait.training.run import Run

__all__ = ["Example", "examples"]


@dataclass(frozen=True)
class Example:
    """Frames of one example: speech found, speech, falsely found, no speech."""

    speaker: str
    corpus: str
    augmented: bool
    counts: list[int]


def examples(fold: Fold, folder: Path, threshold: float) -> list[Example]:
    """Every example of the fold's test parts, answered by the fold's network.

    The features were computed when the examples were prepared, so the network is asked in torch;
    the exported graph answers within 1e-4 of it, as training has checked.

    Args:
        fold: its test parts are asked.
        folder: of the run, for the network's weights.
        threshold: the probability from which a frame is speech.
    """
    model: Any = build_model(fold.recipe)
    model.load_state_dict(read_checkpoint(Run(folder).checkpoint)["model"])
    model.eval()
    prepared, rows = fold.prepared, list(fold.prepared.manifest)
    chosen = prepared.index[np.isin(prepared.index["part"], sorted(fold.sides.test))]
    # A logit of this is a probability of the threshold.
    least = float(np.log(threshold / (1 - threshold)))
    found = []
    for entry in chosen:
        row = rows[entry["utterance"]]
        place = slice(entry["start"], entry["start"] + entry["frames"])
        features = torch.from_numpy(prepared.shards[entry["shard"]][place].astype(np.float32))
        with torch.inference_mode():
            logits = model.from_features(features.T[None], torch.ones(1, 1, len(features)))
        heard = logits[0].numpy() >= least
        truth = prepared.speech[entry["shard"]][place].astype(bool)
        pairs = ((heard & truth), truth, (heard & ~truth), ~truth)
        counts = [int(flags.sum()) for flags in pairs]
        found.append(Example(row.speaker_id, row.corpus, bool(entry["copy"] > 0), counts))
    return found
