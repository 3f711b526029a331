"""Many short clips: one call for all of them beside a call for each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from speed.clock import Spent, Task, interleaved, ratio
from speed.section import Goal, Section
from voxtrait import Predictor

__all__ = ["measure", "to_section"]

LOOP, ONE, TWO = "a loop of single calls", "`predict_many`, one job", "`predict_many`, two jobs"
HASH_ONE, HASH_TWO = "hashing in one thread", "hashing in two threads"
# Long enough to notice another process that wants the second core.
HASHED = bytes(100_000_000)


def measure(predictor: Predictor, paths: Sequence[Path], rounds: int) -> Section:
    """Answer the same clips one by one, by one job and by two.

    Args:
        predictor: of all traits.
        paths: the clips.
        rounds: how often each.
    """

    def loop() -> None:
        for path in paths:
            predictor.predict(path)

    def many(jobs: int) -> Task:
        return lambda: sum(1 for _ in predictor.predict_many(paths, jobs=jobs))

    tasks = {LOOP: loop, ONE: many(1), TWO: many(2), HASH_ONE: _hashing(1), HASH_TWO: _hashing(2)}
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
        for name in (LOOP, ONE, TWO)
    ]
    one, two = ratio(wall[ONE], wall[LOOP]), ratio(wall[ONE], wall[TWO])
    machine = ratio(wall[HASH_ONE], wall[HASH_TWO])
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
            f"{two.low:.2f} to {two.high:.2f}; two threads that only hash reach "
            f"{machine.median:.2f}",
        ),
    ]
    return Section(
        f"{count:,} clips of one second",
        "The same files answered for all traits, with speech detection, in turns. Time on the "
        "wall judges. What two cores can give at most while this runs is told by two threads that "
        f"hash, and share nothing: {machine} times as fast as one.",
        ["how", "time, of the loop's", "CPU time, of the loop's"],
        rows,
        goals,
    )


def _hashing(threads: int) -> Task:
    """The same amount of work shared by threads; hashing lets go of the interpreter's lock."""

    def run() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(hashlib.sha256, [HASHED, HASHED]))

    return run
