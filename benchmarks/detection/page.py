"""The figures as a page of the documentation; its words stand in ``page.md``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from detection.figures import MOST_REFUSED, SPARE
from voxtrait.evaluation.cells import table
from voxtrait.evaluation.machine import hardware
from voxtrait.speech import stream
from voxtrait.speech.audible import BELOW_DB
from voxtrait.speech.frames import BLOCK_SECONDS

__all__ = ["page"]

WORDS = Path(__file__).with_suffix(".md")
TEN_VAD = "ten-vad"
ABSENT = """\
ten-vad's licence forbids competing uses, so that it is no part of this project, and it was not
installed where this page was measured. The facts of the project, measured on another machine, have
it at 0.012 CPU seconds a second, Silero step by step at 0.0083 there, its sequence model at 0.0024,
webrtcvad at 0.0002; and, on 20 recordings joined from digits with thresholds as they come, at 65 %
of the speech frames found with 3 % false alarms, Silero at 85 % with 7 %."""
FROM_ELSEWHERE = """\
Instruments that strangers to this project recorded (the soundfont TimGM6mb by Tim Brechbill, which
Debian packages), as `benchmarks/instruments.py` plays them. No detector has heard them and each
fold's is asked; training has three pieces of music and computed sounds."""
MATTERS = ("error", "hits", "alarms")
CHOOSE = {
    "noise": "noise unanswered",
    "refused": "speech refused",
    "telephone": "refused down a telephone",
}
Values = Mapping[str, Any]


def page(found: Values) -> str:
    """Markdown of what `detection.result.result` and the benchmark gathered."""
    machine, model, sures = found["machine"], found["model"], found["sures"]
    noise = found["noise"]
    values = {
        "changes": "".join(f" {change}" for change in found["changes"]),
        "parameters": f"{model['parameters']:,}",
        "kilobytes": f"{model['bytes'] / 1e3:.0f}",
        "threshold": f"{model['threshold']:g}",
        "sure": f"{model['sure']:g}",
        "short": f"{stream.SHORT_SECONDS:g}",
        "alone": f"{stream.ALONE_SECONDS:g}",
        "alone_sure": f"{stream.ALONE_SURE:g}",
        "near": f"{stream.NEAR_SECONDS:g}",
        "block": f"{BLOCK_SECONDS:g}",
        "below": f"{BELOW_DB:g}",
        "spare": _percent(SPARE * MOST_REFUSED),
        "most": _percent(MOST_REFUSED),
        "recommended": f"{sures['recommended']:g}",
        "kept": _kept(found["goals"], sures["recommended"], model["sure"]),
        "recipe": found["recipe"],
        "folds": found["folds"],
        "machine": f"{hardware(machine)}; Python "
        f"{machine['python']}, onnxruntime {machine['onnxruntime']}, numpy {machine['numpy']}",
        "corpora": _corpora(found["corpora"]),
        "goals": _goals(found["goals"]),
        "conditions": _conditions(found["conditions"]),
        "by_corpus": table(
            ["corpus", *MATTERS],
            [[_name(name), *_frames(row)] for name, row in found["clean_by_corpus"].items()],
        ),
        "examples": _examples(found["examples"]),
        "agreement": _agreement(found["agreement"]),
        "noise": _unanswered(noise["categories"]),
        "human": _unanswered(noise["human"]),
        "music": _music(noise["music"]),
        "answered": _answered(noise["answered"]),
        "without_voice": _without_voice(found["without_voice"]),
        "spoken": _spoken(found["spoken"]),
        "refused": _clips("Refused", found["refused"]) + _clips(" Unreadable", found["failed"]),
        "rule": found["rule"],
        "left_out": _clips("They are", found["left_out"]),
        "left_out_count": len(found["left_out"]),
        "voice_seconds": f"{found['least']['voice']:g}",
        "word_seconds": f"{found['least']['word']:g}",
        "sures": _sures(sures, model["sure"]),
        "elsewhere": _elsewhere(found["elsewhere"]),
        "cost": _cost(found),
        "typed": "" if TEN_VAD not in found["missing"] else f" but {TEN_VAD}'s at the end",
        "absent": "" if TEN_VAD not in found["missing"] else ABSENT,
    }
    text = Template(WORDS.read_text(encoding="utf-8")).substitute(values)
    return text.rstrip("\n") + "\n"


def _corpora(corpora: Values) -> str:
    rows = [
        [_name(name), row["clips"], row["speakers"], f"{row['hours']:.2f}"]
        for name, row in corpora.items()
    ]
    return table(["tested on", "clips", "speakers or sources", "hours"], rows)


def _kept(goals: Values, recommended: float, sure: float) -> str:
    """Why the card has another value than the rule gives, where it has."""
    met = goals["noise"]["value"] >= goals["noise"]["least"]
    if recommended == sure or not met or goals["refused"]["value"] > goals["refused"]["most"]:
        return ""
    return f" The card has {sure:g}, with which both goals are met on the test sides."


def _goals(goals: Values) -> str:
    noise, refused = goals["noise"], goals["refused"]
    silent = "noise clips without a human voice that give no answer"
    rows = [
        [silent, f"at least {100 * noise['least']:.0f} %", _share(noise), _of(noise)],
        [
            "spoken clips refused",
            f"at most {100 * refused['most']:.0f} %",
            _share(refused),
            _of(refused),
        ],
    ]
    return table(["through the runtime", "goal", "result", "clips"], rows)


def _conditions(conditions: Values) -> str:
    rows = [
        [condition, detector, *_frames(figures)]
        for condition, detectors in conditions.items()
        for detector, figures in detectors.items()
    ]
    return table(["condition", "detector", *MATTERS], rows)


def _examples(examples: Sequence[Values]) -> str:
    rows = [[row["name"], row["examples"], *_frames(row)] for row in examples]
    return table(["examples", "how many", *MATTERS], rows)


def _agreement(agreement: Values) -> str:
    if not agreement:
        return "No other detector was on the machine."
    corpora = list(next(iter(agreement.values())))
    rows = [
        [_name(corpus), *(_share(agreement[detector][corpus]) for detector in agreement)]
        for corpus in corpora
    ]
    return table(["corpus", *agreement], rows)


def _unanswered(categories: Values) -> str:
    rows = [[_name(name), _percent(row["value"]), _of(row)] for name, row in categories.items()]
    return table(["category", "no answer", "clips"], rows)


def _music(pieces: Sequence[Values]) -> str:
    rows = [
        [_name(row["category"]), f"{row['speech_s']:.2f}", ", ".join(row["answered"]) or "none"]
        for row in pieces
    ]
    return table(["piece", "seconds taken for speech", "answer"], rows)


def _without_voice(folders: Values) -> str:
    if not folders:
        return ""
    rows = [[_name(name), row["speakers"], _share(row), _of(row)] for name, row in folders.items()]
    return (
        f"{FROM_ELSEWHERE}\n\n{table(['played', 'recordings', 'no answer', 'times asked'], rows)}"
    )


def _answered(clips: Sequence[Values]) -> str:
    if not clips:
        return ""
    heard = [
        f"`{row['path']}` ({_name(row['category'])}, {row['speech_s']:.2f} s)" for row in clips
    ]
    return f"Answered, with the seconds taken for speech: {', '.join(heard)}."


def _spoken(corpora: Values) -> str:
    rows = [
        [_name(name), _share(row["any"]), _share(row["voice"]), _of(row["any"])]
        for name, row in corpora.items()
    ]
    return table(["corpus", "refused", "none for gender and age", "refused clips"], rows)


def _sures(sures: Values, used: float) -> str:
    rows = []
    for mine, test in zip(sures["validation"], sures["test"], strict=True):
        mark = " (the card's)" if mine["sure"] == used else ""
        shares = [side[what]["value"] for side in (mine, test) for what in CHOOSE]
        rows.append([f"{mine['sure']:g}{mark}", *map(_percent, shares)])
    head = [f"{side}: {what}" for side in ("validation", "test") for what in CHOOSE.values()]
    return table(["sure", *head], rows)


def _elsewhere(rows: Sequence[Values]) -> str:
    lines = [[row["kind"], row["name"], _share(row), _of(row)] for row in rows]
    return table(["recordings", "how", "no speech found", "recordings of it"], lines)


def _cost(found: Values) -> str:
    rows = [
        [name, *(f"{row[span]:.5f}" for span in ("long", "short"))]
        for name, row in found["cost"].items()
    ]
    rows += [[name, why, ""] for name, why in found["missing"].items()]
    return table(["detector", "recordings of 5 to 10 s", "clips of about 1 s"], rows)


def _frames(figures: Values) -> list[str]:
    return [_share(figures[name]) for name in MATTERS]


def _share(share: Values) -> str:
    if share["value"] is None:
        return "-"
    return f"{_percent(share['value'])} ({100 * share['low']:.1f} to {100 * share['high']:.1f})"


def _of(share: Values) -> str:
    return f"{share['part']} of {share['whole']}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def _clips(what: str, clips: Iterable[Values]) -> str:
    listed = [f"`{clip['path']}` ({clip['why'] or _name(clip['corpus'])})" for clip in clips]
    return f"{what}: {', '.join(listed)}." if listed else ""


def _name(name: str) -> str:
    return name.replace("_", " ")
