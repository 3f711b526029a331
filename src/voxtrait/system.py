"""What this machine and its packages say, in words and numbers."""

from __future__ import annotations

import errno

__all__ = ["DISK_IS_FULL", "first_line", "install_line", "shown"]

# What the system says then. A quota and a limit on a file's size stop a write as a full disk does.
DISK_IS_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


def first_line(error: BaseException) -> str:
    """What an error of somebody else's says, short enough for a sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]


def shown(name: str) -> str:
    """A file's name without what would move a terminal's cursor or cannot be printed."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in name
    )


def install_line(extra: str) -> str:
    """The command that installs what an extra consists of, wherever voxtrait itself came from."""
    from importlib import metadata

    mark = f"extra == '{extra}'"
    try:
        asked = [one.partition(";") for one in metadata.requires("voxtrait") or []]
    except metadata.PackageNotFoundError:  # copied, not installed
        asked = []
    packages = [f"'{name.strip()}'" for name, _, rule in asked if mark in rule.replace('"', "'")]
    line = " ".join(["pip install", *(packages or [f"'voxtrait[{extra}]'"])])
    torch = any(package.startswith("'torch") for package in packages)
    # Without a choice pip takes gigabytes of CUDA.
    return f"{line} (choose a build of torch first: docs/recipes.md says how)" if torch else line
