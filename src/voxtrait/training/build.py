"""The network that a recipe describes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from voxtrait.errors import RecipeError
from voxtrait.features import FRONT_ENDS
from voxtrait.networks import FRAME_NETWORKS, NETWORKS, FrameNet, TraitModel
from voxtrait.training.table import unknown
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from voxtrait.training.recipe import Component, Recipe

__all__ = ["build_model"]


def build_model(recipe: Recipe) -> TraitModel | FrameNet:
    """The front end and network of a recipe, with weights at random.

    Raises:
        RecipeError: a front end or network does not know an argument, or cannot take its value,
            or more bands are to be masked than the front end has.
    """
    front_end: Any = _made("front_end", FRONT_ENDS[recipe.front_end.name], recipe.front_end)
    if recipe.fit.mask_bands > front_end.bands:
        raise RecipeError(
            f"fit.mask_bands is {recipe.fit.mask_bands}; {recipe.front_end.name} has "
            f"{front_end.bands} bands.",
            "Mask fewer bands, or give front_end.bands more.",
        )
    if recipe.prepare.style == "frames":
        made = _made("network", FRAME_NETWORKS[recipe.network.name], recipe.network, front_end)
        assert isinstance(made, FrameNet)
        return made
    network: Any = _made("network", NETWORKS[recipe.network.name], recipe.network, front_end.bands)
    labels = {trait: len(TRAITS[trait].labels) for trait in recipe.traits}
    return TraitModel(front_end, network, labels)


def _made(table: str, build: Any, chosen: Component, *first: object) -> Any:
    known = list(inspect.signature(build).parameters)[len(first) :]
    for key in chosen.arguments:
        if key not in known:
            raise unknown(f"argument of {chosen.name}", f"{table}.{key}", key, known)
    try:
        return build(*first, **chosen.arguments)
    except (TypeError, ValueError, RuntimeError) as error:
        raise RecipeError(
            f"{table}: {chosen.name} cannot be made of {chosen.arguments}: {error}.",
            f"It knows: {', '.join(known)}.",
        ) from error
