"""Which results of a report a card shows, and how it names things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voxtrait.traits import TRAITS

__all__ = ["CLEAN", "LEAST_SPEAKERS", "Report", "Result", "plain", "results", "where"]

Report = Mapping[str, Any]
Result = Mapping[str, Any]
CLEAN = "clean"
LEAST_SPEAKERS = 10  # of a figure; a smaller cell says only how many


def results(report: Report, condition: str = CLEAN) -> list[Result]:
    """Results with answers: age by speaker, the others by clip."""
    return [
        result
        for result in report["results"]
        if result["condition"] == condition
        and result["by"] == ("speaker" if result["trait"] == "age" else "clip")
        and "uar" in result
    ]


def where(result: Result) -> str:
    """Trait and corpus, as the first cell of a line."""
    corpus = "all corpora" if result["corpus"] == "all" else plain(result["corpus"])
    return f"{TRAITS[result['trait']].title}, {corpus}"


def plain(name: str) -> str:
    """A name of a file or corpus as prose has it."""
    return name.replace("_", " ")
