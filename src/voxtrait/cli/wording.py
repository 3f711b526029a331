"""Answers in words for people, as pieces of text with a style each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxtrait.cli.text import escape
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voxtrait.cli.rows import Row

__all__ = [
    "DAMAGED",
    "FAILED",
    "TOO_SHORT",
    "UNSURE",
    "Parts",
    "answer_parts",
    "legend",
    "why",
    "word_lines",
]

# A text and its style: "", "bold", "dim", "yellow" or "red".
Parts = list[tuple[str, str]]

FAILED = {
    "NoSpeech": "no speech",
    "MissingAudio": "missing",
    "UnreadableAudio": "unreadable",
    "AudioOutOfBounds": "refused",
    "MissingExtra": "needs extra",
    "UsageError": "no such channel",  # nothing else that is asked for depends on the recording
}
# The marks of a table, each with what it means.
UNSURE = "?"
DAMAGED = "!"
TOO_SHORT = "too short"
YEARS = "years (from-to)"
OTHER = "-"
LEGEND = {
    UNSURE: " unsure: take it as no answer",
    DAMAGED: " incomplete or damaged: see the warning",
    TOO_SHORT: ": this answer needs more speech than there is",
    YEARS: ": meant to hold four ages in five; whatever is narrower is a guess",
    OTHER: " a word that is no digit",
}
# More words than these are running speech, of which only the digits are told one by one.
FEW_WORDS = 10


def why(error: dict[str, Any]) -> str:
    """Why there is no answer, in a few words where that is possible."""
    if round(error.get("speech_s", 0), 2) > 0:
        return "too little speech"
    return FAILED.get(error["type"], escape(error["message"]))


def legend(rows: Sequence[Row]) -> list[Parts]:
    """What the marks mean that a table of these rows has, a line each."""
    answers = [answer for row in rows for answer in row.get("traits", {}).values()]
    used = {
        UNSURE: any(answer["unsure"] or UNSURE in _wording("", answer) for answer in answers),
        DAMAGED: any("warnings" in row for row in rows),
        TOO_SHORT: any("withheld" in row for row in rows),
        YEARS: any("interval_years" in answer for answer in answers),
        OTHER: any(OTHER in _wording("digit", answer).split() for answer in answers),
    }
    return [
        [(mark, "yellow" if mark in (UNSURE, DAMAGED) else "dim"), (LEGEND[mark], "dim")]
        for mark in used
        if used[mark]
    ]


def answer_parts(trait: str, answer: dict[str, Any], mark: str = "unsure") -> Parts:
    """An answer and its probability; an unsure one is not bold, and marked.

    An age is told by its years alone: the group that a voice speaks for, which its ``label`` is,
    need not be the one in which the years lie.

    Args:
        trait: its name.
        answer: as JSON has it; of one of several words too.
        mark: what an unsure one is marked with.
    """
    sure = not answer["unsure"] or bool(_words(answer))
    parts = [(_wording(trait, answer), "bold" if sure else ""), (_share(answer), "dim")]
    return parts if sure else [*parts, (f" {mark}", "yellow")]


def word_lines(trait: str, answer: dict[str, Any]) -> Iterator[Parts]:
    """Each of several words on a line; of many the digits, and how many others there are."""
    words = _words(answer)
    shown = words if len(words) <= FEW_WORDS else _digits(words)
    for word in shown:
        span = f"{word['start_s']:.2f} to {word['end_s']:.2f} s  "
        yield [(span, "dim"), *answer_parts(trait, word)]
    if shown and (others := len(words) - len(shown)):
        yield [(f"{others} other words", "dim")]


def _wording(trait: str, answer: dict[str, Any]) -> str:
    if "years" in answer:
        low, high = answer["interval_years"]
        return f"{answer['years']:.0f} years ({low:.0f}-{high:.0f})"
    words = _words(answer)
    digits = [_marked(word) for word in _digits(words)]
    if len(words) > FEW_WORDS and digits:
        return " ".join(digits[:FEW_WORDS]) + (" ..." if len(digits) > FEW_WORDS else "")
    if digits:
        return " ".join(OTHER if w["label"] == NOT_A_DIGIT else _marked(w) for w in words)
    if words or (trait == "digit" and answer["label"] == NOT_A_DIGIT):
        return "not a digit"
    return str(answer["label"])


def _marked(word: dict[str, Any]) -> str:
    return f"{word['label']}{UNSURE if word['unsure'] else ''}"


def _words(answer: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """The words of a digit's answer, where there are several."""
    segments: Sequence[dict[str, Any]] = answer.get("segments", ())
    return segments if len(segments) > 1 else ()


def _digits(words: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [word for word in words if word["label"] != NOT_A_DIGIT]


def _share(answer: dict[str, Any]) -> str:
    """How probable, never "100 %" of what is not certain; or how many words there are."""
    if "years" in answer:
        return ""
    if words := _words(answer):
        return f" in {len(words)} words" if _digits(words) else ""
    probability = answer["probability"]
    return " (> 99 %)" if 0.995 <= probability < 1 else f" ({100 * probability:.0f} %)"
