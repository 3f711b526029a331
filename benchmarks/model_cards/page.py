"""A model's card as a page: its measurements and the words that belong beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from model_cards import speech, tables
from model_cards.confidence import calibration, unsure
from model_cards.groups import groups
from model_cards.wording import ABOUT, family, words
from voxtrait.model_file import Card
from voxtrait.traits import TRAITS

__all__ = ["page"]

SHARE_ALIKE = "fsdd"  # the one corpus of speech whose licence has it


def page(card: Card, size: int, measured: Mapping[str, Any], command: str) -> str:
    """Markdown of one model's card.

    Args:
        card: of the shipped file.
        size: its bytes.
        measured: ``{"reports": [...]}`` of `model_cards.reduced`, the pooled folds first; for the
            detector what `model_cards.speech.kept` keeps.
        command: how the figures are made again.
    """
    found = _measured(card, measured["reports"]) if card.traits else speech.measurements(measured)
    parts = [
        _head(card, size),
        f"## Data\n\n{_data(card)}",
        *(f"## {title}\n\n{text}" for title, text in found if text),
        words(family(card.traits)),
        f"## How to make it again\n\n{_again(card, command)}",
    ]
    return "\n\n".join(parts) + "\n"


def _head(card: Card, size: int) -> str:
    window = card.window
    if card.traits:
        answers = "; ".join(ABOUT[name] for name in card.traits)
        hears = f"It hears {window.seconds:g} s at a time and needs {window.least:g} s of speech."
    else:
        answers = f"how likely each {1000 * card.frame_seconds:g} ms of a recording are speech"
        hears = (
            f"A frame is speech from a probability of {card.threshold:g}; in a recording over "
            f"1.5 s some frame has to reach {card.sure or card.threshold:g}."
        )
    return f"""# {card.name}

It answers {answers}. {hears}

Version {card.version}, made on {card.created}; {card.parameters:,} trained numbers,
{size / 1e6:.2f} MB; {card.sample_rate:,} Hz; licence {card.licence}.

This page is written by `benchmarks/write_model_cards.py` from the model file and its measurements;
no figure is typed."""


def _data(card: Card) -> str:
    heard = tables.trained_on(card.trained_on) or "The model file does not say."
    parts = ["What the shipped file was trained on:", heard, words("licences")]
    if any(row["corpus"] == SHARE_ALIKE for row in card.trained_on):
        parts.append(words("share_alike"))
    return "\n\n".join(parts)


def _measured(card: Card, reports: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Headings and tables of a model of traits."""
    first = reports[0]
    yield "Split", _split(reports)
    yield "Figures", f"{words('figures')}\n\n{tables.headline(reports)}"
    yield "By label", tables.recalls(first)
    if "digit" in card.traits:
        yield "Words", f"{words('words')}\n\n{tables.words(reports)}"
    if "age" in card.traits:
        yield "Age in years", f"{words('years')}\n\n{tables.years(first)}"
    for trait in card.traits:
        yield f"By group: {TRAITS[trait].title}", groups(first, trait)
    yield "Noise, telephone, duration", tables.conditions(first) or "Not measured."
    yield "Calibration", _calibration(card, reports)
    thresholds = {name: trait.unsure_below for name, trait in card.traits.items()}
    yield "Unsure", f"{words('unsure')}\n\n{unsure(first, thresholds)}"


def _split(reports: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for report in reports:
        corpora = ", ".join(
            f"{name.replace('_', ' ')} ({row['speakers']} speakers, {row['clips']} clips, "
            f"{row['hours']:.2f} h)"
            for name, row in report["corpora"].items()
        )
        lines.append(f"- {report['split']}: {corpora}.")
    machine = reports[0]["machine"]
    return "\n".join(lines) + (
        f"\n\nMeasured through the runtime that ships, on {machine['processor']}: Python "
        f"{machine['python']}, onnxruntime {machine['onnxruntime']}, "
        f"voxtrait {machine['voxtrait']}."
    )


def _calibration(card: Card, reports: Sequence[Mapping[str, Any]]) -> str:
    fitted = ", ".join(
        f"{TRAITS[name].title} {trait.temperature:.3f}" for name, trait in card.traits.items()
    )
    priors = [TRAITS[name].title for name, trait in card.traits.items() if trait.prior]
    text = f"Temperature of the shipped file, fitted on validation speakers: {fitted}."
    if priors:
        text += (
            f" The probabilities of {' and '.join(priors)} hold for a population like that of the "
            "training speakers; the label is chosen with every group equally likely."
        )
    return f"{words('calibration')} {text}\n\n{calibration(reports)}"


def _again(card: Card, command: str) -> str:
    name = f"{card.name.replace('-', '_')}.toml"
    return f"""The recipe is `recipes/{name}`:

```toml
{card.recipe.strip()}
```

```console
$ voxtrait train recipes/{name} --corpora DIR --output runs/{card.name}
$ voxtrait export runs/{card.name} --output {card.name}.onnx
```

The figures: `{command}`."""
