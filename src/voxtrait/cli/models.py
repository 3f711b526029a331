"""``voxtrait models``: the models that ship, and how good they were measured to be."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from voxtrait.runtime.registry import Shipped

__all__ = ["register"]

EXAMPLES = """\b
Examples:
  voxtrait models
  voxtrait models --format json
"""


class Shape(StrEnum):
    """How the models are listed."""

    TABLE = "table"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(models)


def models(
    shape: Annotated[
        Shape, typer.Option("--format", help="table for people, json (an object a line).")
    ] = Shape.TABLE,
) -> None:
    """List the models that ship, with their figures.

    Traits, size, parameters, the corpora they were trained on, and what was measured.
    Each figure names the corpus it was measured on; none holds for every voice.
    """
    from voxtrait.runtime import registry

    rows = [as_row(model) for model in registry.models()]
    if shape == Shape.JSON:
        for row in rows:
            sys.stdout.write(f"{json.dumps(row)}\n")
        return
    from voxtrait.cli.model_table import print_models

    print_models(rows)


def as_row(model: Shipped) -> dict[str, Any]:
    """A model as JSON has it."""
    card = model.card
    return {
        "name": model.name,
        "version": card.version,
        "kind": card.kind,
        "traits": {name: list(trait.labels) for name, trait in card.traits.items()},
        "bytes": model.size,
        "parameters": card.parameters,
        "trained_on": list(card.trained_on),
        "measured": card.measured,
        "licence": card.licence,
        "created": card.created,
        "path": str(model.path),
        "sha256": model.sha256,
    }
