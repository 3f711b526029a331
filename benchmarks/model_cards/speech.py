"""Measurements of the speech detector, for its card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from model_cards.results import plain
from voxtrait.evaluation.cells import percent, ranged, table

__all__ = ["kept", "measurements"]

KEPT = (
    "corpora",
    "goals",
    "examples",
    "conditions",
    "clean_by_corpus",
    "spoken",
    "sures",
    "elsewhere",
)
OURS = "voxtrait"


def kept(found: Mapping[str, Any]) -> dict[str, Any]:
    """What of ``speech.json`` is committed."""
    values = {key: found[key] for key in (*KEPT, "folds", "machine")}
    values["conditions"] = {
        name: {OURS: detectors[OURS]} for name, detectors in found["conditions"].items()
    }
    values["noise"] = {key: found["noise"][key] for key in ("categories", "human")}
    return values


def measurements(found: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Headings and tables of the detector."""
    goals = found["goals"]
    corpora = ", ".join(
        f"{plain(name)} ({row['speakers']} speakers or sources, {row['clips']} clips, "
        f"{row['hours']:.2f} h)"
        for name, row in found["corpora"].items()
    )
    split = f"{found['folds']} folds by speaker and source recording, pooled over the test sides"
    more = "More, beside other detectors and with its cost, on"
    yield "Split", f"{split}: {corpora}. {more} [Speech detection](../speech_detection.md)."
    yield (
        "Figures",
        table(
            ["through the runtime", "goal", "result (95 % over speakers or sources)", "clips"],
            [
                _goal(
                    "noise clips without a human voice that give no answer", goals["noise"], "least"
                ),
                _goal("spoken clips refused", goals["refused"], "most"),
            ],
        ),
    )
    head = ["frames", "error", "hits", "alarms"]
    frames = [[name, *_frames(row[OURS])] for name, row in found["conditions"].items()]
    yield "Noise", table(head, frames)
    by_corpus = [[plain(name), *_frames(row)] for name, row in found["clean_by_corpus"].items()]
    yield "By corpus", table(head, by_corpus)
    refused = [[plain(name), _clips(row["any"])] for name, row in found["spoken"].items()]
    yield "Refused by corpus", table(["spoken clips", "refused"], refused)
    noises = {**found["noise"]["categories"], **found["noise"]["human"]}
    unanswered = [[plain(name), _clips(row)] for name, row in noises.items()]
    yield "Unanswered by kind of noise", table(["noise", "no answer"], unanswered)


def _goal(name: str, goal: Mapping[str, Any], bound: str) -> list[str]:
    wanted = f"at {bound} {100 * goal[bound]:.0f} %"
    return [name, wanted, ranged(goal), f"{goal['part']} of {goal['whole']}"]


def _frames(row: Mapping[str, Any]) -> list[str]:
    return [ranged(row[name]) for name in ("error", "hits", "alarms")]


def _clips(row: Mapping[str, Any]) -> str:
    return f"{percent(row['value'])} ({row['part']} of {row['whole']})"
