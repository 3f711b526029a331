"""Write ``docs/command_line.md`` from the ``--help`` of every command; ``--check`` only compares.

Run it as ``python docs/generate_help.py`` after a change to a command, an option or its help.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

PAGE = Path(__file__).parent / "command_line.md"
HEAD = """# Command line

<!-- Written by docs/generate_help.py from the commands themselves; do not edit. -->

Data goes to standard output, everything else to standard error. `NO_COLOR` is obeyed.
`voxtrait --install-completion` teaches the shell to complete.

| exit code | meaning |
| --- | --- |
| 0 | everything was answered |
| 1 | some inputs failed, others were answered |
| 2 | the call itself is wrong |
| 3 | no input could be read, or nobody speaks in it |
| 4 | a model file, recipe, corpus, manifest or run is wrong |
| 5 | something is missing on this machine: an extra, a device, room on the disk |
| 70 | a fault of voxtrait itself |
| 130 | interrupted |
| 141 | whoever read the output is gone |
"""


def help_of(*command: str) -> str:
    """What ``voxtrait COMMAND --help`` prints, 80 columns wide whatever the terminal."""
    from voxtrait.cli.app import main

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main([*command, "--help"])
    return "\n".join(line.rstrip() for line in printed.getvalue().strip().splitlines())


def commands() -> list[tuple[str, ...]]:
    """Every command in the order of the help, a group before its own commands."""
    from voxtrait.cli.app import COMMANDS, load_command

    found: list[tuple[str, ...]] = [()]
    for name in COMMANDS:
        found.append((name,))
        found += [(name, inner) for inner in getattr(load_command(name), "commands", {})]
    return found


def page() -> str:
    """The whole page."""
    sections = [HEAD]
    for command in commands():
        title = " ".join(("voxtrait", *command))
        sections.append(f"## `{title}`\n\n```text\n{help_of(*command)}\n```\n")
    return "\n".join(sections)


def main() -> int:
    """Write the page, or with ``--check`` say whether it is current."""
    os.environ["COLUMNS"] = "80"
    # The completion options name the shell they were found in; the page must not.
    os.environ["SHELL"] = "/bin/sh"
    text = page()
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE} is not current: run python docs/generate_help.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
