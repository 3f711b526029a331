"""Write a page for every shipped model, docs/models/NAME.md, from its file and its measurements.

``python benchmarks/write_model_cards.py`` writes the pages and their places in mkdocs.yml;
``--check`` only says whether they are current, with ``--recipes`` also whether every model was
trained by the recipe that lies in the repository now. Measurements lie in docs/measured/NAME.json;
``--measured NAME REPORT...`` puts them there, shortened: of a model of traits each report.json of
`voxtrait cross-validate` (folds, corpora left out, speakers left out) in any order, all at once; of
the detector the speech.json that benchmarks/speech.py wrote. No figure is typed by hand.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from model_cards.again import recipe_of
from model_cards.page import page
from model_cards.reduced import reduced
from model_cards.speech import kept
from voxtrait.evaluation.report import SCHEMA
from voxtrait.model_file import Card
from voxtrait.runtime.registry import SPEECH, Shipped, models

REPOSITORY = Path(__file__).parents[1]
MEASURED = "docs/measured"
CARDS = "docs/models"
NAVIGATION = "mkdocs.yml"
COMMAND = "python benchmarks/write_model_cards.py"
CHANGE = "# --set "  # as a run keeps it
BEGIN, END = "  # model cards: begin\n", "  # model cards: end\n"


def main(
    argv: Sequence[str] | None = None,
    root: Path = REPOSITORY,
    shipped: Sequence[Shipped] | None = None,
) -> int:
    """Write what is not current, or with ``--check`` say what is not."""
    options = arguments().parse_args(argv)
    if options.measured:
        name, *reports = options.measured
        keep(name, [Path(report) for report in reports], root)
    every = models() if shipped is None else list(shipped)
    known = [model for model in every if usable(measurements_of(model.name, root))]
    unknown = [model.name for model in every if model not in known]
    for name in unknown:
        found = "is of another version" if measurements_of(name, root).exists() else "is not there"
        say(f"{MEASURED}/{name}.json {found}", f"{COMMAND} --measured {name} REPORT...")
    outdated = [model for model in every if options.recipes and of_other_recipe(model.card, root)]
    for model in outdated:
        recipe = recipe_of(model.name)
        say(
            f"{model.name} was not trained by {recipe} as it is",
            f"voxtrait train {recipe} --corpora DIR --output runs/{model.name}, then voxtrait "
            f"export runs/{model.name} --output src/voxtrait/runtime/models/{model.name}.onnx",
        )
    wanted = dict(pages(root, known))
    stale = [path for path, text in wanted.items() if text != (path.exists() and read(path))]
    gone = [path for path in (root / CARDS).glob("*.md") if path not in wanted]
    if options.check:
        for path in (*stale, *gone):
            say(f"{path.relative_to(root)} is not current", COMMAND)
        return 1 if unknown or outdated or stale or gone else 0
    for path in gone:
        path.unlink()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    return 1 if unknown or outdated else 0


def arguments() -> argparse.ArgumentParser:
    """What can be given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    parser.add_argument(
        "--recipes", action="store_true", help="fail where a model is of another recipe"
    )
    parser.add_argument("--measured", nargs="+", metavar=("NAME", "REPORT"))
    return parser


def keep(name: str, reports: Sequence[Path], root: Path) -> None:
    """Shorten measurements into the repository."""
    found = [json.loads(read(path)) for path in reports]
    values: dict[str, Any]
    values = kept(found[0]) if name == SPEECH else {"reports": [reduced(one) for one in found]}
    target = measurements_of(name, root)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(values, separators=(",", ":")) + "\n", encoding="utf-8")


def usable(path: Path) -> bool:
    """Whether measurements are there, in the form in which reports are written now."""
    if not path.exists():
        return False
    reports = json.loads(read(path)).get("reports", [])  # the detector has none
    return all(report.get("schema") == SCHEMA for report in reports)


def of_other_recipe(card: Card, root: Path) -> bool:
    """Whether a model was trained by other values than those of its recipe in the repository.

    Comments and order may differ. A ``--set`` is a comment too, below the recipe that it changed.
    """
    path = root / recipe_of(card.name)
    if CHANGE in card.recipe or not path.exists():
        return True
    return tomllib.loads(card.recipe) != tomllib.loads(read(path))


def pages(root: Path, shipped: Sequence[Shipped]) -> Iterator[tuple[Path, str]]:
    """Every page with its text, and the navigation that names them."""
    for model in shipped:
        measured = json.loads(read(measurements_of(model.name, root)))
        text = page(model.card, model.size, measured)
        yield root / CARDS / f"{model.name}.md", text
    navigation = root / NAVIGATION
    before, _, rest = read(navigation).partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = [f"      - {model.name}: models/{model.name}.md\n" for model in shipped]
    yield navigation, "".join([before, BEGIN, *lines, END, after])


def measurements_of(name: str, root: Path) -> Path:
    """Where a model's measurements lie."""
    return root / MEASURED / f"{name}.json"


def read(path: Path) -> str:
    """A text file."""
    return path.read_text(encoding="utf-8")


def say(found: str, remedy: str) -> None:
    """What is wrong and what to do, on standard error."""
    print(f"{found}; run {remedy}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
