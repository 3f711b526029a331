"""The network that a recipe describes."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import typing
from typing import TYPE_CHECKING, Any

from voxtrait.errors import RecipeError
from voxtrait.features import FRONT_ENDS
from voxtrait.networks import FRAME_NETWORKS, NETWORKS, FrameNet, TraitModel
from voxtrait.training.table import checked, unknown
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from voxtrait.training.recipe import Component, Recipe

__all__ = ["build_model"]

REFUSALS = (TypeError, ValueError, RuntimeError, ArithmeticError, LookupError)


class _Names(dict[str, Any]):
    """Names in annotations: Python's own, and anything for those imported for type checkers."""

    def __missing__(self, name: str) -> Any:
        return getattr(builtins, name, object)


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
    parameters = list(inspect.signature(build).parameters)[len(first) :]
    kinds = typing.get_type_hints(build.__init__, localns=_Names())
    given = {}
    for key, value in chosen.arguments.items():
        path = f"{table}.{key}"
        if key not in parameters:
            raise unknown(f"argument of {chosen.name}", path, key, parameters)
        given[key] = checked(kinds[key], value, path)
        _count(given[key], path)
    try:
        return build(*first, **given)
    except REFUSALS as error:
        key = _culprit(build, first, given)
        where = f"{table}.{key} is {given[key]!r}" if key else f"{table} is {given}"
        raise RecipeError(
            f"{where}; {chosen.name} cannot be made so ({error}).",
            f"Correct that value, or leave it out; {chosen.name} knows {', '.join(parameters)}.",
        ) from error


def _count(value: Any, path: str) -> None:
    """Whole numbers of front ends and networks count something that must be there."""
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, int) and not isinstance(one, bool) and one < 1:
            raise RecipeError(f"{path} is {value}; it must be at least 1.", "Correct that value.")


def _culprit(build: Any, first: tuple[object, ...], given: dict[str, Any]) -> str:
    """The argument without which it can be made; empty where there is none alone."""
    for key in given:
        with contextlib.suppress(*REFUSALS):
            build(*first, **{other: value for other, value in given.items() if other != key})
            return key
    return ""
