"""The card inside a model file: what it answers, how to ask it, and where it comes from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from voxtrait.model_file.card_rules import SCHEMA, check_card
from voxtrait.model_file.keys import Keys, wrong

__all__ = ["SCHEMA", "Card", "TraitCard", "Window"]


class Window(NamedTuple):
    """How long a piece of speech the network is asked about.

    Args:
        seconds: longest piece; longer speech is answered by several. A graph whose ``samples``
            are fixed is always given exactly this, padded with zeros.
        hop: seconds from the start of one piece to the next, above 0 and at most ``seconds``.
        least: seconds of speech below which there is no answer.
    """

    seconds: float = 3.0
    hop: float = 3.0
    least: float = 0.3


@dataclass(frozen=True, slots=True)
class TraitCard:
    """Labels of one output and how its scores become probabilities.

    With ``z`` the log-probabilities averaged over windows: ``scores = z / temperature + bias``,
    the label is the highest score's, and the probabilities are ``softmax(scores + log(prior))``.

    Args:
        labels: a subset, in order, of the trait's.
        temperature: above 0; fitted on validation speakers.
        bias: one number a label, or empty for none.
        prior: how common each label is among those that will be asked, relative to how common the
            scores take it to be, summing to 1; empty where they take it rightly. Where the bias has
            made the labels equally common, simply how common each is.
        unsure_below: an answer less probable than this is marked unsure, 0 to 1.
        edges: for labels that are spans of years, their ``len(labels) + 1`` borders.
    """

    labels: tuple[str, ...]
    temperature: float = 1.0
    bias: tuple[float, ...] = ()
    prior: tuple[float, ...] = ()
    unsure_below: float = 0.0
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about a model file that is not in its graph. Checked when it is made.

    Args:
        kind: ``"traits"``, or ``"frames"`` for a speech detector.
        name: ``"<family>-<size>"`` for shipped ones, such as ``"voice-small"``.
        sample_rate: Hz of the waveforms that the graph takes.
        traits: by name of the graph's output; empty for a detector.
        trained_on: one table a corpus: corpus, speakers, hours, licence.
        measured: figures by corpus, each with its split and number of speakers.
        recipe: the TOML text it was trained by.
        created: day, as ``"2026-11-22"``.
        parameters: trained numbers in the network.
        frame_seconds: for a detector, from one frame to the next.
        threshold: for a detector, the probability from which a frame is speech.
        sure: for a detector, the probability that one frame of speech must reach in a recording
            too long to be one word (see `voxtrait.speech.stream`); 0 for the threshold.

    Raises:
        WrongModel: a value that cannot be; the message names its dotted key.
    """

    name: str
    version: str = "1.0.0"
    kind: str = "traits"
    sample_rate: int = 16_000
    window: Window = Window()  # noqa: RUF009 - a tuple, which nobody can change
    traits: dict[str, TraitCard] = field(default_factory=dict)
    trained_on: tuple[dict[str, Any], ...] = ()
    measured: dict[str, Any] = field(default_factory=dict)
    recipe: str = ""
    created: str = ""
    licence: str = "Apache-2.0"
    parameters: int = 0
    frame_seconds: float = 0.0
    threshold: float = 0.0
    sure: float = 0.0
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        check_card(self)

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Read a card.

        Raises:
            WrongModel: not JSON, another schema, a key missing, unknown or misspelt, a value that
                cannot be; the message names the dotted key.
        """
        try:
            keys = Keys(json.loads(text, parse_constant=_no_constant))
        except (ValueError, RecursionError) as error:
            raise wrong("text", text, f"JSON ({error})") from None
        # First of all: another schema may have every other key different.
        schema = keys.take("schema", "a whole number")
        if schema != SCHEMA:
            return cls(name="?", schema=schema)
        window = Keys(keys.take("window", "a table", {"seconds": 3.0}), "window")
        seconds = window.take("seconds", "a number")
        traits = keys.take("traits", "a table", {})
        card = cls(
            name=keys.take("name", "text"),
            version=keys.take("version", "text"),
            kind=keys.take("kind", "text"),
            sample_rate=keys.take("sample_rate", "a whole number"),
            window=Window(
                seconds,
                hop=window.take("hop", "a number", seconds),
                least=window.take("least", "a number", 0.0),
            ),
            traits={name: _trait(Keys(table, f"traits.{name}")) for name, table in traits.items()},
            trained_on=tuple(keys.take("trained_on", "a list of tables", [])),
            measured=keys.take("measured", "a table", {}),
            recipe=keys.take("recipe", "text", ""),
            created=keys.take("created", "text", ""),
            licence=keys.take("licence", "text", ""),
            parameters=keys.take("parameters", "a whole number", 0),
            frame_seconds=keys.take("frame_seconds", "a number", 0.0),
            threshold=keys.take("threshold", "a number", 0.0),
            sure=keys.take("sure", "a number", 0.0),
        )
        window.done()
        keys.done()
        return card

    def to_json(self) -> str:
        """The card as JSON text, without what is empty and may be."""
        table = {"schema": self.schema, "kind": self.kind, **asdict(self)}
        table["window"] = self.window._asdict()
        if self.kind == "traits":
            del table["frame_seconds"], table["threshold"], table["sure"]
        for trait in table["traits"].values():
            for key in ("bias", "prior", "edges"):
                if not trait[key]:
                    del trait[key]
        return json.dumps(table, ensure_ascii=False, allow_nan=False)


def _trait(keys: Keys) -> TraitCard:
    trait = TraitCard(
        labels=tuple(keys.take("labels", "a list of texts")),
        temperature=keys.take("temperature", "a number", 1.0),
        bias=tuple(keys.take("bias", "a list of numbers", [])),
        prior=tuple(keys.take("prior", "a list of numbers", [])),
        unsure_below=keys.take("unsure_below", "a number", 0.0),
        edges=tuple(keys.take("edges", "a list of numbers", [])),
    )
    keys.done()
    return trait


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")
