"""Figures that are kept as JSON, and the page of the documentation that is written from them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voxtrait.evaluation.figures import plain
from voxtrait.whole_file import write_whole

__all__ = ["add_arguments", "keep", "read", "refresh"]

DOCS = Path(__file__).parents[1] / "docs"


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    """Where the figures and the page of this name lie, and whether only to check the page."""
    measured = DOCS / "measured" / f"{name}.json"
    parser.add_argument("--measured", type=Path, default=measured)
    parser.add_argument("--page", type=Path, default=DOCS / f"{name}.md", help="to write")
    parser.add_argument("--check", action="store_true", help="only say whether it is current")


def read(path: Path) -> dict[str, Any]:
    """Figures kept before; none where there is no file."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def keep(path: Path, part: Mapping[str, Any]) -> None:
    """Put a part into the file of figures, which may have changed since it was last read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = plain({**read(path), **part})
    write_whole(path, f"{json.dumps(found, indent=1)}\n".encode())


def refresh(page: Path, text: str, script: str, *, check: bool) -> int:
    """Write a page; or only say whether it is current, 1 where it is not.

    Args:
        page: the file.
        text: what it should hold.
        script: the one that writes it.
        check: write nothing.
    """
    if not check:
        write_whole(page, text.encode())
        print(page)
        return 0
    if page.exists() and page.read_text(encoding="utf-8") == text:
        return 0
    print(f"{page.name}: not current; run python benchmarks/{script}", file=sys.stderr)
    return 1
