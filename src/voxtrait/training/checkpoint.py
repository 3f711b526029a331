"""Checkpoints of tensors and numbers: a safetensors file and a JSON file, nothing to unpickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from lightning.fabric.plugins import CheckpointIO
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from voxtrait.errors import RunError

__all__ = ["SafeCheckpoints", "read_checkpoint", "write_checkpoint"]


class SafeCheckpoints(CheckpointIO):
    """Lightning's checkpoints, written and read by this module."""

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | Path, storage_options: object = None
    ) -> None:
        """Write ``path`` (safetensors) and, beside it, the same name with ``.json``."""
        del storage_options
        write_checkpoint(Path(path), checkpoint)

    def load_checkpoint(
        self, path: str | Path, map_location: object = None, weights_only: bool | None = None
    ) -> dict[str, Any]:
        """Read what `save_checkpoint` wrote."""
        del map_location, weights_only
        return read_checkpoint(Path(path))

    def remove_checkpoint(self, path: str | Path) -> None:
        """Delete both files."""
        for file in _files(Path(path)):
            file.unlink(missing_ok=True)


def write_checkpoint(path: Path, values: dict[str, Any]) -> None:
    """Write nested dicts, lists and tuples of tensors, numbers, strings and ``None``.

    Raises:
        RunError: something else is among them.
    """
    tensors: dict[str, Tensor] = {}
    tree = _flatten(values, "", tensors)
    weights, structure = _files(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = weights.with_suffix(".part")
    save_file(tensors, beside)
    structure_beside = structure.with_suffix(".part")
    structure_beside.write_text(json.dumps(tree), encoding="utf-8")
    beside.replace(weights)
    structure_beside.replace(structure)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read what `write_checkpoint` wrote.

    Raises:
        RunError: a file is missing or damaged.
    """
    weights, structure = _files(path)
    try:
        tensors = load_file(weights)
        tree = json.loads(structure.read_text(encoding="utf-8"))
        values: dict[str, Any] = _restore(tree, tensors)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise RunError(
            f"The checkpoint {path} cannot be read: {error}.",
            "Train again, or resume from another checkpoint of the run.",
        ) from error
    return values


def _files(path: Path) -> tuple[Path, Path]:
    return path, path.with_suffix(path.suffix + ".json")


def _flatten(value: object, where: str, tensors: dict[str, Tensor]) -> Any:
    """JSON with a tag for what JSON does not know: tensors, tuples, keys that are no strings."""
    if isinstance(value, Tensor):
        # A copy: safetensors refuses tensors that share memory.
        tensors[where] = value.detach().cpu().clone().contiguous()
        return {"tensor": where}
    if isinstance(value, dict):
        pairs = [
            [_flatten(key, "", {}), _flatten(item, f"{where}/{key}", tensors)]
            for key, item in value.items()
        ]
        return {"dict": pairs}
    if isinstance(value, list | tuple):
        items = [_flatten(item, f"{where}/{index}", tensors) for index, item in enumerate(value)]
        return {"tuple" if isinstance(value, tuple) else "list": items}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise RunError(
        f"A checkpoint cannot hold {where or 'this'}, a {type(value).__name__}.",
        "Only tensors, numbers, strings, lists and dicts are kept.",
    )


def _restore(tree: Any, tensors: dict[str, Tensor]) -> Any:
    if not isinstance(tree, dict):
        return tree
    ((kind, content),) = tree.items()
    if kind == "tensor":
        return torch.clone(tensors[content])
    if kind == "dict":
        return {_restore(key, tensors): _restore(item, tensors) for key, item in content}
    items = [_restore(item, tensors) for item in content]
    return tuple(items) if kind == "tuple" else items
