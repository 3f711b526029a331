"""Recipes: everything that makes a model, as TOML values."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from voxtrait.corpora import READERS
from voxtrait.errors import RecipeError, UsageError
from voxtrait.features import FRONT_ENDS
from voxtrait.networks import FRAME_NETWORKS, NETWORKS
from voxtrait.training.augment import AugmentSettings
from voxtrait.training.recipe_checks import check_changes, check_names
from voxtrait.training.recipe_file import read_toml
from voxtrait.training.settings import (
    FitSettings,
    PrepareSettings,
    SampleSettings,
    SplitSettings,
    TeacherSettings,
    WindowSettings,
)
from voxtrait.training.table import build, checked, unknown
from voxtrait.training.teachers import TEACHERS
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from pathlib import Path

    from voxtrait.corpora import Utterance

__all__ = ["Recipe", "load_recipe"]

CHANGE = "# --set "
FORM = 2  # of the prepared examples: raised when what is prepared of the same values changes
LARGEST_SEED = 2**32 - 1  # that Lightning takes


@dataclass(frozen=True)
class Component:
    """One of a dict of constructors, and the arguments it is called with."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """What `voxtrait train` is given; `source` is its text, kept in the model's card."""

    name: str
    corpora: tuple[str, ...]
    front_end: Component
    network: Component
    traits: tuple[str, ...] = ()
    seed: int = 0
    version: str = "1.0.0"
    licence: str = "Apache-2.0"
    window: WindowSettings = field(default_factory=WindowSettings)
    split: SplitSettings = field(default_factory=SplitSettings)
    prepare: PrepareSettings = field(default_factory=PrepareSettings)
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    teacher: TeacherSettings = field(default_factory=TeacherSettings)
    sample: SampleSettings = field(default_factory=SampleSettings)
    fit: FitSettings = field(default_factory=FitSettings)
    source: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(f"seed is {self.seed}; it must be from 0 to {LARGEST_SEED}")

    def without_corpus(self, corpus: str) -> Recipe:
        """The recipe without one of its corpora; the source says so, as it does of ``--set``."""
        others = tuple(name for name in self.corpora if name != corpus)
        source = _changed(self.source, f"corpora={json.dumps(others)}")
        return dataclasses.replace(self, corpora=others, source=source)

    def measures(self, row: Utterance) -> bool:
        """Whether a recording can tell right from wrong: noises and all of a detector's can."""
        asked = row.kind == "speech" and self.prepare.style != "frames"
        return not asked or any(trait in row.labels for trait in self.traits)

    def prepared_key(self) -> str:
        """Names what the prepared examples depend on: recipes that agree on it share them."""
        values = dataclasses.asdict(self)
        parts = {"form": FORM, **{key: values[key] for key in PREPARED_BY}}
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


PREPARED_BY = ("corpora", "seed", "front_end", "prepare", "augment")


def load_recipe(path: Path, changes: Sequence[str] = ()) -> Recipe:
    """Read a recipe and check every name in it.

    Args:
        path: a TOML file.
        changes: ``dotted.key=value`` each, the value as TOML would write it; plain words pass for
            strings.

    Raises:
        RecipeError: no such file, not TOML, or a key or value is wrong.
    """
    text, table = read_toml(path)
    # A run keeps its recipe with the changes written below it: read again, they hold again.
    kept = [line.removeprefix(CHANGE) for line in text.splitlines() if line.startswith(CHANGE)]
    for change in (*kept, *changes):
        _apply(table, change)
    return parse_recipe(table, _changed(text, *changes))


def parse_recipe(table: Mapping[str, Any], source: str = "") -> Recipe:
    """A recipe from its values; ``source`` is kept as it is."""
    values = {key: value for key, value in table.items() if key not in ("front_end", "network")}
    teacher = table.get("teacher")
    if isinstance(teacher, Mapping) and "name" not in teacher:
        raise RecipeError(
            "The recipe lacks teacher.name: nobody would teach.",
            f"Known: {', '.join(TEACHERS)}. Leave the table teacher out to learn from none.",
        )
    frames = table.get("prepare", {}).get("style") == "frames"
    networks = FRAME_NETWORKS if frames else NETWORKS
    for key, known in (("front_end", FRONT_ENDS), ("network", networks)):
        values[key] = _component(table.get(key), key, known)
    named: tuple[tuple[str, str, Collection[str]], ...] = (
        ("traits", "trait", TRAITS),
        ("corpora", "corpus", READERS),
    )
    for key, what, names in named:
        for index, name in enumerate(checked(tuple[str, ...], table.get(key, ()), key)):
            if name not in names:
                raise unknown(what, f"{key}[{index}]", name, names)
    recipe = build(Recipe, {**values, "source": source})
    check_names(recipe)
    check_changes(recipe)
    return recipe


def _changed(source: str, *changes: str) -> str:
    """A recipe's text with lines below it that `load_recipe` applies again."""
    if source and not source.endswith("\n"):
        source += "\n"
    return source + "".join(f"{CHANGE}{change}\n" for change in changes)


def _component(table: object, key: str, known: Mapping[str, object]) -> dict[str, Any]:
    if not isinstance(table, Mapping) or "name" not in table:
        raise RecipeError(f"The recipe lacks {key}.name.", f"Known: {', '.join(known)}.")
    name = checked(str, table["name"], f"{key}.name")
    if name not in known:
        raise unknown(key.replace("_", " "), f"{key}.name", name, known)
    arguments = {argument: value for argument, value in table.items() if argument != "name"}
    return {"name": name, "arguments": arguments}


def _apply(table: dict[str, Any], change: str) -> None:
    """Set one dotted key of a recipe's values."""
    key, equals, text = change.partition("=")
    if not equals:
        raise UsageError(f"--set {change!r} has no '='.", "Write --set fit.epochs=20.")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    *tables, last = key.strip().split(".")
    for name in tables:
        table = table.setdefault(name, {})
        if not isinstance(table, dict):
            raise RecipeError(
                f"--set {key}: {name} is a value, not a table.",
                f"Set {name} itself, or a key of a table, as in --set fit.epochs=20.",
            )
    table[last] = value
