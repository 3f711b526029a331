"""The commands that make a shipped model and every figure of its card again."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence

from model_cards.results import Report
from voxtrait.evaluation import ways
from voxtrait.model_file import Card

__all__ = ["commands", "recipe_of", "teacher_of"]

MADE = "synthetic"  # the corpus that is computed before it can be trained on
# Its folders, by the script that fills each, which a recipe that trains on it names; and how.
MAKING = {
    "recipes/synthetic_digits.py": ("made/synthetic", ""),
    "recipes/natural_words.py": ("made/natural_words", "--kokoro made/kokoro "),
}
KOKORO = "python recipes/kokoro.py --output made/kokoro"
TEACHERS = "made/teachers"


def recipe_of(name: str) -> str:
    """Where the recipe of a shipped model lies in the repository."""
    return f"recipes/{name.replace('-', '_')}.toml"


def teacher_of(card: Card) -> str:
    """The teacher that a model learnt from; ``""`` for none."""
    name: str = tomllib.loads(card.recipe).get("teacher", {}).get("name", "")
    return name


def commands(card: Card, reports: Sequence[Report]) -> list[str]:
    """Lines for a shell, in order: train, measure as each report was, export.

    Args:
        card: of the shipped model.
        reports: its measurements, in the order of the card; none of the detector.
    """
    name, recipe = card.name, recipe_of(card.name)
    heard = any(source["corpus"] == MADE for source in card.trained_on)
    made = {script: how for script, how in MAKING.items() if heard and script in card.recipe}
    if heard and not made:
        raise LookupError(f"the recipe of {name} does not say what makes {MADE}")
    taught = bool(teacher_of(card))
    places = "--corpora DIR" + "".join(f" --root {MADE}={place}" for place, _ in made.values())
    places += f" --teachers {TEACHERS}" if taught else ""
    measured = [(report, *ways.options(report["split"])) for report in reports]
    # Folds first: what was calibrated on their validation needs it.
    measured = sorted((one for one in measured if one[2]), key=lambda one: one[1] != "folds")
    folders = {folder: f"runs/{name}-{folder}" for _, folder, _ in measured}
    export = [f"voxtrait export runs/{name}"]
    export += [f"--folds {folders['folds']}"] if "folds" in folders else []
    export += [f"--measured {folder}/report.json" for folder in folders.values()]
    return [
        *([KOKORO] if any(more for _, more in made.values()) else []),
        *(f"python {script} {more}--output {place}" for script, (place, more) in made.items()),
        *([f"python recipes/teachers.py --output {TEACHERS}"] if taught else []),
        f"voxtrait train {recipe} {places} --output runs/{name}",
        *(
            " ".join(
                [
                    f"voxtrait cross-validate {recipe}",
                    *way,
                    *([f"--calibration runs/{name}-folds"] if _on_folds(report) else []),
                    *(*_conditions(report), places, f"--output {folders[folder]}"),
                ]
            )
            for report, folder, way in measured
        ),
        *([] if card.traits else ["python benchmarks/speech.py --corpora DIR"]),
        " ".join([*export, f"--output {name}.onnx"]),
    ]


def _on_folds(report: Report) -> bool:
    return ways.is_calibrated(report["split"])


def _conditions(report: Report) -> Iterable[str]:
    """The options that made the conditions of a report, out of their names."""
    for condition in dict.fromkeys(result["condition"] for result in report["results"]):
        match condition.split():
            case ["noise", decibels, "dB"]:
                yield f"--noise-snr {decibels}"
            case [seconds, "s"]:
                yield f"--seconds {seconds}"
            case ["room"]:
                yield "--room"
            case ["telephone"]:
                yield "--codec telephone"
