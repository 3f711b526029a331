"""Checkpoints of tensors and numbers: a safetensors file with JSON in it, nothing to unpickle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from voxtrait.errors import RunError
from voxtrait.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_checkpoint", "write_checkpoint"]

STRUCTURE = "structure"  # the metadata entry that holds everything but the tensors, as JSON


def write_checkpoint(path: Path, values: dict[str, Any]) -> None:
    """Write nested dicts, lists and tuples of tensors, numbers, strings and ``None``, or nothing.

    Raises:
        RunError: something else is among them.
        OutOfSpace: the disk is full; what was at ``path`` is untouched.
        MissingRequirement: the system does not let it be written there; the same holds.
    """
    tensors: dict[str, Tensor] = {}
    tree = _flatten(values, "", tensors)
    write_whole(path, save(tensors, {STRUCTURE: json.dumps(tree)}))


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read what `write_checkpoint` wrote.

    Raises:
        RunError: the file is missing or damaged.
    """
    try:
        with safe_open(path, "pt") as file:
            tree = json.loads((file.metadata() or {})[STRUCTURE])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        values: dict[str, Any] = _restore(tree, tensors)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise RunError(
            f"The checkpoint {path} cannot be read: {error}.",
            "Train again, or resume from another checkpoint of the run.",
        ) from error
    return values


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
