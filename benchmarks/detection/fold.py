"""A fold's detector, the recordings of its sides, and the models that are asked behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from zlib import crc32

from detection.hearing import SURES
from detection.measure import Row
from voxtrait.corpora import Utterance
from voxtrait.model_file import Card, ModelFile, Window, with_card
from voxtrait.runtime.registry import SPEECH, models
from voxtrait.speech import stream
from voxtrait.testing import fake_model
from voxtrait.training.folds import Fold
from voxtrait.training.recipe import load_recipe
from voxtrait.training.train import Options, train

__all__ = ["about", "as_shipped", "asked", "detector_of", "least_speech", "rules", "sides"]

RECIPES = Path(__file__).parents[2] / "recipes"
ASKED = ("voice_small.toml", "digit_small.toml")  # whose windows say how much speech is enough


def detector_of(fold: Fold, folder: Path, places: Options, sure: float | None) -> ModelFile:
    """The detector of a fold, trained unless it is there."""
    path = folder / "model.onnx"
    if not path.exists():
        train(fold.recipe, fold.prepared, fold.parts, fold.sides, folder, places)
    data = path.read_bytes()
    if sure is not None:
        data = with_card(data, replace(ModelFile.load(data).card, sure=sure))
    return ModelFile.load(data)


def asked() -> list[ModelFile]:
    """Models in place of the shipped ones: only how much speech they need counts here."""
    found = []
    for name in ASKED:
        recipe = load_recipe(RECIPES / name)
        data = fake_model(recipe.traits)
        window = Window(recipe.window.seconds, recipe.window.hop, recipe.window.least)
        card = replace(ModelFile.load(data).card, window=window)
        found.append(ModelFile.load(with_card(data, card)))
    return found


def least_speech() -> dict[str, float]:
    """Seconds of speech from which gender and age, and digits, are answered."""
    voice, word = (model.card.window.least for model in asked())
    return {"voice": voice, "word": word}


def sides(fold: Fold) -> dict[str, list[Utterance]]:
    """The fold's recordings on which its detector is tested, and those that choose."""
    validation = fold.sides.validation
    rows = fold.prepared.manifest
    return {
        "test": list(fold.test),
        "validation": [row for row in rows if fold.parts.get(row.speaker_id) in validation],
    }


def rules(card: Card) -> str:
    """Names everything by which frames become speech, and what is written of them.

    So that rows of other rules, or with other columns, are not taken for these.
    """
    values = (card.sure, card.threshold, stream.SLACK, stream.ALONE_SURE, stream.NEAR_SECONDS)
    columns = [SURES, *(field.name for field in fields(Row))]
    return "_".join([*(f"{value:g}" for value in values), f"{crc32(repr(columns).encode()):08x}"])


def about(model: ModelFile) -> dict[str, float]:
    """What there is to know of a detector's file."""
    card = model.card
    size = len(model.graph)
    return {
        "parameters": card.parameters,
        "bytes": size,
        "threshold": card.threshold,
        "sure": card.sure or card.threshold,
    }


def as_shipped(told: Mapping[str, float]) -> dict[str, float]:
    """`about` a fold's detector, with the bytes of the shipped file of the same network.

    Folds may have been exported before a change that makes files smaller; what ships is what a
    reader gets.
    """
    sizes = [
        model.size
        for model in models()
        if model.name == SPEECH and model.card.parameters == told["parameters"]
    ]
    return {**told, "bytes": sizes[0] if sizes else told["bytes"]}
