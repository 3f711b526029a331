"""Recordings are prepared once, by however many processes, whatever stops them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voxtrait.training.prepare import prepare
from voxtrait.training.recipe import Recipe
from voxtrait.training.train import Options, prepare_recipe


def test_examples_are_made_once_and_the_same_by_one_process_or_two(
    quick_recipe: Recipe, options: Options, material: Any, tmp_path: Path
) -> None:
    _, parts = material
    stamps = {file: file.stat().st_mtime_ns for file in options.cache.rglob("*.npy")}
    again, _ = prepare_recipe(quick_recipe, options)
    assert stamps == {file: file.stat().st_mtime_ns for file in options.cache.rglob("*.npy")}
    rows = [*again.manifest] * 3  # enough for two shards
    manifest = type(again.manifest)(rows)
    one = prepare(quick_recipe, manifest, parts, tmp_path / "one")
    two = prepare(quick_recipe, manifest, parts, tmp_path / "two", processes=2)
    np.testing.assert_array_equal(one.index, two.index)
    for left, right in zip(one.shards, two.shards, strict=True):
        np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize("change", [{"word": "tree"}, {"category": "rain"}, {"kind": "music"}])
def test_what_is_made_of_a_recording_differently_is_made_anew(
    quick_recipe: Recipe, material: Any, tmp_path: Path, change: dict[str, str]
) -> None:
    prepared, parts = material
    rows = [*prepared.manifest][:1]
    for row in (*rows, replace(rows[0], **change)):
        prepare(quick_recipe, type(prepared.manifest)([row]), parts, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_preparation_that_was_killed_goes_on(
    quick_recipe: Recipe, material: Any, tmp_path: Path
) -> None:
    prepared, parts = material
    whole = prepare(quick_recipe, prepared.manifest, parts, tmp_path)
    (index,) = tmp_path.rglob("*.index.npy")
    index.unlink()
    next(tmp_path.rglob("*.features.npy")).unlink()  # still mapped into memory by `whole`
    seen: list[tuple[str, int, int]] = []
    again = prepare(
        quick_recipe, prepared.manifest, parts, tmp_path, progress=lambda *at: seen.append(at)
    )
    assert seen == [("preparing", 1, 1)]
    np.testing.assert_array_equal(again.shards[0], whole.shards[0])
