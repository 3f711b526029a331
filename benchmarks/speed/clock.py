"""Time spent, measured so that a busy machine does least harm."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Ratio", "Spent", "Task", "interleaved", "ratio", "spend"]

Task: TypeAlias = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that one task took.

    Args:
        wall: by the clock on the wall.
        cpu: of all threads of this process, and of the processes it started and awaited.
    """

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long one task took as another: median and quartiles over the rounds."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


def spend(task: Task) -> Spent:
    """Do a task once."""
    wall, own, children = time.perf_counter(), time.process_time(), _children()
    task()
    return Spent(time.perf_counter() - wall, time.process_time() - own + _children() - children)


def interleaved(tasks: Mapping[str, Task], rounds: int) -> dict[str, list[Spent]]:
    """Do tasks in turn, so that what else the machine does falls on all of them alike.

    A first round, in which files, code and tables come into memory, is not counted. Each round
    begins with another task.

    Args:
        tasks: by name.
        rounds: that are counted, at least 1.

    Returns:
        One ``Spent`` a round and task, in the order of the rounds.
    """
    for task in tasks.values():
        task()
    names = list(tasks)
    found: dict[str, list[Spent]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            found[name].append(spend(tasks[name]))
    return found


def ratio(those: Sequence[float], these: Sequence[float]) -> Ratio:
    """``those`` as multiples of ``these``, round by round.

    Raises:
        ValueError: not as many of one as of the other, or none.
    """
    each = sorted(a / b for a, b in zip(those, these, strict=True))
    if len(each) < 2:
        return Ratio(*each * 3)
    low, median, high = statistics.quantiles(each, n=4, method="inclusive")
    return Ratio(median, low, high)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
