"""The linear layers on the statistics of the pitch: the best there are, and nobody else's doing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from voxtrait.corpora import Manifest, Utterance
from voxtrait.networks import TraitModel
from voxtrait.training.build import build_model
from voxtrait.training.example_reader import ExampleReader
from voxtrait.training.pitch_fit import fit_pitch_heads
from voxtrait.training.prepared import INDEX, Prepared
from voxtrait.training.recipe import Recipe, load_recipe
from voxtrait.traits import AGE

RECIPE = Path(__file__).parents[2] / "recipes" / "voice_tiny.toml"
FRAMES = 80


def model_of(recipe: Recipe) -> TraitModel:
    torch.manual_seed(0)
    model = build_model(recipe)
    assert isinstance(model, TraitModel)
    return model.eval()


def prepared(ages: list[str | None]) -> Prepared:
    """An example a speaker, of loud bands; whoever is older speaks lower."""
    rng = np.random.default_rng(0)
    rows, features, index = [], [], []
    for number, age in enumerate(ages):
        labels = {} if age is None else {"age": age}
        speaker = f"common_voice/{number}"
        rows.append(Utterance(Path(f"{number}.wav"), "common_voice", speaker, labels))
        pitch = 0.6 - 0.2 * (AGE.labels.index(age) if age else 2) + rng.normal(0, 0.03, FRAMES)
        example = rng.normal(5, 1, (FRAMES, 66))
        example[:, 64], example[:, 65] = pitch, 0.9
        features.append(example.astype(np.float16))
        index.append((number, 0, 0, -1, False, 0, number * FRAMES, FRAMES))
    shard = np.concatenate(features)
    return Prepared(Manifest(rows), np.array(index, INDEX), [shard], [np.zeros(0, np.uint8)])


def told(model: TraitModel, recipe: Recipe, examples: Prepared) -> torch.Tensor:
    """What the pitch alone says of each example's age, ``[examples, labels]``."""
    reader = ExampleReader(examples, recipe, np.ones(len(examples.index), bool))
    pieces = [reader.whole(number) for number in range(len(reader.index))]
    batch = reader.batch(pieces, [reader.features(piece) for piece in pieces])
    levels = model.level(batch.features[:, :64], batch.mask)
    with torch.inference_mode():
        result: torch.Tensor = model.pitch_heads["age"](levels, batch.features[:, 64:], batch.mask)
    return result


def test_the_pitch_learns_what_it_can_and_nothing_else_changes() -> None:
    recipe = load_recipe(RECIPE)
    model = model_of(recipe)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    some = prepared([*AGE.labels] * 12)
    everyone = np.ones(len(some.index), bool)
    assert told(model, recipe, some).abs().max() == 0
    fit_pitch_heads(model, some, recipe, everyone)
    answers = told(model, recipe, some).argmax(1)
    assert float((answers == torch.arange(6).repeat(12)).float().mean()) > 0.9
    for name, value in model.state_dict().items():
        same = bool(torch.equal(value, before[name]))
        assert same is not name.startswith("pitch_heads"), name
    again = model_of(recipe)
    fit_pitch_heads(again, some, recipe, everyone)
    torch.testing.assert_close(told(again, recipe, some), told(model, recipe, some))


def test_a_label_that_nobody_has_stays_a_number_and_is_not_answered() -> None:
    recipe = load_recipe(RECIPE)
    model = model_of(recipe)
    some = prepared(["teens", "20s", "30s", None] * 10)
    fit_pitch_heads(model, some, recipe, np.ones(len(some.index), bool))
    scores = told(model, recipe, some)
    assert scores.shape == (40, 6)
    assert torch.isfinite(scores).all()
    assert set(scores.argmax(1).tolist()) == {0, 1, 2}


def test_without_an_age_the_layer_goes_on_saying_nothing() -> None:
    recipe = load_recipe(RECIPE)
    model = model_of(recipe)
    nobody = prepared(["teens", "20s"])
    known = [replace(row, labels={"gender": "female"}) for row in nobody.manifest]
    some = replace(nobody, manifest=Manifest(known))
    fit_pitch_heads(model, some, recipe, np.ones(2, bool))
    assert told(model, recipe, some).abs().max() == 0


def test_training_sees_the_bands_alone() -> None:
    recipe = load_recipe(RECIPE)
    some = prepared(["40s", "50s"])
    reader = ExampleReader(some, recipe, np.ones(2, bool))
    piece = reader.whole(1)
    assert reader.levels(piece).flags.c_contiguous
    np.testing.assert_array_equal(reader.levels(piece), reader.features(piece)[:, :64])
    assert reader.features(piece).shape == (FRAMES, 66)


def test_models_without_a_pitch_are_left_alone() -> None:
    recipe = load_recipe(RECIPE.with_name("digit_tiny.toml"))
    model = model_of(recipe)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    fit_pitch_heads(model, prepared(["40s"]), recipe, np.ones(1, bool))
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
