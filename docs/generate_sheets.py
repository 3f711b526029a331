"""Write what the package says of itself into the pages; ``--check`` only compares.

The data sheets of the corpora (their readers' docstrings) go into ``docs/corpora.md``, the first
lines of the recipes and the keys of their tables into ``docs/recipes.md``, the tree of exceptions
into ``docs/python.md``, each between its two markers.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from dataclasses import MISSING, fields
from importlib import import_module
from pathlib import Path

from voxtrait import errors
from voxtrait.corpora.readers import READERS
from voxtrait.training.augment import AugmentSettings
from voxtrait.training.settings import (
    FitSettings,
    PrepareSettings,
    SampleSettings,
    SplitSettings,
    TeacherSettings,
    WindowSettings,
)

DOCS = Path(__file__).parent


def data_sheets() -> str:
    """A section a corpus: the docstring of the module that reads it."""
    sections = []
    for name, read in READERS.items():
        sheet = import_module(read.__module__).__doc__ or ""
        # Docstrings mark code with two backticks, Markdown with one; a list needs a line before it.
        sections.append(f"### `{name}`\n\n{sheet.strip().replace('``', '`')}\n")
    return "\n".join(sections)


def exception_tree() -> str:
    """The tree as it is drawn at the head of ``errors.py``."""
    _, _, tree = (errors.__doc__ or "").partition("\n\n")
    return f"```text\n{tree.rstrip()}\n```\n"


def recipes() -> str:
    """A table of the recipes: the comment that each begins with."""
    lines = ["| recipe | what it makes |", "| --- | --- |"]
    for path in sorted((DOCS.parent / "recipes").glob("*.toml")):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        lines.append(f"| `{path.name}` | {first.removeprefix('#').strip()} |")
    return "\n".join(lines) + "\n"


def keys() -> str:
    """A table of the keys of a recipe's tables: defaults, and what the docstrings say of them."""
    lines = ["| key | default | meaning |", "| --- | --- | --- |"]
    for table, settings in SETTINGS.items():
        meanings = arguments(settings.__doc__ or "") | comments(inspect.getsource(settings))
        for field in fields(settings):
            value = field.default if field.default is not MISSING else field.default_factory()  # type: ignore[misc]
            default = json.dumps(value)
            meaning = meanings.get(field.name, "").replace("``", "`").replace("|", "\\|")
            lines.append(f"| `{table}.{field.name}` | `{default}` | {meaning} |")
    return "\n".join(lines) + "\n"


def arguments(docstring: str) -> dict[str, str]:
    """What a docstring's ``Args`` say, by name, each on one line."""
    _, _, listed = docstring.partition("Args:\n")
    found = re.findall(
        r"^ {8}(\w+): (.*?)(?=^ {8}\w+: |^ {0,4}\S|\Z)", listed, re.DOTALL | re.MULTILINE
    )
    return {name: " ".join(text.split()) for name, text in found}


def comments(source: str) -> dict[str, str]:
    """The comments behind the fields of a class, by name."""
    return dict(re.findall(r"^    (\w+): [^#\n]*# (.*)$", source, re.MULTILINE))


SETTINGS = {
    "window": WindowSettings,
    "split": SplitSettings,
    "prepare": PrepareSettings,
    "augment": AugmentSettings,
    "teacher": TeacherSettings,
    "sample": SampleSettings,
    "fit": FitSettings,
}
PAGES = {
    "corpora.md": {"data sheets": data_sheets},
    "recipes.md": {"recipes": recipes, "keys": keys},
    "python.md": {"exception tree": exception_tree},
}


def filled(text: str, name: str, new: str) -> str:
    """A page with what stands between a pair of markers replaced."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return between.sub(lambda _: f"{begin}\n\n{new}\n{end}", text)


def main() -> int:
    """Write every page, or with ``--check`` say which is not current."""
    stale = []
    for page, parts in PAGES.items():
        path = DOCS / page
        new = text = path.read_text(encoding="utf-8")
        for name, make in parts.items():
            new = filled(new, name, make())
        if new != text:
            stale.append(page)
            if sys.argv[1:] != ["--check"]:
                path.write_text(new, encoding="utf-8")
    if stale and sys.argv[1:] == ["--check"]:
        print(f"{', '.join(stale)}: run python docs/generate_sheets.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
