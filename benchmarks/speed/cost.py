"""CPU time of every step on one thread, beside librosa and openSMILE."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import librosa

import voxtrait
from speed.clock import Ratio, Spent, Task, interleaved, ratio
from speed.recordings import RATE, Clip
from speed.section import Goal, Section
from voxtrait import Predictor, audio
from voxtrait.model_file import ModelFile
from voxtrait.runtime.batch import Batch
from voxtrait.runtime.registry import SPEECH, find, models
from voxtrait.runtime.windows import WindowCutter
from voxtrait.speech import SpeechDetector
from voxtrait.traits import TRAITS

__all__ = ["load_opensmile", "measure", "to_section"]

Step: TypeAlias = Callable[[Clip], object]

WHOLE = "`predict`: all traits, with speech detection"
LIBROSA = "`librosa.load` and `librosa.feature.mfcc`"
OPENSMILE = "eGeMAPS by openSMILE"
ALONE = "`predict`: {}, `small`, without speech detection"
ABSENT = "the package opensmile is not installed"


def measure(sets: Mapping[str, Sequence[Clip]], rounds: int) -> Section:
    """Measure every step for the same files.

    Args:
        sets: recordings of one length and rate each; what they are, to the recordings.
        rounds: how often each step is done for each set.
    """
    named = steps()
    spent = {
        what: interleaved({name: _over(step, clips) for name, step in named.items()}, rounds)
        for what, clips in sets.items()
    }
    seconds = {what: sum(clip.seconds for clip in clips) for what, clips in sets.items()}
    return to_section(spent, seconds)


def steps() -> dict[str, Step]:
    """Every step by its name: the parts, the whole, and what others do."""
    detector = SpeechDetector(find(SPEECH).load())
    whole = voxtrait.load()
    alone = {trait: voxtrait.load(trait, detect_speech=False) for trait in TRAITS}
    named: dict[str, Step] = {
        "reading": lambda clip: audio.read(clip.path),
        "resampling to 16 kHz": lambda clip: audio.resample(clip.waveform, clip.sample_rate, RATE),
        "speech detection": lambda clip: detector.segments(clip.at_16k),
    }
    for shipped in models():
        if shipped.name != SPEECH:
            named[f"model `{shipped.name}`"] = _network(shipped.load())
    for trait, predictor in alone.items():
        named[ALONE.format(trait)] = _answering(predictor)
    named[WHOLE] = _answering(whole)
    named[LIBROSA] = _librosa
    smile = load_opensmile()
    if smile is not None:
        named[OPENSMILE] = lambda clip: smile.process_file(str(clip.path))
    return named


def to_section(
    spent: Mapping[str, Mapping[str, Sequence[Spent]]], seconds: Mapping[str, float]
) -> Section:
    """The page's section.

    Args:
        spent: set to step to the time of each round.
        seconds: how much sound each set is.
    """
    names = list(next(iter(spent.values())))
    rows = [
        [name, *(_cell(by_step[name], by_step[LIBROSA], seconds[what])
                 for what, by_step in spent.items())]
        for name in names
    ]  # fmt: skip
    if OPENSMILE not in names:
        rows.append([OPENSMILE, *[ABSENT] * len(spent)])
    goals = [goal for what, by_step in spent.items() for goal in _goals(what, by_step)]
    return Section(
        "CPU time on one thread",
        "Real-time factor: CPU seconds for one second of sound, median; in brackets, as a multiple "
        "of librosa's two calls. Everything but the parts goes from a file to its result: "
        "`librosa.load` as it is called by default, at 22.05 kHz; openSMILE's 88 functionals at "
        "the file's own rate. Models are asked about the whole recording in windows.",
        ["step", *spent],
        rows,
        goals,
    )


def _goals(what: str, by_step: Mapping[str, Sequence[Spent]]) -> list[Goal]:
    cpu = {name: [run.cpu for run in runs] for name, runs in by_step.items()}
    alone = {name: ratio(cpu[name], cpu[LIBROSA]) for name in cpu if name in _alone_names()}
    slowest = max(alone, key=lambda name: alone[name].median)
    whole = ratio(cpu[WHOLE], cpu[LIBROSA])
    goals = [
        _goal(f"{slowest} (the slowest trait); beside librosa; {what}", "below", 1, alone[slowest]),
        _goal(f"{WHOLE}; beside librosa; {what}", "at most", 2, whole),
    ]
    last = f"{WHOLE}; beside {OPENSMILE}; {what}"
    if OPENSMILE in cpu:
        return [*goals, _goal(last, "at most", 0.2, ratio(cpu[WHOLE], cpu[OPENSMILE]))]
    return [*goals, Goal(last, "at most", 0.2, "times", None, ABSENT)]


def _goal(what: str, kind: Any, bound: float, found: Ratio) -> Goal:
    return Goal(what, kind, bound, "times", found.median, f"{found.low:.2f} to {found.high:.2f}")


def _alone_names() -> list[str]:
    return [ALONE.format(trait) for trait in TRAITS]


def _cell(runs: Sequence[Spent], librosas: Sequence[Spent], seconds: float) -> str:
    factor = sorted(run.cpu for run in runs)[len(runs) // 2] / seconds
    beside = ratio([run.cpu for run in runs], [run.cpu for run in librosas]).median
    return f"{factor:.5f} ({beside:.2f})"


def _over(step: Step, clips: Sequence[Clip]) -> Task:
    def task() -> None:
        for clip in clips:
            step(clip)

    return task


def _network(model: ModelFile) -> Step:
    """A model alone, asked about all of a recording as an answer would ask it."""
    window = model.card.window
    length, hop = round(window.seconds * RATE), round(window.hop * RATE)

    def step(clip: Clip) -> None:
        cutter, batch = WindowCutter(length, hop), Batch()
        for piece in [*cutter.push(clip.at_16k), *cutter.finish()]:
            batch.ask(model, piece, lambda _: None)
        batch.run()

    return step


def _answering(predictor: Predictor) -> Step:
    return lambda clip: predictor.predict(clip.path)


def _librosa(clip: Clip) -> object:
    waveform, rate = librosa.load(clip.path)
    return librosa.feature.mfcc(y=waveform, sr=rate)


def load_opensmile() -> Any:
    """EGeMAPS by openSMILE, or ``None`` where the package is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import opensmile
    except ImportError:
        return None
    return opensmile.Smile(
        opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals, num_workers=1
    )
