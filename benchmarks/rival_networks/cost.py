"""Milliseconds on onnxruntime, multiply-adds and bytes, each beside the package's network."""

from __future__ import annotations

import statistics
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from rival_networks.counting import multiply_adds, parameters
from rival_networks.families import FAMILIES, FRONT_END, OURS, RECIPES, model_of, recipe_of
from speed.clock import Task, interleaved, ratio
from voxtrait.model_file import ModelFile
from voxtrait.networks import TraitModel
from voxtrait.training.export import export_model, largest_difference
from voxtrait.training.recipe import Recipe

__all__ = ["SECONDS", "exported", "measure"]

RATE = 16_000
SECONDS = (1, 3)
REPEATS = 5  # runs in one turn: one run is shorter than the clock's own cost is long
MOST_DIFFERENCE = 1e-4  # between torch and onnxruntime


def measure(
    recipes: Sequence[str], names: Sequence[str], rounds: int, say: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """Recipe to family to figures; the front end alone is one of the families.

    Args:
        recipes: of `rival_networks.families.RECIPES`.
        names: of `FAMILIES`; the package's own is always there, for it is what the others are
            compared with.
        rounds: turns that are counted.
        say: told what is being done.
    """
    found = {}
    for which in recipes:
        recipe, size = recipe_of(which), RECIPES[which]
        models: dict[str, bytes] = {}
        figures: dict[str, Any] = {}
        for name in dict.fromkeys([FRONT_END, OURS, *(n for n in FAMILIES if n in names)]):
            say(f"{which} {name}: exporting")
            torch.manual_seed(0)
            model = model_of(name, size, recipe).eval()
            models[name] = exported(model, recipe)
            figures[name] = {
                "parameters": parameters(model),
                "multiply_adds": multiply_adds(model, 1 + RATE // model.front_end.hop),
                "bytes": len(models[name]),
            }
        for seconds in SECONDS:
            say(f"{which}: {seconds} s of sound")
            for name, row in timed(models, seconds, rounds).items():
                figures[name][f"{seconds}_s"] = row
        found[which] = figures
    return found


def exported(model: TraitModel, recipe: Recipe) -> bytes:
    """The model file, made as `voxtrait export` makes it and compared with the network.

    Raises:
        RuntimeError: it answers otherwise than torch.
    """
    with warnings.catch_warnings():
        # Recurrent networks: true of one that is given no first state, and these are; torch's own
        # checks of sizes, which tracing runs once, are no part of the graph.
        warnings.filterwarnings("ignore", message="Exporting a model to ONNX with a batch_size")
        warnings.filterwarnings("ignore", module="torch.nn.modules.rnn")
        data = export_model(recipe, model)
    difference = largest_difference(model, data, [_noise(1), _noise(1.37)])
    if difference > MOST_DIFFERENCE:
        raise RuntimeError(f"the exported graph differs from the network by {difference:.2g}")
    return data


def timed(models: Mapping[str, bytes], seconds: float, rounds: int) -> dict[str, dict[str, Any]]:
    """CPU milliseconds of one answer, and the ratio to the package's network.

    ``beyond`` is the ratio when the front end alone, which all share, is taken from both; of each
    the quickest round, for a difference of medians would be mostly what else the machine did.
    """
    row = {"waveform": _noise(seconds)[None], "lengths": np.array([round(seconds * RATE)])}
    spent = interleaved({name: _running(data, row) for name, data in models.items()}, rounds)
    each = {name: [run.cpu / REPEATS for run in runs] for name, runs in spent.items()}
    found: dict[str, dict[str, Any]] = {}
    for name, runs in each.items():
        beside = ratio(runs, each[OURS])
        found[name] = {
            "ms": 1e3 * statistics.median(runs),
            "ratio": beside.median,
            "quartiles": [beside.low, beside.high],
        }
    alone = min(each[FRONT_END])
    ours = min(each[OURS]) - alone
    for name, runs in each.items():
        if name != FRONT_END:
            found[name]["beyond"] = (min(runs) - alone) / ours
    return found


def _running(data: bytes, row: Mapping[str, Any]) -> Task:
    session = ModelFile.load(data).session(threads=1)

    def task() -> None:
        for _ in range(REPEATS):
            session.run(None, row)

    return task


def _noise(seconds: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Samples that are not all alike; what they say costs nothing."""
    rng = np.random.default_rng(0)
    return (0.1 * rng.standard_normal(round(seconds * RATE))).astype(np.float32)
