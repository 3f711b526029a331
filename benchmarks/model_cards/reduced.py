"""What of a report is committed: every figure that a model card prints, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["reduced"]

RESULT = (
    "trait",
    "corpus",
    "condition",
    "by",
    "clips",
    "speakers",
    "refused",
    "speakers_asked",
    "accuracy",
    "uar",
    "accuracy_with_refusals_wrong",
    "uar_with_refusals_wrong",
    "recall",
    "unsure_share",
    "sure_share",
    "error_among_sure",
    "years",
    "digits",
)
HEAD = ("schema", "split", "models", "machine", "corpora", "pools", "answering")
DIGITS = 6  # after the point; fewer would round what a card prints twice
MOST_CROSSED = 2  # dimensions; cells of more are kept where they hold a figure


def reduced(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report without confusion counts, curves, bins and tiny crossed cells.

    Args:
        report: of `voxtrait.evaluation.report.build`, or reduced already.
    """
    kept = {key: report[key] for key in HEAD}
    kept["answering"] = [
        {key: value for key, value in row.items() if key != "failures"}
        for row in report["answering"]
    ]
    kept["results"] = [_result(result) for result in report["results"]]
    kept["changes"] = report["changes"]
    kept["groups"] = {trait: _groups(cells) for trait, cells in report["groups"].items()}
    kept["worst_group"] = report["worst_group"]
    rounded: dict[str, Any] = _rounded(kept)
    return rounded


def _result(result: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: result[key] for key in RESULT if key in result}
    if "calibration" in result:
        kept["calibration"] = {key: result["calibration"][key] for key in ("ece", "perfect")}
    return kept


def _groups(cells: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Cells of one or two dimensions all; of more, those of enough speakers for a figure."""
    return [c for c in cells if len(c["cell"]) <= MOST_CROSSED or c["accuracy"] is not None]


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return round(value, DIGITS) if isinstance(value, float) else value
