"""How well and how fast speech is found, over five folds by speaker and source recording.

``python benchmarks/speech.py --corpora DIR`` trains the recipe once a fold, asks each detector
about the speakers and noises that it never heard, and writes ``docs/speech_detection.md``, and
``speech.json`` beside the folds. A killed run goes on where it stopped. With ``--measured FILE``
nothing is trained or measured: the page is written again from such a ``speech.json``.

Silero's ONNX files are not part of this project: `pip download --no-deps silero-vad`, unzip
``silero_vad_16k_sequence.onnx`` and ``silero_vad_16k_op15.onnx`` from the wheel into a folder, and
name it with ``--silero``. webrtcvad and ten-vad are measured where they can be imported. With
``--without-voice DIR`` recordings in which nobody speaks are asked about too, such as those that
``benchmarks/instruments.py`` makes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray

from detection.cost import LONG, SHORT, cost, of_length
from detection.examples import examples
from detection.fold import about, as_shipped, asked, detector_of, least_speech, rules, sides
from detection.measure import OURS, measure
from detection.page import page
from detection.result import result
from detection.rivals import Rival, rivals
from detection.without_voice import ask, by_folder, recordings
from voxtrait.errors import VoxtraitError
from voxtrait.evaluation.figures import plain
from voxtrait.evaluation.machine import machine
from voxtrait.model_file import ModelFile
from voxtrait.speech import SpeechDetector
from voxtrait.training.folds import folds
from voxtrait.training.materials import read_16k
from voxtrait.training.recipe import load_recipe
from voxtrait.training.train import Options
from voxtrait.whole_file import write_whole

REPOSITORY = Path(__file__).parents[1]
RECIPES = REPOSITORY / "recipes"
PAGE = REPOSITORY / "docs" / "speech_detection.md"


def main(argv: list[str] | None = None) -> int:
    """Train what is not trained, measure what is not measured, write the page."""
    options = arguments().parse_args(argv)
    if options.measured:
        write_page(json.loads(options.measured.read_text(encoding="utf-8")), options.page)
        return 0
    if options.without_voice and not recordings(options.without_voice):
        print(f"There is no .wav file below {options.without_voice}.", file=sys.stderr)
        return 3
    torch.set_num_threads(1)
    try:
        benchmark(options)
    except VoxtraitError as error:
        print(f"{error}\n{error.hint}", file=sys.stderr)
        return error.exit_code
    return 0


def arguments() -> argparse.ArgumentParser:
    """What can be given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    corpora = os.environ.get("VOXTRAIT_CORPORA", "../shared/corpora")
    parser.add_argument("--corpora", type=Path, default=Path(corpora), metavar="DIR")
    parser.add_argument("--recipe", type=Path, default=RECIPES / "speech.toml")
    parser.add_argument("--set", action="append", default=[], metavar="a.b=value", dest="changes")
    parser.add_argument("--cache", type=Path, default=Path(".voxtrait/prepared"), metavar="DIR")
    parser.add_argument("--output", type=Path, default=Path("runs/speech"), metavar="DIR")
    parser.add_argument("--silero", type=Path, default=Path(".voxtrait/silero"), metavar="DIR")
    parser.add_argument("--without-voice", type=Path, metavar="DIR", help="nobody speaks in these")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--sure", type=float, help="in place of the cards'")
    parser.add_argument("--measured", type=Path, metavar="FILE", help="only write the page")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write")
    return parser


def benchmark(options: argparse.Namespace) -> None:
    """All of it; see the module."""
    recipe = load_recipe(options.recipe, options.changes)
    places = Options(
        corpora=options.corpora, cache=options.cache, device="cpu", resume=True, report=say
    )
    others = rivals(options.silero)
    plan = list(folds(recipe, options.folds, places))
    least = least_speech()
    shortest = min(least.values())
    rows, shown, elsewhere = [], [], []
    for fold in plan:
        folder = options.output / fold.name
        model = detector_of(fold, folder, places, options.sure)
        output = folder / f"rows_{rules(model.card)}.jsonl"
        rows += measure(model, asked(), sides(fold), others, output, partial(say, fold.name))
        shown += examples(fold, folder, model.card.threshold)
        if options.without_voice:
            elsewhere += ask(SpeechDetector(model), options.without_voice, shortest)
    sounds = [read_16k(row.path) for row in fold.test if row.kind == "speech"]
    found = result(rows, shown, shortest) | {
        "least": least,
        "without_voice": by_folder(elsewhere),
        "machine": machine(),
        "recipe": recipe.name,
        "changes": given(options),
        "folds": len(plan),
        "model": about(model),
        "cost": costs(model, others, sounds),
        "missing": {other.name: other.missing for other in others if other.flags is None},
    }
    found = plain(found)
    write_whole(options.output / "speech.json", f"{json.dumps(found, indent=1)}\n".encode())
    write_page(found, options.page)


def write_page(found: Mapping[str, Any], path: Path) -> None:
    """The page of what was measured; the size is that of the file that ships, where it is there."""
    write_whole(path, page({**found, "model": as_shipped(found["model"])}).encode())
    print(path)


def given(options: argparse.Namespace) -> list[str]:
    """What was asked for beyond the recipe, as it would be typed."""
    changes = [f"--set {change}" for change in options.changes]
    changes += ["--without-voice DIR"] if options.without_voice else []
    return changes + ([] if options.sure is None else [f"--sure {options.sure:g}"])


def costs(
    model: ModelFile, others: Sequence[Rival], sounds: Sequence[NDArray[Any]]
) -> dict[str, dict[str, float]]:
    """CPU seconds a second of audio: detector to span of lengths to figure."""
    detector = SpeechDetector(model)
    detectors = {f"{OURS}, frames": detector.probabilities, f"{OURS}, segments": detector.segments}
    detectors |= {other.name: other.flags for other in others if other.flags is not None}
    spans = {
        "long": cost(detectors, of_length(sounds, LONG, most=12)),
        "short": cost(detectors, of_length(sounds, SHORT, most=100)),
    }
    return {name: {span: spans[span][name] for span in spans} for name in detectors}


def say(stage: str, done: int, total: int, figures: Mapping[str, float] | None = None) -> None:
    """Progress, on standard error: each epoch, each hundredth recording."""
    if stage == "training" or done % 100 == 0:
        values = " ".join(f"{name} {value:g}" for name, value in (figures or {}).items())
        print(f"{stage} {done}/{total} {values}".rstrip(), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
