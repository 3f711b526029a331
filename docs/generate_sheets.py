"""Write what the package says of itself into the pages; ``--check`` only compares.

The data sheets of the corpora (their readers' docstrings) go into ``docs/corpora.md``, the first
lines of the recipes into ``docs/recipes.md``, the tree of exceptions into ``docs/python.md``, each
between its two markers.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

from voxtrait import errors
from voxtrait.corpora.readers import READERS

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


PAGES = {
    "corpora.md": ("data sheets", data_sheets),
    "recipes.md": ("recipes", recipes),
    "python.md": ("exception tree", exception_tree),
}


def filled(text: str, name: str, new: str) -> str:
    """A page with what stands between a pair of markers replaced."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    return between.sub(lambda _: f"{begin}\n\n{new}\n{end}", text)


def main() -> int:
    """Write every page, or with ``--check`` say which is not current."""
    stale = []
    for page, (name, make) in PAGES.items():
        path = DOCS / page
        text = path.read_text(encoding="utf-8")
        new = filled(text, name, make())
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
