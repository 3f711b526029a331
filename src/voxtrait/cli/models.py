"""``voxtrait models``: the models that ship, and how good they were measured to be."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxtrait.cli.terminal import standard_output
from voxtrait.errors import MissingModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait.runtime.registry import Shipped

__all__ = ["register"]

EXAMPLES = """\b
Examples:
  voxtrait models
  voxtrait models voice-small
  voxtrait models runs/voice/model.onnx --format json
"""


class Shape(StrEnum):
    """How the models are listed."""

    TABLE = "table"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(models)


def models(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME|FILE",
            help="Models to show with all figures, or files of others; without, a list of all.",
        ),
    ] = None,
    details: Annotated[bool, typer.Option("--details", help="All figures of every model.")] = False,
    shape: Annotated[
        Shape,
        typer.Option("--format", help="table for people, json (an object a line) with everything."),
    ] = Shape.TABLE,
) -> None:
    """List the models that ship, with their figures.

    Traits, size, parameters, the corpora they were trained on, and what was measured.
    Each figure names the corpus it was measured on; none holds for every voice.
    """
    rows = [as_row(model) for model in named(names or ())]
    if shape == Shape.JSON:
        out = standard_output()
        for row in rows:
            out.write(f"{json.dumps(row)}\n")
    elif names or details:
        from voxtrait.cli.model_table import print_models

        print_models(rows)
    else:
        from voxtrait.cli.model_list import print_list

        print_list(rows)


def named(names: Sequence[str]) -> list[Shipped]:
    """The models of these names, or in these files; all that ship for none.

    Raises:
        MissingModel: none of that name ships, and no file has it.
        WrongModel: a file that is no model.
    """
    from voxtrait.runtime import registry

    shipped = {model.name: model for model in registry.models()}
    for name in names:
        if name not in shipped and not os.path.isfile(name):  # noqa: PTH113 - a name first of all
            raise MissingModel(
                f"No model named {name!r} ships with voxtrait, and there is no such file.",
                f"There are: {', '.join(shipped)}.",
            )
    chosen = [model for name, model in shipped.items() if not names or name in names]
    return chosen + [registry.of_file(name) for name in names if name not in shipped]


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
