"""What was measured as a page of the documentation; its words stand in ``page.md``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from rival_networks.families import FAMILIES, FRONT_END, OURS, RECIPES, recipe_of
from voxtrait.evaluation.cells import percent, table
from voxtrait.evaluation.machine import hardware

__all__ = ["page"]

WORDS = Path(__file__).with_suffix(".md")
UNMEASURED = "Not measured yet."
BUSY = 0.75  # of the cores: above it others computed, too
COST_HEAD = ["network", "parameters", "M multiply-adds", "kB"]
TIMES = {"1_s": "1 s", "3_s": "3 s"}
# Columns of shares: the name that `rival_networks.accuracy.summary` gives, the head, and of whom.
SHARES = {
    "digits": ("digits", "Digits", "speakers"),
    "speech_commands": ("of Speech Commands", "of Speech Commands", "speakers"),
    "not_a_digit": ("found", "others", "speakers and sources"),
    "genders": ("genders", "Genders", "speakers"),
    "common_voice": ("of Common Voice", "of Common Voice", "speakers"),
    "ages": ("ages", "ages", "speakers"),
}
Values = Mapping[str, Any]


def page(found: Values) -> str:
    """Markdown of the results; a part that is missing is said to be."""
    cost, accuracy = found.get("cost"), found.get("accuracy")
    values = {
        "recipes": ", ".join(f"`{name}.toml`" for name in RECIPES),
        "command": ("" if cost is None else " --cost")
        + ("" if accuracy is None else f" --minutes {accuracy['minutes']:g}"),
        "verdict": UNMEASURED if cost is None else _verdict(cost["recipes"]),
        "cost_how": UNMEASURED if cost is None else _cost_how(cost),
        "cost": "" if cost is None else _by_recipe(cost["recipes"], _cost_table),
        "accuracy_how": UNMEASURED if accuracy is None else _accuracy_how(accuracy),
        "accuracy": "" if accuracy is None else _by_recipe(accuracy["recipes"], _accuracy_table),
    }
    text = Template(WORDS.read_text(encoding="utf-8")).substitute(values)
    return text.rstrip("\n") + "\n"


def _verdict(recipes: Values) -> str:
    """What each family costs beside ours, in one sentence a recipe."""
    sentences = []
    for which, rows in recipes.items():
        others = [
            f"{FAMILIES[name].title} {row['1_s']['ratio']:.1f}"
            for name, row in rows.items()
            if name not in (OURS, FRONT_END)
        ]
        sentences.append(
            f"One second of sound costs, as multiples of `{OURS}` by `{which}.toml`, front end "
            f"included: {', '.join(others)}."
        )
    return " ".join(sentences)


def _cost_how(cost: Values) -> str:
    return (
        "Exported as `voxtrait export` does it, front end included, and compared with torch; "
        "weights at random, which cost what trained ones do. onnxruntime, one thread, one "
        f"recording at a time: median CPU time of {cost['rounds']} rounds, in each of which all "
        f"took their turn. {_machine(cost)}"
    )


def _accuracy_how(accuracy: Values) -> str:
    load = max(row["load"] for rows in accuracy["recipes"].values() for row in rows.values())
    corpora = "; ".join(
        f"`{which}.toml`: {', '.join(recipe_of(which).corpora)}" for which in accuracy["recipes"]
    )
    return (
        f"Each was trained for {accuracy['minutes']:g} minutes of CPU time on one thread, making "
        "the batches included, by the recipe: the same examples, masks, optimiser, peak "
        "rate and one-cycle schedule, which goes by the share of the time that is spent. So a "
        "network whose step costs less learns from more batches. Peak rate and "
        f"augmentation were chosen for `{OURS}`, not for the others, and nobody has a teacher. The "
        f"corpora are, as far as they are labelled, for {corpora}; training is fold "
        f"{accuracy['fold']}'s of "
        f"{accuracy['folds']} by speaker. The figures are of the fold's **validation** side, never "
        "of its test side: recordings as they are, last weights, no choice made by them; "
        "networks asked in torch about whole words, or up to four seconds of a voice, as they were "
        "prepared, not through the runtime. "
        "*Digits* are spoken digits answered right among eleven labels, "
        "*found* other words and noises answered `not_a_digit`, *genders* perceived ones answered "
        "right, *ages* those answered at most one of six groups off. Intervals are 95 %, by "
        f"bootstrap over speakers. {_machine({**accuracy, 'load': load})}"
    )


def _machine(part: Values) -> str:
    machine = part["machine"]
    busy = part["load"] > BUSY * machine["cores"]
    load = f"a load of {part['load']:.1f} when it began"
    return (
        f"Machine: {hardware(machine)}; Python "
        f"{machine['python']}, onnxruntime {machine['onnxruntime']}, numpy {machine['numpy']}; "
        + (f"it was busy with other work ({load})." if busy else f"it was idle ({load}).")
    )


def _by_recipe(recipes: Values, make: Any) -> str:
    return "\n\n".join(f"### `{which}.toml`\n\n{make(rows)}" for which, rows in recipes.items())


def _cost_table(rows: Values) -> str:
    head = [*COST_HEAD]
    for span in TIMES.values():
        head += [f"{span}, ms", "ratio", "beyond the front end"]
    return table(head, [_cost_row(name, row) for name, row in rows.items()])


def _cost_row(name: str, row: Values) -> list[str]:
    cells = [
        _title(name),
        f"{row['parameters']:,}" if name != FRONT_END else "",
        f"{row['multiply_adds'] / 1e6:.1f}" if name != FRONT_END else "",
        f"{row['bytes'] / 1e3:,.0f}",
    ]
    for span in TIMES:
        time = row[span]
        low, high = time["quartiles"]
        cells += [
            f"{time['ms']:.2f}",
            f"{time['ratio']:.2f} ({low:.2f} to {high:.2f})",
            f"{time['beyond']:.1f}" if "beyond" in time else "",
        ]
    return cells


def _accuracy_table(rows: Values) -> str:
    any_row = next(iter(rows.values()))
    shares = {name: words for name, words in SHARES.items() if name in any_row}
    head = ["network", "batches", "clips a second", *(column for column, _, _ in shares.values())]
    lines = [
        [
            FAMILIES[name].title,
            f"{row['steps']:,}",
            f"{row['clips_a_second']:,.0f}",
            *(_share(row[part]) for part in shares),
        ]
        for name, row in rows.items()
    ]
    asked = "; ".join(
        f"{what}: {any_row[part]['whole']:,} recordings of {any_row[part]['speakers']:,} {whom}"
        for part, (_, what, whom) in shares.items()
    )
    return f"{table(head, lines)}\n\n{asked}."


def _share(share: Values) -> str:
    if share["value"] is None:
        return "-"
    return f"{percent(share['value'])} ({100 * share['low']:.1f} to {100 * share['high']:.1f})"


def _title(name: str) -> str:
    if name not in FAMILIES:
        return "the front end alone"
    return f"{FAMILIES[name].title}: {FAMILIES[name].what}"
