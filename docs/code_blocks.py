"""Run the code blocks of the pages, so that what they show is what happens.

``python docs/code_blocks.py`` runs every console block and writes what it printed back into the
page; ``tests/docs/test_code_blocks.py`` runs all blocks and compares.

In a ``console`` block a line that starts with ``$ `` is run by bash, the others are its output. All
``python`` blocks of a page share their names, in order. A block after ``<!-- not run: REASON -->``
is left alone; one after ``<!-- needs corpora -->`` runs where the recordings are.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOTE = re.compile(r"<!-- (not run: [^>]+|needs corpora) -->\n\Z")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page.

    Args:
        page: the Markdown file.
        line: of the block's first line of code, from 1.
        language: the word after the fence.
        code: the text between the fences.
        note: ``not run: ...``, ``needs corpora`` or nothing.
    """

    page: Path
    line: int
    language: str
    code: str
    note: str

    @property
    def name(self) -> str:
        """Where it stands, as ``docs/index.md:12``."""
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"


def pages() -> list[Path]:
    """Every page with code in it but two, whose scripts run what they show."""
    docs = REPOSITORY / "docs"
    written = [*sorted(docs.glob("*.md")), *sorted((docs / "models").glob("*.md"))]
    generated = {"benchmarks.md", "command_line.md"}
    return [
        REPOSITORY / "README.md",
        REPOSITORY / "CONTRIBUTING.md",
        *(page for page in written if page.name not in generated),
    ]


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        before = text[: found.start()]
        note = NOTE.search(before)
        line = before.count("\n") + 2
        yield Block(page, line, found[1], found[2], note[1] if note else "")


def commands(code: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output shown below it."""
    for part in re.split(r"^\$ ", code, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        end = 1
        while lines[end - 1].endswith("\\\n"):
            end += 1
        yield "".join(lines[:end]).rstrip("\n"), "".join(lines[end:])


def desk(folder: Path) -> Path:
    """A folder to run in, with what a clone has at hand: examples and recipes."""
    for name in ("examples", "recipes"):
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, folder / name)
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one command as a reader would, with this interpreter's ``voxtrait`` first."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def rewritten(page: Path, folder: Path) -> str:
    """The page with what its commands print now."""

    def again(found: re.Match[str]) -> str:
        if found[1] != "console" or NOTE.search(text[: found.start()]):
            return found[0]
        parts = []
        for command, shown in commands(found[2]):
            printed = run(command, folder).stdout.strip("\n") + "\n"
            parts.append(f"$ {command}\n{printed if shown else ''}")
        return "```console\n{}```".format("".join(parts))

    text = page.read_text(encoding="utf-8")
    return FENCE.sub(again, text)


def main() -> None:
    """Write what the commands of every page print now."""
    for page in pages():
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(rewritten(page, desk(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
