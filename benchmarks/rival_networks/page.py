"""What was measured as a page of the documentation; its words stand in ``page.md``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from rival_networks.families import FAMILIES, FRONT_END, OURS
from voxtrait.evaluation.cells import percent, table

__all__ = ["page"]

WORDS = Path(__file__).with_suffix(".md")
UNMEASURED = "Not measured yet."
BUSY = 0.75  # of the cores: above it others computed, too
COST_HEAD = ["network", "parameters", "M multiply-adds", "kB"]
TIMES = {"1_s": "1 s", "3_s": "3 s"}
Values = Mapping[str, Any]


def page(found: Values) -> str:
    """Markdown of the results; a part that is missing is said to be."""
    cost, accuracy = found.get("cost"), found.get("accuracy")
    values = {
        "command": ("" if cost is None else " --cost")
        + ("" if accuracy is None else f" --minutes {accuracy['minutes']:g}"),
        "verdict": UNMEASURED if cost is None else _verdict(cost["sizes"]),
        "cost_how": UNMEASURED if cost is None else _cost_how(cost),
        "cost": "" if cost is None else _by_size(cost["sizes"], _cost_table),
        "accuracy_how": UNMEASURED if accuracy is None else _accuracy_how(accuracy),
        "accuracy": "" if accuracy is None else _by_size(accuracy["sizes"], _accuracy_table),
    }
    text = Template(WORDS.read_text(encoding="utf-8")).substitute(values)
    return text.rstrip("\n") + "\n"


def _verdict(sizes: Values) -> str:
    """What each family costs beside ours, in one sentence a size."""
    sentences = []
    for size, rows in sizes.items():
        others = [
            f"{FAMILIES[name].title} {row['1_s']['ratio']:.1f}"
            for name, row in rows.items()
            if name not in (OURS, FRONT_END)
        ]
        sentences.append(
            f"One second of sound costs, as multiples of `{OURS}` at the size `{size}`, front end "
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
    load = max(row["load"] for rows in accuracy["sizes"].values() for row in rows.values())
    return (
        f"Each was trained for {accuracy['minutes']:g} minutes of CPU time on one thread, making "
        "the batches included, by one recipe a size: the same examples, masks, optimiser, peak "
        "rate and one-cycle schedule, which goes by the share of the time that is spent. So a "
        "network whose step costs less learns from more batches. Peak rate and "
        f"augmentation were chosen for `{OURS}`, not for the others. The corpora are "
        f"{', '.join(accuracy['corpora'])}; training is fold {accuracy['fold']}'s of "
        f"{accuracy['folds']} by speaker. The figures are of the fold's **validation** side, never "
        "of its test side: recordings as they are, last weights, no choice made by them; "
        "networks asked in torch about whole words as they were prepared, not through the runtime. "
        "*Digits* are spoken digits answered right among eleven labels, "
        "*found* other words and noises answered `not_a_digit`. Intervals are 95 %, by bootstrap "
        f"over speakers. {_machine({**accuracy, 'load': load})}"
    )


def _machine(part: Values) -> str:
    machine = part["machine"]
    busy = part["load"] > BUSY * machine["cores"]
    load = f"a load of {part['load']:.1f} when it began"
    return (
        f"Machine: {machine['processor'] or machine['system']}, {machine['cores']} cores; Python "
        f"{machine['python']}, onnxruntime {machine['onnxruntime']}, numpy {machine['numpy']}; "
        + (f"it was busy with other work ({load})." if busy else f"it was idle ({load}).")
    )


def _by_size(sizes: Values, make: Any) -> str:
    return "\n\n".join(f"### {size.capitalize()}\n\n{make(rows)}" for size, rows in sizes.items())


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
    head = ["network", "batches", "clips a second", "digits", "of Speech Commands", "found"]
    lines = [
        [
            FAMILIES[name].title,
            f"{row['steps']:,}",
            f"{row['clips_a_second']:,.0f}",
            *(_share(row[part]) for part in ("digits", "speech_commands", "not_a_digit")),
        ]
        for name, row in rows.items()
    ]
    any_row = next(iter(rows.values()))
    asked = "; ".join(
        f"{what}: {any_row[part]['whole']:,} recordings of {any_row[part]['speakers']:,} {whom}"
        for part, what, whom in (
            ("digits", "Digits", "speakers"),
            ("speech_commands", "of Speech Commands", "speakers"),
            ("not_a_digit", "others", "speakers and sources"),
        )
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
