"""Write a page for every shipped model, docs/models/NAME.md, from its file and its measurements.

``python benchmarks/write_model_cards.py`` writes the pages and their places in mkdocs.yml;
``--check`` only says whether they are current. Measurements lie in docs/measured/NAME.json;
``--measured NAME REPORT...`` puts them there, shortened: of a model of traits the report.json of
its pooled folds first, then of corpora or speakers left out; of the detector the speech.json that
benchmarks/speech.py wrote. No figure is typed by hand.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from model_cards.page import page
from model_cards.reduced import reduced
from model_cards.speech import kept
from voxtrait.runtime.registry import SPEECH, Shipped, models

REPOSITORY = Path(__file__).parents[1]
MEASURED = "docs/measured"
CARDS = "docs/models"
NAVIGATION = "mkdocs.yml"
COMMAND = "python benchmarks/write_model_cards.py"
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
    known = [model for model in every if measurements_of(model.name, root).exists()]
    unknown = [model.name for model in every if model not in known]
    for name in unknown:
        say(f"{MEASURED}/{name}.json is not there", f"{COMMAND} --measured {name} REPORT...")
    wanted = dict(pages(root, known))
    stale = [path for path, text in wanted.items() if text != (path.exists() and read(path))]
    gone = [path for path in (root / CARDS).glob("*.md") if path not in wanted]
    if options.check:
        for path in (*stale, *gone):
            say(f"{path.relative_to(root)} is not current", COMMAND)
        return 1 if unknown or stale or gone else 0
    for path in gone:
        path.unlink()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    return 1 if unknown else 0


def arguments() -> argparse.ArgumentParser:
    """What can be given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
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


def pages(root: Path, shipped: Sequence[Shipped]) -> Iterator[tuple[Path, str]]:
    """Every page with its text, and the navigation that names them."""
    for model in shipped:
        measured = json.loads(read(measurements_of(model.name, root)))
        text = page(model.card, model.size, measured, command(model.name))
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


def command(name: str) -> str:
    """How a model's figures are made again."""
    if name == SPEECH:
        return "python benchmarks/speech.py --corpora DIR"
    recipe = f"recipes/{name.replace('-', '_')}.toml"
    return f"voxtrait cross-validate {recipe} --folds 5 --corpora DIR --output runs/{name}-folds"


if __name__ == "__main__":
    sys.exit(main())
