"""A model's card as a page: its measurements and the words that belong beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from model_cards import digits, speech, tables
from model_cards.again import commands, recipe_of, teacher_of
from model_cards.confidence import calibration, unsure
from model_cards.groups import groups
from model_cards.results import plain
from model_cards.wording import ABOUT, family, words
from voxtrait.evaluation.measured import in_order
from voxtrait.evaluation.pools import ALL, WORDS
from voxtrait.model_file import Card
from voxtrait.traits import NOT_A_DIGIT, TRAITS

__all__ = ["page"]

SHARE_ALIKE = "fsdd"  # the one corpus of speech whose licence has it


def page(card: Card, size: int, measured: Mapping[str, Any]) -> str:
    """Markdown of one model's card.

    Args:
        card: of the shipped file.
        size: its bytes.
        measured: ``{"reports": [...]}`` of `model_cards.reduced`, in any order; for the detector
            what `model_cards.speech.kept` keeps.
    """
    found = _measured(card, measured["reports"]) if card.traits else speech.measurements(measured)
    parts = [
        _head(card, size),
        f"## Data\n\n{_data(card)}",
        *(f"## {title}\n\n{text}" for title, text in found if text),
        words(family(card.traits)),
        f"## How to make it again\n\n{_again(card, measured.get('reports', ()))}",
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
    if teacher := teacher_of(card):
        parts.append(words(f"teacher_{teacher}"))
    return "\n\n".join(parts)


def _measured(card: Card, reports: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Headings and tables of a model of traits; what strangers were measured by comes first."""
    reports = in_order(reports)
    first = reports[-1]  # the folds, in which everybody takes part, where there are some
    yield "Split", _split(reports)
    yield (
        "Figures",
        "\n\n".join(filter(None, [words("figures"), _pooled(first), tables.headline(reports)])),
    )
    yield "By label", f"{_of(first)}\n\n{tables.recalls(first)}"
    if "digit" in card.traits:
        some = [words("words"), digits.words(reports), digits.other_words(reports)]
        yield "Words", "\n\n".join(filter(None, some))
    if "age" in card.traits:
        yield "Age in years", f"{words('years')}\n\n{tables.years(first)}"
    for trait in card.traits:
        about = f"{words('groups')} {words('groups_of_words') if trait == 'digit' else ''}".strip()
        yield f"By group: {TRAITS[trait].title}", f"{about}\n\n{groups(first, trait)}"
    yield "Noise, room, telephone, duration", tables.conditions(first) or "Not measured."
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


def _of(report: Mapping[str, Any]) -> str:
    return f"Of {report['split']}."


def _pooled(report: Mapping[str, Any]) -> str:
    """What stands behind the lines of several corpora together."""
    pooled = report["pools"].get("digit", {})
    lines = []
    if WORDS in pooled:
        of_words = [plain(name) for name in pooled[WORDS]]
        easy = [plain(name) for name in pooled.get(ALL, []) if name not in pooled[WORDS]]
        lines.append(f"*Corpora of words* are {', '.join(of_words)} together.")
        if easy:
            lines.append(
                f"*All corpora* adds {', '.join(easy)}, which hold sentences or noise and no "
                "digit: easily told from one, so that this line flatters."
            )
    return " ".join(lines)


def _calibration(card: Card, reports: Sequence[Mapping[str, Any]]) -> str:
    fitted = ", ".join(
        f"{TRAITS[name].title} {trait.temperature:.3f}" for name, trait in card.traits.items()
    )
    priors = [TRAITS[name].title for name, trait in card.traits.items() if trait.prior]
    text = f"Temperature of the shipped file, fitted on validation speakers: {fitted}."
    if "digit" in card.traits and card.traits["digit"].bias:
        text += (
            f" The score of `{NOT_A_DIGIT}` is shifted by {card.traits['digit'].bias[-1]:.2f}, to "
            "what is true where it is as common as each of the digits."
        )
    if priors:
        text += (
            f" The probabilities of {' and '.join(priors)} hold for a population like that of the "
            "training speakers, and so do the years; the label is chosen as if every group were "
            "equally common, so that it may not be the most probable one."
        )
    return f"{words('calibration')} {text}\n\n{calibration(reports)}"


def _again(card: Card, reports: Sequence[Mapping[str, Any]]) -> str:
    lines = "\n".join(f"$ {line}" for line in commands(card, in_order(reports)))
    recipe = recipe_of(card.name)
    return f"""The recipe is `{recipe}`; the lines between training and export measure:

```toml
{card.recipe.strip()}
```

<!-- not run: takes hours -->
```console
{lines}
```"""
