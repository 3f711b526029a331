"""Batches: what is done to features as they are drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from voxtrait.corpora import Manifest, Utterance
from voxtrait.training.batches import TrainingBatches, ValidationBatches
from voxtrait.training.example_reader import ExampleReader
from voxtrait.training.prepared import INDEX, Prepared
from voxtrait.training.recipe import Recipe
from voxtrait.training.settings import FitSettings

BANDS = 40


def prepared() -> Prepared:
    """Eight words of 50 frames, of noise around 5."""
    rng = np.random.default_rng(0)
    index = np.zeros(8, INDEX)
    index["utterance"], index["frames"] = np.arange(8), 50
    index["start"] = 50 * np.arange(8)
    rows = [
        Utterance(Path(f"{n}.wav"), "c", f"c/{n}", {"digit": str(n)}, word=f"w{n}")
        for n in range(8)
    ]
    shard = rng.uniform(4, 6, (400, BANDS)).astype(np.float16)
    return Prepared(Manifest(rows), index, [shard], [])


def narrow_share(recipe: Recipe) -> float:
    batches = TrainingBatches(ExampleReader(prepared(), recipe, np.ones(8, bool)))
    features = np.concatenate([batch.features.numpy() for batch in batches])
    lowest = features.min(axis=(1, 2), keepdims=True)
    return float((features[:, -1:] == lowest).all(axis=(1, 2)).mean())


def test_some_examples_lose_their_highest_bands_and_no_others(quick_recipe: Recipe) -> None:
    still = FitSettings(steps=30, mask_bands=0, mask_frames=0)
    fit = replace(still, batch=quick_recipe.fit.batch)
    assert narrow_share(replace(quick_recipe, fit=replace(fit, narrow=0.0))) == 0
    share = narrow_share(replace(quick_recipe, fit=replace(fit, narrow=0.3)))
    assert 0.2 < share < 0.4


def test_words_are_mixed_with_noises_that_train_and_padded_to_the_longest(
    quick_recipe: Recipe,
) -> None:
    made = prepared()
    rows = [
        replace(row, kind="noise", word="", labels={"digit": "not_a_digit"}) if at > 5 else row
        for at, row in enumerate(made.manifest)
    ]
    made = replace(made, manifest=Manifest(rows))
    fit = replace(quick_recipe.fit, steps=40, batch=4, trim=0.5, surround=0.7, mix=1.0)
    chosen = np.arange(8) != 7  # the second noise belongs to validation
    batches = TrainingBatches(ExampleReader(made, replace(quick_recipe, fit=fit), chosen))
    assert batches.augment.noise is not None
    for seed in range(5):
        noise = batches.augment.noise(np.random.default_rng(seed))
        np.testing.assert_array_equal(noise, made.shards[0][300:350])
    drawn = list(batches)
    assert len(drawn) == 40
    for batch in drawn:
        lengths = batch.mask.sum(dim=(1, 2)).int().tolist()
        assert max(lengths) == batch.features.shape[2]
        assert all(
            bool((row[:, length:] == 0).all())
            for row, length in zip(batch.features, lengths, strict=True)
        )
    assert len({batch.features.shape[2] for batch in drawn}) > 5


def test_validation_sees_everything_once_as_it_is(quick_recipe: Recipe) -> None:
    made = prepared()
    batches = list(ValidationBatches(ExampleReader(made, quick_recipe, np.ones(8, bool))))
    features = np.concatenate([batch.features.numpy() for batch in batches])
    targets = np.concatenate([batch.targets["digit"].numpy() for batch in batches])
    assert targets.tolist() == list(range(8))
    np.testing.assert_array_equal(
        features, made.shards[0].reshape(8, 50, BANDS).transpose(0, 2, 1).astype(np.float32)
    )
