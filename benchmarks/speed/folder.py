"""Many short clips: one call for all of them beside a call for each."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from pathlib import Path

from speed.clock import Spent, Task, interleaved, ratio
from speed.section import Goal, Section
from voxtrait import Predictor

__all__ = ["measure", "to_section"]

LOOP, ONE, TWO = "a loop of single calls", "`predict_many`, one job", "`predict_many`, two jobs"
APART = "two processes, one job and half of the clips each"


def measure(predictor: Predictor, paths: Sequence[Path], rounds: int) -> Section:
    """Answer the same clips one by one, by one job and by two, and by two processes.

    Args:
        predictor: of all traits.
        paths: the clips.
        rounds: how often each.
    """

    def loop() -> None:
        for path in paths:
            predictor.predict(path)

    def many(jobs: int, paths: Sequence[Path] = paths) -> Task:
        return lambda: sum(1 for _ in predictor.predict_many(paths, jobs=jobs))

    apart = _in_processes([many(1, paths[::2]), many(1, paths[1::2])])
    tasks = {LOOP: loop, ONE: many(1), TWO: many(2), APART: apart}
    return to_section(interleaved(tasks, rounds), len(paths))


def to_section(spent: Mapping[str, Sequence[Spent]], count: int) -> Section:
    """The page's section.

    Args:
        spent: time of each round, by what was done.
        count: of the clips.
    """
    wall = {name: [run.wall for run in runs] for name, runs in spent.items()}
    cpu = {name: [run.cpu for run in runs] for name, runs in spent.items()}
    rows = [
        [name, str(ratio(wall[name], wall[LOOP])), str(ratio(cpu[name], cpu[LOOP]))]
        for name in (LOOP, ONE, TWO, APART)
    ]
    one, two = ratio(wall[ONE], wall[LOOP]), ratio(wall[ONE], wall[TWO])
    machine = ratio(wall[ONE], wall[APART])
    goals = [
        Goal(
            f"`predict_many` over {count:,} one-second clips with one job, time a clip beside a "
            "loop of single calls",
            "at most",
            1,
            "times",
            one.median,
            f"{one.low:.2f} to {one.high:.2f}",
        ),
        Goal(
            "the same with two jobs, how many times as fast as with one",
            "at least",
            1.7,
            "times",
            two.median,
            f"{two.low:.2f} to {two.high:.2f}; two processes reach {machine.median:.2f}",
        ),
    ]
    return Section(
        f"{count:,} clips of one second",
        "The same files answered for all traits, with speech detection, in turns. Time on the "
        "wall judges. What the machine's two cores give at most while this runs is told by two "
        "processes, forked once the models are loaded, which answer half of the clips each and "
        f"wait for nothing of one another: {machine} times as fast as one job.",
        ["how", "time, of the loop's", "CPU time, of the loop's"],
        rows,
        goals,
    )


def _in_processes(tasks: Sequence[Task]) -> Task:
    """Each task in a process of its own, at the same time."""
    fork = multiprocessing.get_context("fork")

    def run() -> None:
        started = [fork.Process(target=task) for task in tasks]
        for process in started:
            process.start()
        for process in started:
            process.join()
        if codes := [process.exitcode for process in started if process.exitcode]:
            raise RuntimeError(f"A process that answers clips ended with {codes[0]}.")

    return run
