"""Checkpoints of tensors and numbers: a safetensors file and a JSON file, nothing to unpickle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from voxtrait.errors import RunError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["checkpoint_files", "read_checkpoint", "write_checkpoint"]


def write_checkpoint(path: Path, values: dict[str, Any]) -> None:
    """Write nested dicts, lists and tuples of tensors, numbers, strings and ``None``.

    Raises:
        RunError: something else is among them.
    """
    tensors: dict[str, Tensor] = {}
    tree = _flatten(values, "", tensors)
    weights, structure = checkpoint_files(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = weights.with_suffix(".part")
    beside.write_bytes(save(tensors))  # save_file would let nobody else read it
    structure_beside = structure.with_suffix(".part")
    structure_beside.write_text(json.dumps(tree), encoding="utf-8")
    beside.replace(weights)
    structure_beside.replace(structure)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read what `write_checkpoint` wrote.

    Raises:
        RunError: a file is missing or damaged.
    """
    weights, structure = checkpoint_files(path)
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


def checkpoint_files(path: Path) -> tuple[Path, Path]:
    """The two files of a checkpoint: tensors, and everything else."""
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
