"""From the start of a process to the answer for one clip."""

from __future__ import annotations

import sys
from pathlib import Path

from speed.child import python
from speed.clock import Ratio, Spent, Task, interleaved, ratio
from speed.section import Goal, Section

__all__ = ["measure"]

IMPORTS = "import numpy, onnxruntime, soundfile, soxr"
ANSWER = "import sys, voxtrait; voxtrait.predict(sys.argv[1])"
ALONE = "`python`: the four imports alone"
GOALS = {"`python`": 1.5, "`voxtrait predict`": 1.9}


def measure(clips: dict[str, Path], rounds: int) -> Section:
    """Compare processes that answer with one that only imports what every answer needs.

    Args:
        clips: recordings of one second; what each is, to its path.
        rounds: how often each process is started.
    """
    tasks: dict[str, Task] = {ALONE: _process("-c", IMPORTS)}
    for what, path in clips.items():
        tasks[f"`python`: {what}"] = _process("-c", ANSWER, str(path))
        tasks[f"`voxtrait predict`: {what}"] = _process(*_command(), "predict", str(path))
    return to_section(interleaved(tasks, rounds))


def to_section(spent: dict[str, list[Spent]]) -> Section:
    """The page's section from the time that each process took."""
    walls: dict[str, Ratio] = {}
    rows = []
    alone = spent[ALONE]
    for name, runs in spent.items():
        walls[name] = ratio([run.wall for run in runs], [run.wall for run in alone])
        cpu = ratio([run.cpu for run in runs], [run.cpu for run in alone])
        rows.append([name, str(walls[name]), str(cpu)] if name != ALONE else [name, "1", "1"])
    goals = []
    for start, bound in GOALS.items():
        # Every clip must be within the bound.
        name = max(
            (name for name in spent if name.startswith(f"{start}: ") and name != ALONE),
            key=lambda name: walls[name].median,
        )
        worst = walls[name]
        what = f"start of a process to the answer, beside the four imports; {name}"
        note = f"{worst.low:.2f} to {worst.high:.2f}"
        goals.append(Goal(what, "at most", bound, "times", worst.median, note))
    return Section(
        "Start of a process to the answer for one clip",
        "Each process against one that imports numpy, onnxruntime, soundfile and soxr and ends, "
        "both with `ORT_DISABLE_TELEMETRY=1`, started in turns. Time on the wall judges; CPU time "
        "stands beside it.",
        ["process", "time, of the imports'", "CPU time, of the imports'"],
        rows,
        goals,
    )


def _process(*arguments: str) -> Task:
    return lambda: python(*arguments)


def _command() -> list[str]:
    """The installed command, as a user starts it, or else the same by its module."""
    script = Path(sys.executable).with_name("voxtrait")
    return [str(script)] if script.exists() else ["-m", "voxtrait"]
