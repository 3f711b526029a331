"""Values that a card may have; everything else is refused with its dotted key."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from voxtrait.errors import WrongModel
from voxtrait.model_file.keys import wrong
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from voxtrait.model_file.card import Card, TraitCard

__all__ = ["SCHEMA", "check_card"]

SCHEMA = 1
KINDS = ("traits", "frames")


def check_card(card: Card) -> None:
    """Refuse a card with a value that cannot be.

    Raises:
        WrongModel: naming the dotted key, what was found and what it must be.
    """
    if card.schema != SCHEMA:
        raise WrongModel(
            f"the card is of schema {card.schema}; this voxtrait reads schema {SCHEMA}.",
            "Install the voxtrait that the file was made for, or export the model again.",
        )
    if card.kind not in KINDS:
        raise wrong("kind", card.kind, " or ".join(KINDS))
    if not card.name:
        raise wrong("name", card.name, "a text that is not empty")
    _within("sample_rate", card.sample_rate, 4_000, 384_000)
    _within("parameters", card.parameters, 0, 10**12)
    _within("window.seconds", card.window.seconds, 0.05, 600)
    _within("window.hop", card.window.hop, 0.01, card.window.seconds)
    _within("window.least", card.window.least, 0, card.window.seconds)
    if card.kind == "frames":
        _within("frame_seconds", card.frame_seconds, 0.001, 1)
        _within("threshold", card.threshold, 0.01, 0.99)
        if card.sure:
            _within("sure", card.sure, card.threshold, 0.99)
    if bool(card.traits) != (card.kind == "traits"):
        need = "at least one trait" if card.kind == "traits" else "empty for a detector"
        raise wrong("traits", list(card.traits), need)
    for name, trait in card.traits.items():
        _check_trait(f"traits.{name}", name, trait)


def _check_trait(key: str, name: str, card: TraitCard) -> None:
    if name not in TRAITS:
        raise wrong("traits", [name], f"made of the traits {', '.join(TRAITS)}")
    trait, count = TRAITS[name], len(card.labels)
    # `in` eats the iterator, so that this holds for a subset in the trait's order only.
    known = iter(trait.labels)
    if count < 2 or not all(label in known for label in card.labels):
        raise wrong(
            f"{key}.labels", list(card.labels), f"two or more, in order, of {list(trait.labels)}"
        )
    _within(f"{key}.temperature", card.temperature, 0.01, 100)
    _within(f"{key}.unsure_below", card.unsure_below, 0, 1)
    for part, values, low, high in (
        ("bias", card.bias, -100.0, 100.0),
        ("prior", card.prior, 1e-9, 1.0),
    ):
        if values and len(values) != count:
            raise wrong(f"{key}.{part}", list(values), f"{count} numbers, one a label")
        for value in values:
            _within(f"{key}.{part}", value, low, high)
    if card.prior and abs(sum(card.prior) - 1) > 1e-3:
        raise wrong(f"{key}.prior", list(card.prior), f"shares of 1, not of {sum(card.prior):.4g}")
    if bool(card.edges) != bool(trait.edges) or (card.edges and len(card.edges) != count + 1):
        need = f"{count + 1} years" if trait.edges else "empty"
        raise wrong(f"{key}.edges", list(card.edges), need)
    for edge in card.edges:
        _within(f"{key}.edges", edge, 0, 150)
    if any(low >= high for low, high in pairwise(card.edges)):
        raise wrong(f"{key}.edges", list(card.edges), "rising")


def _within(key: str, value: float, low: float, high: float) -> None:
    if not (math.isfinite(value) and low <= value <= high):
        raise wrong(key, value, f"from {low:g} to {high:g}")
