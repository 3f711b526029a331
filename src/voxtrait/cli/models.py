"""``voxtrait models``: the models that ship, and how good they were measured to be."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

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

    shipped = registry.models()
    if shape == Shape.JSON:
        for model in shipped:
            sys.stdout.write(f"{json.dumps(as_row(model))}\n")
        return
    from rich.console import Group

    from voxtrait.cli.table import print_table

    print_table(Group(*(as_card(as_row(model)) for model in shipped)))


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


def as_card(row: Mapping[str, Any]) -> RenderableType:
    """A model for people: its name, and below it what it does and how well."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    answers = [TRAITS[name].title for name in row["traits"]] or ["which seconds are speech"]
    grid.add_row("answers", ", ".join(answers))
    size = f"{row['bytes'] / 1e6:.2f} MB, {row['parameters']:,} parameters"
    grid.add_row("size", size)
    for label, lines in (
        ("trained on", [corpus_words(corpus) for corpus in row["trained_on"]]),
        ("measured", list(figures(row["measured"]))),
    ):
        for number, line in enumerate(lines):
            grid.add_row("" if number else label, Text(line))
    return Group(Text(row["name"], style="bold"), Padding(grid, (0, 0, 1, 2), expand=False))


def corpus_words(corpus: Mapping[str, Any]) -> str:
    """One corpus of ``trained_on`` in words."""
    details = [
        f"{corpus[key]:,} {key}" if isinstance(corpus[key], int | float) else str(corpus[key])
        for key in ("speakers", "hours", "licence")
        if key in corpus
    ]
    return f"{corpus.get('corpus', '?')} ({', '.join(details)})"


def figures(measured: Mapping[str, Any], name: str = "") -> Iterator[str]:
    """The measured figures in words, one line a table of the card, however they are nested."""
    words = []
    for key, value in measured.items():
        if isinstance(value, dict):
            yield from figures(value, f"{name} {key}".strip())
        elif isinstance(value, float):
            words.append(f"{key} {value:.3f}{interval(measured.get(f'{key}_95'))}")
        elif isinstance(value, int):
            words.append(f"{value:,} {key}")
        elif isinstance(value, str):
            words.append(value)
    if words:
        yield f"{name}: {', '.join(words)}"


def interval(bounds: Any) -> str:
    """A 95 % interval behind its figure; nothing where there is none."""
    return f" ({bounds[0]:.3f}-{bounds[1]:.3f})" if bounds else ""
