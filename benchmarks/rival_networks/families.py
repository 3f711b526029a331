"""Who is compared, and with what arguments each has as many parameters as the package's network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch import Tensor

from rival_networks.bc_resnet import BcResNet
from rival_networks.ds_cnn import DsCnn
from rival_networks.gru import Gru
from rival_networks.matchbox import MatchboxNet
from rival_networks.parts import mean_over_time
from voxtrait.features import FRONT_ENDS
from voxtrait.networks import Network, TraitModel
from voxtrait.training.build import build_model
from voxtrait.training.recipe import Recipe, load_recipe
from voxtrait.training.settings import TeacherSettings
from voxtrait.traits import TRAITS

__all__ = ["FAMILIES", "FRONT_END", "OURS", "RECIPES", "Family", "model_of", "recipe_of"]

FOLDER = Path(__file__).parents[2] / "recipes"
# Recipes by whose examples, masks and rates all are trained, and the size of each.
RECIPES = {"digit_small": "small", "digit_tiny": "tiny", "voice_small": "small"}
OURS, FRONT_END = "tdnn", "front_end"


class MeanOnly(Network):
    """No network: what the front end costs alone. ``[B, bands, T]`` -> ``[B, bands]``."""

    def __init__(self, bands: int) -> None:
        super().__init__()
        self.width = bands

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """See the class."""
        return mean_over_time(features, mask)


@dataclass(frozen=True)
class Family:
    """One of those compared.

    Args:
        title: what the page calls it.
        what: what it is made of.
        network: its constructor; ``None`` for the one that the recipe names.
        small, tiny: arguments beside the bands.
    """

    title: str
    what: str
    network: type[Network] | None
    small: Mapping[str, Any]
    tiny: Mapping[str, Any]


FAMILIES = {
    OURS: Family("`tdnn`", "convolutions over time, attentive statistics", None, {}, {}),
    "matchbox": Family(
        "MatchboxNet",
        "depthwise separable over time",
        MatchboxNet,
        {"channels": 141},
        {"channels": 32, "wide": 46},
    ),
    "matchbox_strided": Family(
        "MatchboxNet at 25 frames/s",
        "the same behind a first stride of 4",
        MatchboxNet,
        {"channels": 141, "stride": 4},
        {"channels": 32, "wide": 46, "stride": 4},
    ),
    "gru": Family("GRU", "two layers, forwards", Gru, {"hidden": 155}, {"hidden": 41}),
    "gru_strided": Family(
        "GRU at 25 frames/s",
        "the same behind a convolution with a stride of 4",
        Gru,
        {"hidden": 131, "stride": 4},
        {"hidden": 33, "stride": 4},
    ),
    "ds_cnn": Family(
        "DS-CNN",
        "depthwise separable over bands and time",
        DsCnn,
        {"channels": 206},
        {"channels": 60, "blocks": 4, "first": (2, 2), "second": (1, 1)},
    ),
    "bc_resnet": Family(
        "BC-ResNet",
        "over bands, and over time for their mean",
        BcResNet,
        {"scale": 6.8},
        {"scale": 1.7},
    ),
}


def recipe_of(name: str) -> Recipe:
    """One of `RECIPES`, without its teacher, and without the pitch that no network hears."""
    recipe = replace(load_recipe(FOLDER / f"{name}.toml"), teacher=TeacherSettings())
    if FRONT_ENDS[recipe.front_end.name].pitch_features:
        return replace(recipe, front_end=replace(recipe.front_end, name="log_mel"))
    return recipe


def model_of(name: str, size: str, recipe: Recipe) -> TraitModel:
    """A family's network between the recipe's front end and heads, with weights at random.

    Args:
        name: of `FAMILIES`, or `FRONT_END`.
        size: ``"small"`` or ``"tiny"``.
        recipe: of that size.
    """
    family = FAMILIES.get(name)
    if family is not None and family.network is None:
        model = build_model(recipe)
        assert isinstance(model, TraitModel)
        return model
    front_end = FRONT_ENDS[recipe.front_end.name](**recipe.front_end.arguments)
    if family is None or family.network is None:
        network: Network = MeanOnly(front_end.bands)
    else:
        make: Any = family.network
        network = make(front_end.bands, **getattr(family, size))
    return TraitModel(
        front_end, network, {trait: len(TRAITS[trait].labels) for trait in recipe.traits}
    )
