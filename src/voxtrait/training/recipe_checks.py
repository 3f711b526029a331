"""Values of a recipe that are right each for itself, but not beside the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.corpora import READERS
from voxtrait.errors import RecipeError
from voxtrait.features import FRONT_ENDS
from voxtrait.training.table import unknown
from voxtrait.training.teachers import TEACHERS
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Collection

    from voxtrait.training.recipe import Recipe

__all__ = ["check_changes", "check_names"]

# Front ends whose features are levels of bands, from low to high.
OF_BANDS = ("log_mel", "log_mel_pitch")
OF_WORDS = ("trim", "surround", "splice", "mix")  # changes of the style "word"


def check_names(recipe: Recipe) -> None:
    """Names that nothing answers to would be passed over without a word.

    Known ones that this recipe does not use are left alone: a trait or a corpus is taken out of a
    recipe by one --set.
    """
    labels = {label for trait in TRAITS.values() for label in trait.labels}
    tables: tuple[tuple[str, str, Collection[str], Collection[str]], ...] = (
        ("sample.corpora", "corpus", recipe.sample.corpora, READERS),
        ("sample.classes", "class", recipe.sample.classes, labels),
        ("fit.weights", "trait", recipe.fit.weights, TRAITS),
    )
    for path, what, names, known in tables:
        for name in names:
            if name not in known:
                raise unknown(what, f"{path}.{name}", name, known)
    for index, trait in enumerate(recipe.prepare.pitch_traits):
        if trait not in TRAITS:
            raise unknown("trait", f"prepare.pitch_traits[{index}]", trait, TRAITS)


def check_changes(recipe: Recipe) -> None:
    """What would be done to features that have no such parts, or be passed over without a word."""
    if recipe.prepare.sounds and recipe.prepare.style != "frames":
        raise RecipeError(
            f"prepare.sounds is {recipe.prepare.sounds}, but the style {recipe.prepare.style!r} "
            "has no pauses between voices.",
            "Set prepare.sounds to 0, or prepare.style to frames.",
        )
    pitch = FRONT_ENDS[recipe.front_end.name].pitch_features
    asked = any(TRAITS[trait].edges for trait in recipe.traits)
    if pitch and not (asked and recipe.prepare.style == "recording"):
        raise RecipeError(
            f"front_end.name is {recipe.front_end.name}, but nothing asks for a pitch: the style "
            f"is {recipe.prepare.style!r}, the traits are {', '.join(recipe.traits)}.",
            "Set front_end.name to log_mel; age is the trait that a pitch answers.",
        )
    if pitch and recipe.fit.reverberate:
        raise RecipeError(
            f"fit.reverberate is {recipe.fit.reverberate}, but {recipe.front_end.name} gives the "
            "pitch beside the bands, which a room around the bands would not change.",
            "Set fit.reverberate to 0; augment.room puts rooms around the sound itself.",
        )
    of_bands = recipe.front_end.name in OF_BANDS
    for name in ("narrow", "reverberate", *OF_WORDS):
        value = getattr(recipe.fit, name)
        if value and not of_bands:
            raise RecipeError(
                f"fit.{name} is {value}, but {recipe.front_end.name} does not give levels of bands "
                "that could fall silent or be added to.",
                f"Set fit.{name} to 0, or front_end.name to {', '.join(OF_BANDS)}.",
            )
        if value and name in OF_WORDS and recipe.prepare.style != "word":
            raise RecipeError(
                f"fit.{name} is {value}, but the style {recipe.prepare.style!r} makes no examples "
                "of single words and noises.",
                f"Set fit.{name} to 0, or prepare.style to word.",
            )
    _check_teacher(recipe)


def _check_teacher(recipe: Recipe) -> None:
    name = recipe.teacher.name
    if not name:
        return
    if name not in TEACHERS:
        raise unknown("teacher", "teacher.name", name, TEACHERS)
    style = TEACHERS[name].style
    if recipe.prepare.style != style:
        raise RecipeError(
            f"teacher.name is {name}, which teaches the style {style!r}, and the style is "
            f"{recipe.prepare.style!r}.",
            f"Leave the table teacher out, or set prepare.style to {style}.",
        )
    for change in ("pitch", "formant"):
        if style == "recording" and (value := getattr(recipe.augment, change)):
            raise RecipeError(
                f"augment.{change} is {value}, but {name} is asked about the voice before that: "
                "another voice would be learnt under its name.",
                f"Set augment.{change} to 0; it is asked again about what prepare.pitch_copies "
                "makes.",
            )
    width = TEACHERS[name].width
    if recipe.teacher.numbers > width:
        raise RecipeError(
            f"teacher.numbers is {recipe.teacher.numbers}; {name} says {width} numbers.",
            f"Set it to {width} at most.",
        )
