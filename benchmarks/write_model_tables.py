"""Fill the tables of the shipped models in README.md and docs/models.md from their cards.

``python benchmarks/write_model_tables.py`` writes what stands between the two markers of each page;
``--check`` only says whether it is current. No figure is typed by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from voxtrait.runtime.registry import Shipped, models
from voxtrait.traits import TRAITS

REPOSITORY = Path(__file__).parents[1]
BEGIN, END = "<!-- models: begin -->", "<!-- models: end -->"
HEAD = """\
| model | size | parameters | trait | measured on | speakers | accuracy | UAR | MAE | ECE |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""


def default(model: Shipped) -> bool:
    """Whether a model answers when nobody chose one."""
    return model.name.endswith("-small")


# The page of models has all of them, the first screen those that answer by default.
PAGES: dict[str, Callable[[Shipped], bool]] = {
    "README.md": default,
    "docs/models.md": lambda _: True,
}


def rows(model: Shipped) -> Iterator[str]:
    """The lines of one model: one a trait and corpus that it was measured on."""
    card = model.card
    name = [f"`{card.name}`", f"{model.size / 1e6:.2f} MB", f"{card.parameters:,}"]
    for trait, corpora in card.measured.items():
        for corpus, figures in corpora.items():
            where = f"{corpus.replace('_', ' ')}, {figures['split']}"
            cells = [*name, TRAITS[trait].title, where, str(figures["speakers"])]
            yield f"| {' | '.join([*cells, *numbers(figures)])} |"
            name = ["", "", ""]  # said once


def numbers(figures: Mapping[str, Any]) -> list[str]:
    """Accuracy, UAR with its interval, error in years, calibration; empty where there is none."""
    uar = ""
    if "uar" in figures:
        low, high = figures["uar_95"]
        uar = f"{figures['uar']:.1%} ({low:.1%} to {high:.1%})"
    years = ""
    if "mae_years" in figures:
        years = f"{figures['mae_years']:.1f} years"
        if "mae_ratio" in figures:
            years += f", {figures['mae_ratio']:.2f} of the median's"
    accuracy = f"{figures['accuracy']:.1%}" if "accuracy" in figures else ""
    calibration = f"{figures['ece']:.3f}" if "ece" in figures else ""
    return [accuracy, uar, years, calibration]


def filled(text: str, wanted: Callable[[Shipped], bool]) -> str:
    """A page with the table between its markers replaced."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = [line for model in models() if wanted(model) for line in rows(model)]
    return "\n".join([before + BEGIN, "", HEAD, *lines, "", END + after])


def main() -> int:
    """Write every page, or with ``--check`` say which is not current."""
    stale = []
    for name, wanted in PAGES.items():
        page = REPOSITORY / name
        text = page.read_text(encoding="utf-8")
        if text != filled(text, wanted):
            stale.append(name)
            if sys.argv[1:] != ["--check"]:
                page.write_text(filled(text, wanted), encoding="utf-8")
    if stale and sys.argv[1:] == ["--check"]:
        print(
            f"{', '.join(stale)}: not current; run python benchmarks/write_model_tables.py",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
