"""Whether a bigger network of a recipe answers strangers better: the same folds, clip by clip.

``python benchmarks/sizes.py runs/voice-small-folds runs/voice-base-folds`` compares two folders of
``voxtrait cross-validate`` on the folds that both hold, keeps the figures in
``docs/measured/sizes.json`` and writes ``docs/sizes.md``. Without folders only the page is written,
and ``--check`` says whether it is current.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from kept import add_arguments, keep, read, refresh
from voxtrait.errors import UsageError, VoxtraitError
from voxtrait.evaluation.cells import ranged, table
from voxtrait.evaluation.compare import compare
from voxtrait.evaluation.groups import LEAST_SPEAKERS
from voxtrait.evaluation.machine import hardware, machine
from voxtrait.evaluation.metrics import ACCURACY, MAE, UAR
from voxtrait.evaluation.pools import ALL, WORDS, pools
from voxtrait.evaluation.scored import Scored, read_rows
from voxtrait.model_file import ModelFile
from voxtrait.training.run import Run
from voxtrait.traits import TRAITS
from write_model_tables import FEW_CLIPS

WORDS_OF_PAGE = Path(__file__).with_name("sizes.md")
ANSWERS = "answers_clean.jsonl"
WHERE = {WORDS: "corpora of words", ALL: "all corpora"}
HEAD = ["trait, measured on", "figure", "clips", "speakers", "smaller", "bigger", "change"]


def main(argv: list[str] | None = None) -> int:
    """Compare what is given, then write the page."""
    options = arguments().parse_args(argv)
    try:
        if options.folders:
            smaller, bigger = options.folders
            part = compared(smaller, bigger)
            keep(options.measured, {part["names"][1]: part})
    except VoxtraitError as error:
        print(f"{error}\n{error.hint}", file=sys.stderr)
        return error.exit_code
    return refresh(options.page, page(read(options.measured)), "sizes.py", check=options.check)


def arguments() -> argparse.ArgumentParser:
    """What can be given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folders", nargs="*", type=Path, help="of the smaller, then of the bigger")
    add_arguments(parser, "sizes")
    return parser


def compared(smaller: Path, bigger: Path) -> dict[str, Any]:
    """Every figure of two folders of folds, on the folds that both answered.

    Raises:
        UsageError: there is no such fold.
    """
    answered = (
        {path.parent.name for path in folder.glob(f"fold_*/{ANSWERS}")}
        for folder in (smaller, bigger)
    )
    folds = sorted(set.intersection(*answered))
    if not folds:
        raise UsageError(
            f"{smaller} and {bigger} hold no fold that both answered.",
            "Give the folders of two runs of voxtrait cross-validate --folds.",
        )
    for name in folds:
        refuse_unlike(smaller / name, bigger / name)
    first, second = (
        [row for name in folds for row in read_rows(folder / name / ANSWERS)]
        for folder in (smaller, bigger)
    )
    models = [ModelFile.load(folder / folds[0] / "model.onnx") for folder in (smaller, bigger)]
    return {
        "machine": machine(),
        "folds": folds,
        "names": [model.card.name for model in models],
        "parameters": [model.card.parameters for model in models],
        "bytes": [len(model.graph) for model in models],
        "figures": list(figures(first, second, list(models[0].card.traits))),
    }


def refuse_unlike(smaller: Path, bigger: Path) -> None:
    """Two runs of one fold may differ in the network and their names alone.

    Raises:
        UsageError: other speakers were kept aside, or something else differs in the recipes.
    """
    recipes = [Run(folder).recipe() for folder in (smaller, bigger)]
    one, other = (replace(r, name="", network=recipes[0].network, source="") for r in recipes)
    if one != other or Run(smaller).split() != Run(bigger).split():
        raise UsageError(
            f"{smaller} and {bigger} differ in more than the network.",
            "Compare runs of the same split, by recipes that differ in name and network.",
        )


def figures(
    first: list[Scored], second: list[Scored], traits: list[str]
) -> Iterator[dict[str, Any]]:
    """Accuracy, mean recall and, of ages, the error in years: by trait and pool of corpora.

    Not of a few clips by a few people, which would be read as a figure.
    """
    for trait in traits:
        after = pools(second, trait)
        for pool, rows in pools(first, trait).items():
            if pool not in after:
                continue
            for metric in (ACCURACY, UAR, *((MAE,) if TRAITS[trait].edges else ())):
                row = asdict(compare(rows, after[pool], trait, metric))
                if row["speakers"] < LEAST_SPEAKERS and row["clips"] < FEW_CLIPS:
                    continue
                yield {"trait": trait, "pool": pool, "title": metric.title, **row}


def page(found: Mapping[str, Any]) -> str:
    """Markdown of all comparisons; its words stand in ``sizes.md``."""
    parts = [WORDS_OF_PAGE.read_text(encoding="utf-8").rstrip("\n")]
    parts += [section(part) for part in found.values()] or ["Not measured yet."]
    return "\n\n".join(parts) + "\n"


def section(part: Mapping[str, Any]) -> str:
    """One pair of models."""
    who, counts, sizes = (part[key] for key in ("names", "parameters", "bytes"))
    models = " and ".join(
        f"`{name}` ({count:,} parameters, {size / 1e6:.2f} MB)"
        for name, count, size in zip(who, counts, sizes, strict=True)
    )
    folds = ", ".join(map(spoken, part["folds"]))
    rows = [
        [
            f"{TRAITS[row['trait']].title}, {WHERE.get(row['pool']) or spoken(row['pool'])}",
            row["title"],
            f"{row['clips']:,}",
            f"{row['speakers']:,}",
            *(f"{row[side]:.{digits}f}" for side in ("first", "second")),
            ranged(
                {"value": row["change"], "low": row["low"], "high": row["high"]},
                f"{{:+.{digits}f}}",
            ),
        ]
        for row in part["figures"]
        for digits in [2 if row["metric"] == MAE.name else 3]
    ]
    where = f"Machine: {hardware(part['machine'])}."
    return f"## `{who[1]}`\n\n{models}, {folds}. {where}\n\n{table(HEAD, rows)}"


def spoken(name: str) -> str:
    """A name as a table has it."""
    return name.replace("_", " ")


if __name__ == "__main__":
    sys.exit(main())
