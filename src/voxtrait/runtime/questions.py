"""Which model is asked for which traits."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from voxtrait.errors import UsageError, WrongModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.model_file import ModelFile

__all__ = ["Question", "questions"]

Question: TypeAlias = "tuple[ModelFile, tuple[str, ...]]"


def questions(models: Sequence[ModelFile], wanted: Sequence[str] | None) -> tuple[Question, ...]:
    """Each model with the traits that it is to answer; models that need not be asked left out.

    Args:
        models: in any order.
        wanted: names of traits; all that the models know if not given.

    Raises:
        UsageError: a trait that no model answers, or two do.
        WrongModel: a model that is none of traits.
    """
    found: list[Question] = []
    by_trait: dict[str, str] = {}
    for model in models:
        card = model.card
        if card.kind != "traits":
            raise WrongModel(
                f"The model {card.name} is of kind {card.kind}; it answers no trait.",
                "Give a model of kind traits.",
            )
        names = tuple(name for name in card.traits if wanted is None or name in wanted)
        for name in names:
            if name in by_trait:
                first = by_trait[name]
                both = f"{first} and {card.name}" if first != card.name else f"both named {first}"
                raise UsageError(
                    f"{name} is answered by two models, {both}.",
                    "Load them one by one, or say which traits to answer.",
                )
            by_trait[name] = card.name
        if names:
            found.append((model, names))
    missing = [name for name in wanted or [] if name not in by_trait]
    if missing or not found:
        known = sorted({name for model in models for name in model.card.traits})
        raise UsageError(
            f"No model that was given answers {', '.join(missing) or 'a trait'}.",
            f"They answer: {', '.join(known) or 'nothing'}.",
        )
    return tuple(found)
