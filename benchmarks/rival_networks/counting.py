"""How many numbers a network has, and how many multiply-adds it takes."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from voxtrait.networks import TraitModel

__all__ = ["multiply_adds", "parameters"]


def parameters(model: nn.Module) -> int:
    """Trained numbers."""
    return sum(parameter.numel() for parameter in model.parameters())


def multiply_adds(model: TraitModel, frames: int) -> int:
    """Of convolutions, matrix products and recurrent units for one row; the front end left out.

    What is done number by number (normalisation, activations, masks, pooling) is not counted.

    Args:
        model: in evaluation.
        frames: of the row.
    """
    total = 0

    def count(layer: nn.Module, inputs: Any, output: Any) -> None:
        nonlocal total
        total += _of(layer, inputs[0], output)

    counted = [
        layer
        for layer in model.modules()
        if isinstance(layer, nn.Conv1d | nn.Conv2d | nn.Linear | nn.GRU)
    ]
    hooks = [layer.register_forward_hook(count) for layer in counted]
    try:
        with torch.inference_mode():
            model.from_features(
                torch.zeros(1, model.front_end.bands, frames), torch.ones(1, 1, frames)
            )
    finally:
        for hook in hooks:
            hook.remove()
    return total


def _of(layer: nn.Module, given: Tensor, output: Any) -> int:
    if isinstance(layer, nn.GRU):
        # The biases stand beside the matrices in these shapes, and are vectors.
        matrices = sum(p.numel() for p in layer.parameters() if p.ndim == 2)
        return given.shape[1] * matrices
    if isinstance(layer, nn.Linear):
        return int(layer.weight.numel())
    assert isinstance(layer, nn.Conv1d | nn.Conv2d)
    places = output[0, 0].numel()
    return int(places * layer.weight.numel())
