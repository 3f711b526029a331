"""The page ``docs/benchmarks.md``."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence

from speed.section import Section, table
from voxtrait.evaluation.machine import machine

__all__ = ["to_page", "versions"]

COMPARED = ("soundfile", "soxr", "librosa", "opensmile")
HEAD = (
    "# Benchmarks\n\n`python benchmarks/runtime.py` measures on one thread, in one run, and writes "
    "this page; no figure is typed. Use ratios, not times: they depend on the machine. What is "
    "compared was done in turns, round by round: a ratio is the median over the rounds, and its "
    "quartiles stand behind it. Gender is perceived gender, as the corpora label it."
)
QUICK = "**Written by a quick run, which tries the script: the figures mean nothing.**"


def versions() -> dict[str, str]:
    """What was measured, and on what."""
    found = {name: str(value) for name, value in machine().items()}
    for name in COMPARED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def to_page(
    sections: Sequence[Section], recordings: str, about: Mapping[str, str], *, quick: bool = False
) -> str:
    """The whole page, ending with a line break.

    Args:
        sections: the parts that were measured.
        recordings: what they were measured with.
        about: machine and versions, by name.
        quick: say that the figures mean nothing.
    """
    goals = [goal.cells() for section in sections for goal in section.goals]
    measured = [
        f"* Recordings: {recordings}, as WAV files of 16 bit.",
        f"* {about['system']}, {about['processor']}, {about['cores']} cores; "
        + ", ".join(
            f"{name} {value}"
            for name, value in about.items()
            if name not in ("system", "processor", "cores")
        )
        + ".",
    ]
    parts = [
        HEAD,
        *([QUICK] if quick else []),
        "\n".join(measured),
        f"## Goals\n\n{table(['what', 'goal', 'result', ''], goals)}",
        *(section.to_markdown() for section in sections),
    ]
    return "\n\n".join(parts) + "\n"
