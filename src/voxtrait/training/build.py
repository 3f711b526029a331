"""The network that a recipe describes."""

from __future__ import annotations

import contextlib
import inspect
from typing import TYPE_CHECKING, Any

from voxtrait.errors import RecipeError
from voxtrait.features import FRONT_ENDS
from voxtrait.networks import FRAME_NETWORKS, NETWORKS, FrameNet, TraitModel
from voxtrait.training.table import checked, unknown
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from voxtrait.training.recipe import Component, Recipe

__all__ = ["build_model"]

KINDS = {"int": int, "float": float, "bool": bool, "str": str}  # by how they are annotated
REFUSALS = (TypeError, ValueError, RuntimeError)


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
    parameters = dict(list(inspect.signature(build).parameters.items())[len(first) :])
    given = {}
    for key, value in chosen.arguments.items():
        if key not in parameters:
            raise unknown(f"argument of {chosen.name}", f"{table}.{key}", key, parameters)
        kind = KINDS.get(parameters[key].annotation)
        given[key] = value if kind is None else checked(kind, value, f"{table}.{key}")
    try:
        return build(*first, **given)
    except REFUSALS as error:
        key = _culprit(build, first, given)
        where = f"{table}.{key} is {given[key]!r}" if key else f"{table} is {given}"
        raise RecipeError(
            f"{where}; {chosen.name} cannot be made so ({error}).",
            f"Correct that value, or leave it out; {chosen.name} knows {', '.join(parameters)}.",
        ) from error


def _culprit(build: Any, first: tuple[object, ...], given: dict[str, Any]) -> str:
    """The argument without which it can be made; empty where there is none alone."""
    for key in given:
        with contextlib.suppress(*REFUSALS):
            build(*first, **{other: value for other, value in given.items() if other != key})
            return key
    return ""
