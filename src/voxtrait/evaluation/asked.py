"""What rows keep of the models that were asked: names, priors, and what tells them from others."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from voxtrait.errors import UsageError
from voxtrait.model_file import with_card
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.model_file import Card
    from voxtrait.runtime import Predictor

__all__ = ["facts", "fingerprint"]

_DIGITS = 12  # of 64: two models of one name that share them will not be met


def facts(
    cards: Sequence[Card], traits: Sequence[str]
) -> tuple[dict[str, tuple[float, ...]], dict[str, str]]:
    """By trait: the prior over all of its labels, where there is one, and the model's name.

    Raises:
        UsageError: a trait that none of the cards answers.
    """
    priors, models = {}, {}
    for trait in traits:
        card = next((card for card in cards if trait in card.traits), None)
        if card is None:
            known = ", ".join(name for card in cards for name in card.traits)
            raise UsageError(
                f"The model does not answer {trait!r}.", f"It answers {known}; ask for these."
            )
        models[trait] = card.name
        own = card.traits[trait]
        if own.prior:
            shares = dict(zip(own.labels, own.prior, strict=True))
            priors[trait] = tuple(shares.get(label, 0.0) for label in TRAITS[trait].labels)
    return priors, models


def fingerprint(predictor: Predictor) -> str:
    """What tells models apart that bear the same name: weights, calibration, recipe, version.

    The detector counts too, for it decides what a model hears. Measured figures change no answer
    and do not count.

    Returns:
        The first 12 hexadecimal digits of a SHA-256 over the model files.
    """
    detector = [predictor.detector.model] if predictor.detector else []
    files = (
        with_card(model.graph, replace(model.card, measured={}))
        for model in (*predictor.models, *detector)
    )
    digests = sorted(sha256(file).digest() for file in files)
    return sha256(b"".join(digests)).hexdigest()[:_DIGITS]
