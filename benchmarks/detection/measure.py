"""One recording, answered by the runtime and by every detector, as one row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detection.elsewhere import SNRS, WORD, elsewhere, with_noise
from detection.hearing import hear
from detection.rivals import HOP, Rival
from detection.usable import fault
from voxtrait.corpora import Utterance
from voxtrait.corpora.noise import HUMAN
from voxtrait.errors import AudioError, NoSpeech
from voxtrait.evaluation.acoustics import telephone
from voxtrait.model_file import ModelFile
from voxtrait.runtime import Predictor
from voxtrait.speech import SAMPLE_RATE, SpeechDetector
from voxtrait.training.energy import speech_frames
from voxtrait.training.materials import read_16k

__all__ = ["ALONE", "CLEAN", "OURS", "Row", "measure"]

OURS = "voxtrait"
CLEAN, ALONE = "clean", "noise alone"
Flags = NDArray[np.bool_]
Judge = Callable[[NDArray[np.float32]], Flags]


@dataclass(frozen=True)
class Row:
    """What was measured on one recording.

    Args:
        path: its file and the folder of it.
        corpus, speaker, kind, category: as the corpus has them.
        side: ``test`` or ``validation``, of the fold whose detector was asked.
        seconds: how long it is.
        fault: why it cannot be asked for an answer; see `detection.usable`.
        heard: seconds of speech at each of `detection.hearing.SURES`.
        telephone: the same, of speech too long to be one word, down a telephone.
        answered: traits that the runtime answered; on the test side only, as all below.
        speech_s: seconds of speech that the runtime found.
        error: type of error in place of an answer.
        counts: condition to detector to frames: speech found, speech, falsely found, no speech.
        elsewhere: seconds of speech that the runtime's rules find when something is done to it.
        agreed: detector to frames on which it says the same as ours, and frames, as recorded.
    """

    path: str
    corpus: str
    speaker: str
    kind: str
    category: str
    side: str
    seconds: float
    fault: str
    heard: list[float]
    telephone: list[float]
    answered: list[str] = field(default_factory=list)
    speech_s: float = 0.0
    error: str = ""
    counts: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    agreed: dict[str, list[int]] = field(default_factory=dict)
    elsewhere: dict[str, float] = field(default_factory=dict)

    @property
    def human(self) -> bool:
        """A noise with human voices in it, though nobody speaks."""
        return self.category in HUMAN


def measure(
    model: ModelFile,
    traits: Sequence[ModelFile],
    rows: Mapping[str, Iterable[Utterance]],
    others: Sequence[Rival],
    output: Path,
    progress: Callable[[int, int], None],
) -> list[Row]:
    """A row for each recording; those that ``output`` holds already are not measured again.

    Args:
        model: the detector.
        traits: models that are asked behind it; only whether they answer counts.
        rows: ``test`` and ``validation`` to the recordings of each side.
        others: what it is compared with.
        output: JSON Lines.
        progress: called with recordings done and recordings in all.
    """
    detector = SpeechDetector(model)
    predictor = Predictor(traits, detector)
    judges: dict[str, Judge] = {
        OURS: lambda sound: detector.probabilities(sound) >= detector.threshold
    }
    judges |= {o.name: o.flags for o in others if o.flags is not None and o.judged}
    done = {(row.side, row.path, row.speaker): row for row in _read(output)}
    wanted = [(side, u) for side, some in rows.items() for u in some if u.kind != "room"]
    noises = [u for u in rows["test"] if u.kind in ("noise", "music") and u.category not in HUMAN]
    rooms = [u for u in rows["test"] if u.kind == "room"]
    measured = []
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("a", encoding="utf-8") as file:
        for number, (side, utterance) in enumerate(wanted, start=1):
            row = done.get((side, _name(utterance), utterance.speaker_id))
            if row is None:
                waveform = read_16k(utterance.path)
                row = _row(side, utterance, waveform, detector)
                if side == "test":
                    compared = _compared(utterance, waveform, noises, judges)
                    moved = elsewhere(detector, utterance, waveform, noises, rooms)
                    answer = _answer(predictor, utterance.path)
                    row = Row(**{**asdict(row), **compared, "elsewhere": moved, **answer})
                file.write(json.dumps(asdict(row)) + "\n")
                file.flush()
            measured.append(row)
            progress(number, len(wanted))
    return measured


def _read(path: Path) -> Iterator[Row]:
    """Rows of an earlier run; a last line that was cut short is measured again."""
    if not path.exists():
        return
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, encoding="utf-8")
    for line in whole.splitlines():
        yield Row(**json.loads(line))


def _row(side: str, u: Utterance, waveform: NDArray[np.float32], detector: SpeechDetector) -> Row:
    sentence = u.kind == "speech" and len(waveform) > WORD * SAMPLE_RATE
    return Row(
        path=_name(u),
        corpus=u.corpus,
        speaker=u.speaker_id,
        kind=u.kind,
        category=u.category,
        side=side,
        seconds=round(len(waveform) / SAMPLE_RATE, 3),
        fault=fault(u, waveform),
        heard=hear(detector, waveform),
        telephone=hear(detector, telephone(waveform)) if sentence else [],
    )


def _name(utterance: Utterance) -> str:
    """File and folder: Speech Commands has files of one name in the folders of several words."""
    return "/".join(utterance.path.parts[-2:])


def _answer(predictor: Predictor, path: Path) -> dict[str, Any]:
    """What the runtime says of a file, as a user would ask it."""
    try:
        found = predictor.predict(path)
    except NoSpeech as error:
        return {"error": "NoSpeech", "speech_s": round(error.speech_s, 3)}
    except AudioError as error:
        return {"error": type(error).__name__}
    return {"answered": list(found.traits), "speech_s": round(found.speech_s, 3)}


def _compared(
    utterance: Utterance,
    waveform: NDArray[np.float32],
    noises: Sequence[Utterance],
    judges: Mapping[str, Judge],
) -> dict[str, Any]:
    """Frames right and wrong by the energy labels of the recording as it is, and agreement."""
    flags = {name: judge(waveform) for name, judge in judges.items()}
    agreed = {
        name: [int((other == flags[OURS]).sum()), len(other)]
        for name, other in flags.items()
        if name != OURS
    }
    if utterance.category in HUMAN:
        return {"agreed": agreed}  # neither speech nor the lack of it
    if utterance.kind != "speech":
        none = np.zeros(1 + len(waveform) // HOP, bool)
        return {"agreed": agreed, "counts": {ALONE: _count(flags, none)}}
    truth = speech_frames(waveform)
    counts = {CLEAN: _count(flags, truth)}
    for snr in SNRS:
        mixed = with_noise(utterance, waveform, noises, snr)
        heard = {name: judge(mixed) for name, judge in judges.items()}
        counts[f"{snr:g} dB"] = _count(heard, truth)
    return {"agreed": agreed, "counts": counts}


def _count(flags: Mapping[str, Flags], truth: Flags) -> dict[str, list[int]]:
    return {
        name: [int(f.sum()) for f in (found & truth, truth, found & ~truth, ~truth)]
        for name, found in flags.items()
    }
