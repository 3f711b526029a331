"""Processes of their own, such as a user would start."""

from __future__ import annotations

import os
import subprocess
import sys

__all__ = ["python"]


def python(*arguments: str) -> str:
    """Run Python to its end and give what it printed.

    Args:
        arguments: behind ``python``.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    environment = {**os.environ, "ORT_DISABLE_TELEMETRY": "1"}
    # An installed package has its byte code beside it; without, every start would compile it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=environment
    ).stdout
