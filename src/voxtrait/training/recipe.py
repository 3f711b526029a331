"""Recipes: everything that makes a model, as TOML values."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from voxtrait.corpora import READERS
from voxtrait.errors import RecipeError
from voxtrait.features import FRONT_ENDS
from voxtrait.networks import FRAME_NETWORKS, NETWORKS
from voxtrait.training.augment import AugmentSettings
from voxtrait.training.table import build, unknown
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Recipe", "load_recipe"]

CHANGE = "# --set "
STYLES = ("recording", "word", "frames")


@dataclass(frozen=True)
class Component:
    """One of a dict of constructors, and the arguments it is called with."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class WindowSettings:
    """What the network is given of a recording, in seconds; see the model file's card."""

    seconds: float = 3.0
    hop: float = 3.0
    least: float = 0.3

    def __post_init__(self) -> None:
        if not 0 < self.hop <= self.seconds or not 0 <= self.least <= self.seconds:
            raise ValueError(
                f"seconds {self.seconds}, hop {self.hop}, least {self.least}: hop must be above 0, "
                "and neither above seconds"
            )


@dataclass(frozen=True)
class SplitSettings:
    """Speakers are dealt to ``parts`` parts; ``validation`` names those kept out of training."""

    parts: int = 10
    validation: tuple[int, ...] = (9,)

    def __post_init__(self) -> None:
        inside = all(0 <= part < self.parts for part in self.validation)
        if self.parts < 3 or not inside or not self.validation:
            raise ValueError(
                f"parts {self.parts} and validation {list(self.validation)}: need at least 3 "
                "parts, and some of 0 to parts - 1 for validation"
            )


@dataclass(frozen=True)
class PrepareSettings:
    """How recordings become examples, once.

    Args:
        style: ``recording`` (speech of whole recordings), ``word`` (one word each) or ``frames``
            (speech or not, frame by frame).
        copies: augmented copies of each recording, beside the one left as it is.
        pitch_copies: further copies with the pitch moved and the formants kept; they carry the
            labels of ``pitch_traits`` only.
        pitch_octaves: least and most that the pitch moves.
        pitch_traits: traits whose answer does not depend on the pitch.
        seconds: an example's longest.
        speech_only: share of the recordings cut down to their speech.
    """

    style: str = "recording"
    copies: int = 4
    pitch_copies: int = 0
    pitch_octaves: tuple[float, float] = (-0.6, 0.85)
    pitch_traits: tuple[str, ...] = ("gender",)
    seconds: float = 4.0
    speech_only: float = 0.7

    def __post_init__(self) -> None:
        if self.style not in STYLES:
            raise ValueError(f"style {self.style!r} is not one of {', '.join(STYLES)}")


@dataclass(frozen=True)
class SampleSettings:
    """How often an example is drawn.

    Args:
        balance: 0 draws speakers as they come, 1 draws every class of a corpus equally often.
        corpora: weight of a corpus beside the others; 1 where it is not named.
        classes: weight of a class beside the others, by label; 1 where it is not named.
        clean: share of the examples that are drawn from recordings left as they are.
    """

    balance: float = 1.0
    corpora: dict[str, float] = field(default_factory=dict)
    classes: dict[str, float] = field(default_factory=dict)
    clean: float = 0.2


@dataclass(frozen=True)
class FitSettings:
    """Optimiser, schedule and end of a training."""

    epochs: int = 40
    steps: int = 100  # of one epoch
    batch: int = 64
    rate: float = 3e-3
    weight_decay: float = 1e-2
    patience: int = 12
    smoothing: float = 0.02
    mask_bands: int = 8
    mask_frames: int = 20
    seconds: tuple[float, float] = (1.0, 4.0)  # an example is cropped to, drawn for each batch
    weights: dict[str, float] = field(default_factory=dict)  # of a trait's loss

    def __post_init__(self) -> None:
        for name in ("epochs", "steps", "batch", "rate", "patience"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be above 0")
        if not 0 < self.seconds[0] <= self.seconds[1]:
            raise ValueError(f"seconds is {list(self.seconds)}; the least comes first, above 0")


@dataclass(frozen=True)
class Recipe:
    """What `voxtrait train` is given; `source` is its text, kept in the model's card."""

    name: str
    corpora: tuple[str, ...]
    front_end: Component
    network: Component
    traits: tuple[str, ...] = ()
    train_only: tuple[str, ...] = ()  # corpora whose speakers never validate nor test
    synthetic: str = ""  # folder, beside the corpora, of made voices: training only
    seed: int = 0
    version: str = "1.0.0"
    licence: str = "Apache-2.0"
    window: WindowSettings = field(default_factory=WindowSettings)
    split: SplitSettings = field(default_factory=SplitSettings)
    prepare: PrepareSettings = field(default_factory=PrepareSettings)
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    sample: SampleSettings = field(default_factory=SampleSettings)
    fit: FitSettings = field(default_factory=FitSettings)
    source: str = ""

    def prepared_key(self) -> str:
        """Names what the prepared examples depend on: recipes that agree on it share them."""
        values = dataclasses.asdict(self)
        parts = {key: values[key] for key in PREPARED_BY}
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


PREPARED_BY = ("corpora", "train_only", "synthetic", "seed", "front_end", "prepare", "augment")


def load_recipe(path: Path, changes: Sequence[str] = ()) -> Recipe:
    """Read a recipe and check every name in it.

    Args:
        path: a TOML file.
        changes: ``dotted.key=value`` each, the value as TOML would write it; plain words pass for
            strings.

    Raises:
        RecipeError: no such file, not TOML, or a key or value is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise RecipeError(f"Cannot read the recipe {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path} is not TOML: {error}.", "Correct that line.") from error
    # A run keeps its recipe with the changes written below it: read again, they hold again.
    kept = [line.removeprefix(CHANGE) for line in text.splitlines() if line.startswith(CHANGE)]
    for change in (*kept, *changes):
        _apply(table, change)
    text += "".join(f"{CHANGE}{change}\n" for change in changes)
    return parse_recipe(table, text)


def parse_recipe(table: Mapping[str, Any], source: str = "") -> Recipe:
    """A recipe from its values; ``source`` is kept as it is."""
    values = {key: value for key, value in table.items() if key not in ("front_end", "network")}
    frames = table.get("prepare", {}).get("style") == "frames"
    networks = FRAME_NETWORKS if frames else NETWORKS
    for key, known in (("front_end", FRONT_ENDS), ("network", networks)):
        values[key] = _component(table.get(key), key, known)
    for index, trait in enumerate(table.get("traits", ())):
        if trait not in TRAITS:
            raise unknown("trait", f"traits[{index}]", str(trait), TRAITS)
    for index, corpus in enumerate(table.get("corpora", ())):
        if corpus not in READERS:
            raise unknown("corpus", f"corpora[{index}]", str(corpus), READERS)
    return build(Recipe, {**values, "source": source})


def _component(table: object, key: str, known: Mapping[str, object]) -> dict[str, Any]:
    if not isinstance(table, Mapping) or "name" not in table:
        raise RecipeError(f"The recipe lacks {key}.name.", f"Known: {', '.join(known)}.")
    if table["name"] not in known:
        raise unknown(key.replace("_", " "), f"{key}.name", str(table["name"]), known)
    arguments = {name: value for name, value in table.items() if name != "name"}
    return {"name": table["name"], "arguments": arguments}


def _apply(table: dict[str, Any], change: str) -> None:
    """Set one dotted key of a recipe's values."""
    key, equals, text = change.partition("=")
    if not equals:
        raise RecipeError(f"--set {change!r} has no '='.", "Write --set fit.epochs=20.")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    *tables, last = key.strip().split(".")
    for name in tables:
        table = table.setdefault(name, {})
        if not isinstance(table, dict):
            raise RecipeError(f"--set {key}: {name} is a value, not a table.")
    table[last] = value
