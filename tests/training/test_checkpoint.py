"""Checkpoints: what was written comes back, and nothing is ever unpickled."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from voxtrait.errors import RunError
from voxtrait.training.checkpoint import read_checkpoint, write_checkpoint
from voxtrait.training.checkpoint_io import SafeCheckpoints

VALUES = {
    "state": {"weight": torch.arange(6.0).reshape(2, 3), "steps": torch.tensor(4)},
    "optimisers": [{"state": {0: {"step": 1.0}, 1: {}}, "betas": (0.9, 0.999)}],
    "best": None,
    "name": "a",
    "done": True,
    "empty": (),
}


def same(one: object, other: object) -> bool:
    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and torch.equal(one, other)
    if isinstance(one, dict):
        assert isinstance(other, dict)
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        assert type(one) is type(other)
        return len(one) == len(other) and all(map(same, one, other))
    return one == other and type(one) is type(other)


def test_nested_tensors_numbers_and_integer_keys_come_back(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "a.safetensors", VALUES)
    assert same(read_checkpoint(tmp_path / "a.safetensors"), VALUES)
    (tmp_path / "b").touch()
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1, "whoever may read one file of a run may read all"


def test_what_is_neither_tensor_nor_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"cannot hold /hook, a function"):
        write_checkpoint(
            tmp_path / "a.safetensors", {"hook": test_what_is_neither_tensor_nor_number_is_refused}
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["gone", "pickle", "half", "no structure", "no json"])
def test_a_damaged_checkpoint_is_named_and_never_unpickled(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a.safetensors"
    write_checkpoint(path, VALUES)
    if damage == "gone":
        path.unlink()
    elif damage == "pickle":
        path.write_bytes(pickle.dumps(VALUES))
    elif damage == "half":
        path.write_bytes(path.read_bytes()[:20])
    else:
        metadata = {"structure": "{"} if damage == "no json" else None
        path.write_bytes(save({"a": torch.zeros(2)}, metadata))
    with pytest.raises(RunError, match=r"a\.safetensors cannot be read"):
        read_checkpoint(path)


def test_removing_a_checkpoint_leaves_nothing_and_minds_nothing(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "a.safetensors", VALUES)
    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]
    for _ in range(2):
        SafeCheckpoints().remove_checkpoint(tmp_path / "a.safetensors")
    assert list(tmp_path.iterdir()) == []
