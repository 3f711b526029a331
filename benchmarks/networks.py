"""What other families of networks cost and reach beside the package's own.

``python benchmarks/networks.py --cost`` exports each family and measures it on onnxruntime;
``--minutes M --corpora DIR --cache DIR`` trains each for M minutes of CPU time on fold 0 and asks
it about the fold's validation side. Either part is kept in ``docs/measured/networks.json`` and
written to ``docs/networks.md``; without a part only the page is written, and ``--check`` says
whether it is current. A training that is kept is not done again: a killed run goes on.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from kept import add_arguments, keep, read, refresh
from rival_networks.accuracy import answers, sides, summary
from rival_networks.cost import measure
from rival_networks.families import FAMILIES, RECIPES, model_of, recipe_of
from rival_networks.page import page
from rival_networks.training import train
from voxtrait.errors import VoxtraitError
from voxtrait.evaluation.machine import machine
from voxtrait.training.folds import folds
from voxtrait.training.train import Options

FOLDS = 5


def main(argv: list[str] | None = None) -> int:
    """Measure what is asked for, then write the page."""
    options = arguments().parse_args(argv)
    torch.set_num_threads(1)
    try:
        if options.cost:
            keep(options.measured, {"cost": cost(options)})
        if options.minutes:
            accuracy(options)
    except VoxtraitError as error:
        print(f"{error}\n{error.hint}", file=sys.stderr)
        return error.exit_code
    return refresh(options.page, page(read(options.measured)), "networks.py", check=options.check)


def arguments() -> argparse.ArgumentParser:
    """What can be given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    corpora = os.environ.get("VOXTRAIT_CORPORA", "../shared/corpora")
    parser.add_argument("--cost", action="store_true", help="measure what the families cost")
    parser.add_argument("--rounds", type=int, default=61, help="turns of each that are counted")
    parser.add_argument("--minutes", type=float, default=0, help="train each so long, CPU time")
    parser.add_argument("--recipes", nargs="+", choices=RECIPES, default=list(RECIPES))
    parser.add_argument("--networks", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    parser.add_argument("--corpora", type=Path, default=Path(corpora), metavar="DIR")
    parser.add_argument("--root", action="append", default=[], metavar="CORPUS=DIR", type=root)
    parser.add_argument("--cache", type=Path, default=Path(".voxtrait/prepared"), metavar="DIR")
    add_arguments(parser, "networks")
    return parser


def root(text: str) -> tuple[str, Path]:
    """``CORPUS=DIR``."""
    corpus, equals, folder = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} has no '='; write CORPUS=DIR")
    return corpus, Path(folder)


def cost(options: argparse.Namespace) -> dict[str, Any]:
    """The part of the results that says what the families cost."""
    return {
        "machine": machine(),
        "load": os.getloadavg()[0],
        "rounds": options.rounds,
        "recipes": measure(options.recipes, options.networks, options.rounds, say),
    }


def accuracy(options: argparse.Namespace) -> None:
    """Train what is not trained yet; each result is kept when it is there."""
    places = Options(corpora=options.corpora, roots=roots(options.root), cache=options.cache)
    setting = {"minutes": options.minutes, "fold": 0, "folds": FOLDS}
    for which in options.recipes:
        recipe, size = recipe_of(which), RECIPES[which]
        fold = next(iter(folds(recipe, FOLDS, places)))
        training, validating = sides(fold)
        for name in options.networks:
            if name in kept(options.measured, setting).get(which, {}):
                continue
            say(f"{which} {name}: training")
            torch.manual_seed(recipe.seed)
            model = model_of(name, size, recipe)
            load = os.getloadavg()[0]
            trained = train(model, recipe, fold.prepared, training, 60 * options.minutes)
            heard = summary(answers(model, fold.prepared, validating))
            row = {**asdict(trained), "load": load, **heard}
            rows = kept(options.measured, setting)
            rows = ordered({**rows, which: {**rows.get(which, {}), name: row}})
            part = {**setting, "machine": machine(), "recipes": rows}
            keep(options.measured, {"accuracy": part})


def kept(path: Path, setting: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Trainings done before with the same setting, by recipe and family."""
    part = read(path).get("accuracy", {})
    same = all(part.get(key) == value for key, value in setting.items())
    return dict(part["recipes"]) if part and same else {}


def ordered(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Recipes and families in the order of the tables, whichever came first."""
    return {
        which: {name: rows[which][name] for name in FAMILIES if name in rows[which]}
        for which in RECIPES
        if which in rows
    }


def roots(pairs: Sequence[tuple[str, Path]]) -> dict[str, list[Path]]:
    """Corpus to its folders."""
    found: dict[str, list[Path]] = {}
    for corpus, folder in pairs:
        found.setdefault(corpus, []).append(folder)
    return found


def say(what: str) -> None:
    """Tell whoever waits what is being done."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
