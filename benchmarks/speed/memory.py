"""Memory for recordings of many hours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from speed.child import python
from speed.section import Goal, Section
from voxtrait import audio

__all__ = ["Answered", "measure", "to_section", "write_long"]

RATE = 8_000
PAUSE = np.zeros(RATE // 2, np.float32)

# What Linux notes of this process alone; the figure of `getrusage` has the parent's in it.
CHILD = """\
import json, pathlib, resource, sys, time
import voxtrait
prediction = voxtrait.predict(sys.argv[1], max_seconds=1e6)
try:
    status = pathlib.Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
except (OSError, IndexError):
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print(json.dumps([peak, time.process_time(), prediction.duration_s]))
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one process that answered one recording used.

    Args:
        peak: bytes of memory, at most, that were resident at once.
        cpu: seconds.
        seconds: length of the recording.
    """

    peak: int
    cpu: float
    seconds: float


def measure(sources: Sequence[Path], folder: Path, long: float, short: float) -> Section:
    """Answer a short and a long recording, each in a process of its own.

    Args:
        sources: recordings of speech, said over and over.
        folder: takes the file: 29 MB an hour.
        long: seconds.
        short: seconds.
    """
    found = []
    for seconds in (short, long):
        path = folder / "long.wav"
        write_long(path, sources, seconds)
        found.append(answer(path))
        path.unlink()
    return to_section(*found)


def write_long(path: Path, sources: Sequence[Path], seconds: float) -> None:
    """A WAV file of mu-law at 8 kHz, one byte a sample: speech with pauses of half a second."""
    left = round(seconds * RATE)
    with soundfile.SoundFile(path, "w", RATE, 1, "ULAW") as file:
        for piece in _forever(sources):
            file.write(piece[:left])
            left -= len(piece[:left])
            if not left:
                return


def answer(path: Path) -> Answered:
    """Answer a recording in a process of its own."""
    return Answered(*json.loads(python("-c", CHILD, str(path))))


def to_section(short: Answered, long: Answered) -> Section:
    """The page's section from both processes."""
    rows = [
        [_duration(one.seconds), f"{one.peak / 1e6:.0f} MB", f"{one.cpu / one.seconds:.5f}"]
        for one in (short, long)
    ]
    goal = Goal(
        f"peak memory of a process that answers {_duration(long.seconds)} of speech",
        "below",
        250,
        "MB",
        long.peak / 1e6,
        f"{short.peak / 1e6:.0f} MB for {_duration(short.seconds)}",
    )
    return Section(
        "Long recordings",
        "One file, mu-law at 8 kHz, answered from its path for all traits with speech detection, "
        "in a process of its own; Python and the libraries are part of its memory.",
        ["length", "peak memory", "real-time factor, whole process"],
        rows,
        [goal],
    )


def _forever(sources: Sequence[Path]) -> Iterator[NDArray[np.float32]]:
    pieces = [np.concatenate([audio.resample(*audio.read(path), RATE), PAUSE]) for path in sources]
    while True:
        yield from pieces


def _duration(seconds: float) -> str:
    if seconds >= 3600:
        return f"{seconds / 3600:g} h"
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"
