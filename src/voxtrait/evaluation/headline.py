"""The head of a report: what was measured, the figures on one screen, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxtrait.evaluation.cells import percent, ranged, table
from voxtrait.evaluation.machine import hardware
from voxtrait.evaluation.pools import ALL, WORDS
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ASKED", "COLUMNS", "asked", "head", "headline", "pooled", "title", "where"]

ASKED = ("speakers", "asked", "refused", "UAR", "accuracy", "UAR of answers")
COLUMNS = """\
*UAR* is the mean of the labels' recalls. In it and in *accuracy* a *refused* clip, one that is
spoken and got no answer, is wrong; *UAR of answers* leaves these out. *ECE* is the expected
calibration error of the answers in ten bins, beside what probabilities that are exactly true would
show on so few. *Sure* is the share of all clips with an answer that is not marked unsure, *errors
among sure* the share of these that is wrong. By speaker, the answers to all of somebody's
recordings are joined to one, and *asked* counts speakers. Noise that got no answer, as is right,
is in no figure of this table."""


def head(report: Mapping[str, Any]) -> str:
    """Model, split, corpora and machine."""
    return "\n".join(
        [
            f"# Evaluation of {', '.join(report['models']) or 'no model'}",
            "",
            f"* Split: {report['split']}. 95 % intervals by bootstrap over speakers.",
            *(
                f"* {name}: {row['speakers']} speakers, {row['clips']} clips, {row['hours']:.2f} h."
                for name, row in report["corpora"].items()
            ),
            f"* Machine: {_machine(report['machine'])}.",
            "* Gender is perceived gender, as speakers or editors of the corpora labelled it.",
        ]
    )


def headline(report: Mapping[str, Any]) -> str:
    """The figures of every pool, corpus and condition; see `COLUMNS`."""
    rows = [
        [
            f"{title(result['trait'])}, {where(result)}, by {result['by']}",
            *asked(result),
            _calibration(result["calibration"]),
            percent(result["sure_share"]["value"]),
            percent(result["error_among_sure"]["value"]),
        ]
        for result in report["results"]
        if result["clips"]
    ]
    return table(["", *ASKED, "ECE / if perfect", "sure", "errors among sure"], rows)


def asked(result: Mapping[str, Any]) -> list[Any]:
    """Cells of the columns `ASKED`: how many were asked, and how well, refusals being wrong."""
    return [
        result["speakers_asked"],
        result["clips"] + result["refused"],
        result["refused"],
        ranged(result["uar_with_refusals_wrong"]),
        ranged(result["accuracy_with_refusals_wrong"]),
        f"{result['uar']['value']:.3f}",
    ]


def pooled(report: Mapping[str, Any], trait: str) -> str:
    """What the names stand for that are no corpus's."""
    pools = report["pools"].get(trait, {})
    lines = []
    if WORDS in pools:
        lines.append(
            f"*{WORDS}*: the corpora of single words together ({', '.join(pools[WORDS])}), "
            "digits and other words."
        )
    if ALL in pools:
        easy = sorted({*pools[ALL]} - {*pools.get(WORDS, pools[ALL])})
        more = f"; {', '.join(easy)} hold no digit, so that it flatters" if easy else ""
        lines.append(f"*{ALL}*: every recording of {', '.join(pools[ALL])}{more}.")
    return " ".join(lines)


def where(result: Mapping[str, Any]) -> str:
    """Pool or corpus, and condition."""
    return f"{result['corpus']}, {result['condition']}"


def title(trait: str) -> str:
    """A trait as a heading has it."""
    return TRAITS[trait].title.capitalize()


def _machine(machine: Mapping[str, Any]) -> str:
    packages = ("onnxruntime", "numpy", "voxtrait")
    return f"{hardware(machine)}; Python {machine['python']}, " + ", ".join(
        f"{name} {machine[name]}" for name in packages
    )


def _calibration(calibration: Mapping[str, Any]) -> str:
    return f"{calibration['ece']['value']:.3f} / {calibration['perfect']['mean']:.3f}"
