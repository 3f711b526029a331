"""What a model's own card says of its measurements, out of whole reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxtrait.evaluation.pools import ALL, WORDS
from voxtrait.evaluation.ways import rank, suffix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["chief", "measured"]

_YEARS = ("mae_years", "mae_ratio")


def measured(*reports: Mapping[str, Any], condition: str = "clean") -> dict[str, Any]:
    """The headline of each trait and corpus, strangers first.

    ``accuracy`` and ``uar`` count a spoken recording without an answer as wrong; those over the
    answers alone are ``accuracy_answered`` and ``uar_answered``.

    Args:
        reports: of `voxtrait.evaluation.report.build`, all of one model.
        condition: which of a report's.

    Returns:
        ``{trait: {corpus: {"split", "speakers", "clips", "refused", "uar", "uar_95", ...}}}``, age
        by speaker with ``mae_years`` and ``mae_ratio``. A corpus that training was without, or of
        which each speaker was left out, has a name that says so; such rows come first.
    """
    card: dict[str, Any] = {}
    for report in in_order(reports):
        for result in report["results"]:
            by = "speaker" if result["trait"] == "age" else "clip"
            if result["condition"] == condition and result["by"] == by and "uar" in result:
                name = f"{result['corpus']}{suffix(report['split'])}"
                card.setdefault(result["trait"], {})[name] = _row(result, report["split"])
    return card


def chief(trait: str, corpora: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """The one row of a trait that stands for all: of speakers heard by no training, all pooled.

    What a corpus left out of training gave is of that corpus alone. Sentences are told from digits
    by their length: of digits a figure over them too would flatter.

    Args:
        trait: its name.
        corpora: what `measured` gives for it.

    Returns:
        The name of its pool or corpus, and the row; None where every row is of a corpus or
        speakers left out.
    """
    kept = {name: row for name, row in corpora.items() if not suffix(row["split"])}
    pool = WORDS if trait == "digit" else ALL
    if pool in kept:
        return pool, kept[pool]
    # Without a pool there is one corpus, or one that holds digits: these come before the others.
    return next(((name, row) for name, row in kept.items() if name not in (WORDS, ALL)), None)


def in_order(reports: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Reports of one model: corpora left out, then speakers left out, then folds."""
    return sorted(reports, key=lambda report: rank(report["split"]))


def _row(result: Mapping[str, Any], split: str) -> dict[str, Any]:
    whole = result["uar_with_refusals_wrong"]
    row = {
        "split": split,
        "speakers": result["speakers_asked"],
        "clips": result["clips"] + result["refused"],
        "refused": result["refused"],
        "accuracy": _rounded(result["accuracy_with_refusals_wrong"]["value"]),
        "uar": _rounded(whole["value"]),
        "uar_95": [_rounded(whole[end]) for end in ("low", "high")],
        "accuracy_answered": _rounded(result["accuracy"]["value"]),
        "uar_answered": _rounded(result["uar"]["value"]),
        "ece": _rounded(result["calibration"]["ece"]["value"]),
        "unsure_share": _rounded(result["unsure_share"]["value"]),
        "sure_share": _rounded(result["sure_share"]["value"]),
        "error_among_sure": _rounded(result["error_among_sure"]["value"]),
    }
    years = result.get("years", {})
    return row | {name: _rounded(years[name]["value"]) for name in _YEARS if name in years}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
