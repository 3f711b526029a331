"""Fill the tables of the shipped models in README.md and docs/models.md from their cards.

``python benchmarks/write_model_tables.py`` writes what stands between the two markers of each page;
``--check`` only says whether it is current. No figure is typed by hand. The README has a line a
model, over all corpora together; every trait and corpus has one in docs/models.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from voxtrait.evaluation.groups import LEAST_SPEAKERS
from voxtrait.evaluation.measured import chief
from voxtrait.evaluation.pools import ALL, WORDS
from voxtrait.evaluation.ways import rank
from voxtrait.runtime.registry import Shipped, models
from voxtrait.traits import TRAITS, Trait

REPOSITORY = Path(__file__).parents[1]
BEGIN, END = "<!-- models: begin -->", "<!-- models: end -->"
SHORT_HEAD = """\
| model | size | digit among single words, UAR | perceived gender, UAR | age, years off |
| --- | --- | --- | --- | --- |"""
LONG_HEAD = """\
| model | size | parameters | trait | measured on | speakers | refused | UAR | accuracy | MAE | ECE | sure | errors among the sure |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""  # noqa: E501

FEW_CLIPS = 100
CORPORA = {WORDS: "corpora of words", ALL: "all corpora"}


def short_table(shipped: Iterable[Shipped] | None = None) -> Iterator[str]:
    """A line a model, and below it who the figures were measured on."""
    yield SHORT_HEAD
    every = models() if shipped is None else list(shipped)
    taken = []
    for model in every:
        measured = {
            trait: found[1]
            for trait, corpora in model.card.measured.items()
            if (found := chief(trait, corpora))
        }
        if not measured:
            continue  # the detector is measured on docs/speech_detection.md
        cells = [f"`{model.name}`", f"{model.size / 1e6:.2f} MB"]
        cells += [short_cell(measured.get(trait.name), trait) for trait in TRAITS.values()]
        yield f"| {' | '.join(cells)} |"
        people = max(figures["speakers"] for figures in measured.values())
        split = next(iter(measured.values()))["split"]
        taken.append(f"`{model.name}` {people:,} ({split})")
    same = "Compare rows only where the folds are the same."
    yield f"\nSpeakers measured on: {'; '.join(taken)}. {same}"
    if strange := [line for model in every for line in strangers(model)]:
        yield f"\n**Strangers' recordings are harder.** {' '.join(strange)}"


def strangers(model: Shipped) -> Iterator[str]:
    """A sentence for each corpus that a training of this model was without."""
    for trait, corpora in model.card.measured.items():
        for name, row in corpora.items():
            if rank(row["split"]) or name.startswith(ALL):
                continue
            words = f"`{model.name}` {row['split'].replace('_', ' ')}, tested on that corpus: "
            words += f"{TRAITS[trait].title} {row['uar']:.1%} UAR"
            if "mae_ratio" in row:
                words += f", error in years {row['mae_ratio']:.2f} of guessing"
            if "error_among_sure" in row:
                wrong, sure = row["error_among_sure"], row["sure_share"]
                words += f", {wrong:.1%} errors among the {sure:.0%} sure"
            yield f"{words} ({row['speakers']:,} speakers)."


def short_cell(figures: Mapping[str, Any] | None, trait: Trait) -> str:
    """The one figure of a trait that says most; empty for a trait that is not answered."""
    if figures is None:
        return ""
    if not trait.edges:
        low, high = figures["uar_95"]
        return f"{figures['uar']:.1%}" + ("" if low is None else f" ({low:.1%} to {high:.1%})")
    return f"{figures['mae_years']:.1f} ({figures['mae_ratio']:.2f} of guessing)"


def long_table() -> Iterator[str]:
    """A line for each model, trait and corpus."""
    yield LONG_HEAD
    for model in models():
        yield from rows(model)


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "README.md": short_table,
    "docs/models.md": long_table,
}


def rows(model: Shipped) -> Iterator[str]:
    """The lines of one model: one a trait and corpus that it was measured on."""
    card = model.card
    name = [f"`{card.name}`", f"{model.size / 1e6:.2f} MB", f"{card.parameters:,}"]
    for trait, corpora in card.measured.items():
        for corpus, figures in corpora.items():
            where = f"{CORPORA.get(corpus, corpus.replace('_', ' '))}, {figures['split']}"
            cells = [*name, TRAITS[trait].title, where, str(figures["speakers"])]
            yield f"| {' | '.join([*cells, *numbers(figures)])} |"
            name = ["", "", ""]  # said once


def numbers(figures: Mapping[str, Any]) -> list[str]:
    """Refusals, UAR with its interval and the other figures; empty where there is none.

    Of fewer than ten speakers there is no interval and no calibration, and where they have few
    clips no figure at all: it would be read as one.
    """
    refused = f"{figures['refused']} of {figures['clips']}" if "refused" in figures else ""
    few = figures["speakers"] < LEAST_SPEAKERS
    if few and figures["clips"] < FEW_CLIPS:
        return [refused, *[""] * 6]
    uar = ""
    if "uar" in figures:
        low, high = figures["uar_95"]
        uar = f"{figures['uar']:.1%}" + (f" ({low:.1%} to {high:.1%})" if not few else "")
    years = ""
    if "mae_years" in figures:
        years = f"{figures['mae_years']:.1f} years"
        if "mae_ratio" in figures:
            years += f", {figures['mae_ratio']:.2f} of the median's"
    calibration = f"{figures['ece']:.3f}" if "ece" in figures and not few else ""
    accuracy, sure, errors = (
        "" if figures.get(name) is None else f"{figures[name]:.1%}"
        for name in ("accuracy", "sure_share", "error_among_sure")
    )
    return [refused, uar, accuracy, years, calibration, sure, errors]


def filled(text: str, table: Callable[[], Iterator[str]]) -> str:
    """A page with the table between its markers replaced."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join([before + BEGIN, "", *table(), "", END + after])


def main() -> int:
    """Write every page, or with ``--check`` say which is not current."""
    stale = []
    for name, table in PAGES.items():
        page = REPOSITORY / name
        text = page.read_text(encoding="utf-8")
        if text != filled(text, table):
            stale.append(name)
            if sys.argv[1:] != ["--check"]:
                page.write_text(filled(text, table), encoding="utf-8")
    if stale and sys.argv[1:] == ["--check"]:
        print(
            f"{', '.join(stale)}: not current; run python benchmarks/write_model_tables.py",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
