"""How fast voxtrait answers, beside the libraries it stands on and others of its kind.

``python benchmarks/runtime.py`` measures all of it in one run, prints the page and writes it to
``docs/benchmarks.md``; ``--quick`` only tries the script. Needs librosa; openSMILE's row is filled
where the package opensmile is installed (``pip install opensmile``: for research only).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import voxtrait
from speed import cost, folder, memory, start
from speed.page import to_page, versions
from speed.recordings import (
    RATE,
    Clip,
    cut_clips,
    nine_seconds,
    one_second,
    save,
    sources,
)
from speed.section import Section

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured; see the modules of ``speed``."""

    start_rounds: int = 41
    cost_rounds: int = 11
    long_clips: int = 8
    short_clips: int = 40
    folder_rounds: int = 11
    folder_clips: int = 1000
    long: float = 36_000
    short: float = 600


QUICK = Effort(1, 1, 1, 2, 1, 20, 60, 20)


def measure(effort: Effort, place: Path) -> tuple[str, list[Section]]:
    """Measure all parts, in an empty folder for what has to be written."""
    what, sentences, words = sources()
    predictor = voxtrait.load()
    nine, one = nine_seconds(sentences), one_second(words)
    count = effort.long_clips
    sets: dict[str, list[Clip]] = {
        "9 s at 16 kHz": list(cut_clips(nine, place / "nine", predictor, count)),
        "9 s at 48 kHz": list(cut_clips(nine, place / "high", predictor, count, 48_000)),
        "1 s at 16 kHz": list(cut_clips(one, place / "one", predictor, effort.short_clips)),
    }
    clip = sets["1 s at 16 kHz"][0]
    compressed = place / "clip.flac"
    save(compressed, clip.at_16k, RATE)
    say("start of a process")
    started = start.measure({"WAV": clip.path, "FLAC": compressed}, effort.start_rounds)
    say("CPU time")
    costs = cost.measure(sets, effort.cost_rounds)
    say("many clips")
    many = cut_clips(one, place / "many", predictor, effort.folder_clips)
    folders = folder.measure(predictor, [clip.path for clip in many], effort.folder_rounds)
    say("long recordings")
    hours = memory.measure(sentences[:50], place, effort.long, effort.short)
    return what, [started, costs, folders, hours]


def say(part: str) -> None:
    """Tell whoever waits what is being measured."""
    print(f"Measuring: {part}", file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="try the script; figures mean nothing")
    parser.add_argument("--output", type=Path, default=PAGE, help="the page; docs/benchmarks.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        effort = QUICK if arguments.quick else Effort()
        what, sections = measure(effort, Path(place))
    page = to_page(sections, what, versions(), quick=arguments.quick)
    print(page, end="")
    beside = arguments.output.with_name(f".{arguments.output.name}.part")
    beside.write_text(page, encoding="utf-8")
    beside.replace(arguments.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
