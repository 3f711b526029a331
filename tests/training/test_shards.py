"""Examples of a few recordings, on a corpus of computed sounds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from voxtrait.training.recipe import load_recipe
from voxtrait.training.shards import Job, ShardMaker

RECIPES = Path(__file__).parents[2] / "recipes"


def test_speakers_and_what_is_mixed_into_them_are_of_one_part(material: Any) -> None:
    prepared, parts = material
    rows = list(prepared.manifest)
    changed = prepared.index[prepared.index["copy"] > 0]
    assert len(changed) == 40  # 36 words and 4 noises, one changed copy each
    for entry in prepared.index:
        assert entry["part"] == parts[rows[entry["utterance"]].speaker_id]
    np.testing.assert_array_equal(changed["material"], changed["part"])


def test_computed_sounds_are_in_changed_copies_alone(material: Any, tmp_path: Path) -> None:
    """What is measured as recorded stays as recorded."""
    prepared, parts = material
    recipe = load_recipe(RECIPES / "speech.toml", ["prepare.seconds=3.0", "prepare.copies=1"])
    rows = [row for row in prepared.manifest if row.kind != "room"]
    made = []
    for share in (0.0, 1.0):
        changed = replace(recipe, prepare=replace(recipe.prepare, sounds=share))
        maker = ShardMaker(Job(changed, rows, parts, tmp_path))
        made.append([example for entry in maker._examples(0, rows[0]) for example in entry[1:2]])
    assert len(made[0]) == len(made[1]) == 2
    np.testing.assert_array_equal(made[0][0], made[1][0])
    assert not np.array_equal(made[0][1], made[1][1])
