"""All figures of the page as plain values, out of the rows of every fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from detection.elsewhere import WORD
from detection.examples import Example
from detection.figures import (
    LEAST_NOISE,
    MOST_REFUSED,
    agreement,
    choose,
    frames,
    grouped,
    is_noise,
    refused,
    share,
    silent,
)
from detection.measure import OURS, Row
from detection.usable import RULE

__all__ = ["result"]

VOICE, DIGIT = ("gender", "age"), ("digit",)


def result(rows: Sequence[Row], shown: Sequence[Example], least: float) -> dict[str, Any]:
    """Figures pooled over the folds; shares are the values of `detection.figures.Share`.

    Args:
        rows: of both sides; validation only chooses the card's ``sure``.
        shown: the prepared examples.
        least: seconds of speech from which there is an answer.
    """
    test = [row for row in rows if row.side == "test"]
    spoken = [row for row in test if row.kind == "speech"]
    usable = [row for row in spoken if not row.fault]
    noises = [row for row in test if row.kind != "speech"]
    best, choices = choose([row for row in rows if row.side == "validation"], least)
    return {
        "corpora": {name: _about(some) for name, some in grouped(test, lambda row: row.corpus)},
        "goals": {
            "noise": {"least": LEAST_NOISE, **asdict(silent(filter(is_noise, noises)))},
            "refused": {"most": MOST_REFUSED, **asdict(refused(usable, (*VOICE, *DIGIT)))},
        },
        "examples": _examples(shown),
        "conditions": _conditions(test),
        "clean_by_corpus": {
            name: _plain(frames(some, "clean"))
            for name, some in grouped(spoken, lambda r: r.corpus)
        },
        "agreement": _agreement(test),
        "noise": _noise(noises),
        "spoken": {
            name: {
                "any": asdict(refused(some, (*VOICE, *DIGIT))),
                "voice": asdict(refused(some, VOICE)),
            }
            for name, some in grouped(usable, lambda row: row.corpus)
        },
        "refused": [_clip(row) for row in usable if not row.answered],
        "failed": [_clip(row) for row in test if row.error not in ("", "NoSpeech")],
        "rule": RULE,
        "left_out": [_clip(row) for row in spoken if row.fault],
        "elsewhere": _elsewhere(usable, noises),
        "sures": {
            "recommended": best.sure,
            "validation": [asdict(choice) for choice in choices],
            "test": [asdict(choice) for choice in choose(test, least)[1]],
        },
    }


def _about(rows: Sequence[Row]) -> dict[str, float]:
    return {
        "clips": len(rows),
        "speakers": len({row.speaker for row in rows}),
        "hours": round(sum(row.seconds for row in rows) / 3600, 3),
    }


def _examples(shown: Sequence[Example]) -> list[dict[str, Any]]:
    """Error, hits and false alarms of the prepared examples, by kind."""
    kinds = {
        "voices between pauses, as recorded": lambda e: not e.augmented and e.corpus != "noise",
        "voices between pauses, augmented": lambda e: e.augmented and e.corpus != "noise",
        "noise, as recorded": lambda e: not e.augmented and e.corpus == "noise",
        "noise, augmented": lambda e: e.augmented and e.corpus == "noise",
    }
    found = []
    for name, wanted in kinds.items():
        some = [(e.speaker, *e.counts) for e in shown if wanted(e)]
        values = {
            "error": share((who, s - h + a, s + n) for who, h, s, a, n in some),
            "hits": share((who, h, s) for who, h, s, _, _ in some),
            "alarms": share((who, a, n) for who, _, _, a, n in some),
        }
        found.append({"name": name, "examples": len(some), **_plain(values)})
    return found


def _conditions(test: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Condition to detector to figures of its frames."""
    names = dict.fromkeys(name for row in test for name in row.counts)
    detectors = dict.fromkeys(d for row in test for counts in row.counts.values() for d in counts)
    order = sorted(names, key=lambda name: name == "noise alone")
    return {
        condition: {detector: _plain(frames(test, condition, detector)) for detector in detectors}
        for condition in order
    }


def _agreement(test: Sequence[Row]) -> dict[str, dict[str, Any]]:
    detectors = dict.fromkeys(name for row in test for name in row.agreed if name != OURS)
    return {
        detector: {
            name: asdict(agreement(some, detector))
            for name, some in grouped(test, lambda r: r.corpus)
        }
        for detector in detectors
    }


def _noise(noises: Sequence[Row]) -> dict[str, Any]:
    """Noises that the goal counts by category, those with a voice apart, music one by one."""
    kept = [row for row in noises if is_noise(row)]
    human = [row for row in noises if row.human]
    music = [row for row in noises if row.kind == "music" and not row.human]
    return {
        "categories": {n: asdict(silent(some)) for n, some in grouped(kept, lambda r: r.category)},
        "human": {n: asdict(silent(some)) for n, some in grouped(human, lambda r: r.category)},
        "music": [_clip(row) for row in music],
        "answered": [_clip(row) for row in kept if row.answered],
    }


def _elsewhere(usable: Sequence[Row], noises: Sequence[Row]) -> list[dict[str, Any]]:
    """Recordings in which no speech is found, by what was done to them."""
    words = [row for row in usable if row.seconds <= WORD]
    longer = [row for row in usable if row.seconds > WORD]
    kept = [row for row in noises if is_noise(row)]
    kinds = {"words up to 1.5 s": words, "longer speech": longer, "noises": kept}
    found = []
    for kind, some in kinds.items():
        for name in dict.fromkeys(name for row in some for name in row.elsewhere):
            pairs = [
                (r.speaker, int(not r.elsewhere[name]), 1) for r in some if name in r.elsewhere
            ]
            found.append({"kind": kind, "name": name, **asdict(share(pairs))})
    return found


def _clip(row: Row) -> dict[str, Any]:
    return {
        "corpus": row.corpus,
        "path": row.path,
        "speaker": row.speaker,
        "category": row.category,
        "seconds": row.seconds,
        "speech_s": row.speech_s,
        "answered": row.answered,
        "why": row.fault or row.error,
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: asdict(value) for name, value in values.items()}
