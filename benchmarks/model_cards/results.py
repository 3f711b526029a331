"""Which results of a report a card shows, and how it names things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voxtrait.evaluation.pools import ALL, WORDS
from voxtrait.traits import TRAITS

__all__ = ["CLEAN", "Report", "Result", "corpus", "plain", "results", "where"]

Report = Mapping[str, Any]
Result = Mapping[str, Any]
CLEAN = "clean"


def results(report: Report, condition: str = CLEAN, *, age_by: str = "speaker") -> list[Result]:
    """Results with answers: age by speaker if nothing else is said, the others by clip."""
    return [
        result
        for result in report["results"]
        if result["condition"] == condition
        and result["by"] == (age_by if result["trait"] == "age" else "clip")
        and "uar" in result
    ]


def where(result: Result) -> str:
    """Trait and corpus, as the first cell of a line."""
    joined = " by speaker" if result["by"] == "speaker" else ""
    return f"{TRAITS[result['trait']].title}{joined}, {corpus(result)}"


def corpus(result: Result) -> str:
    """A corpus, or several together."""
    pooled = {ALL: "all corpora", WORDS: "corpora of words"}
    return pooled.get(result["corpus"], plain(result["corpus"]))


def plain(name: str) -> str:
    """A name of a file or corpus as prose has it."""
    return name.replace("_", " ")
