"""Figures by group of speakers and kind of recording."""

from __future__ import annotations

from collections.abc import Mapping

from model_cards.results import Report, plain
from voxtrait.evaluation.cells import table
from voxtrait.evaluation.groups import LEAST_SPEAKERS

__all__ = ["groups"]


def groups(report: Report, trait: str) -> str:
    """Figures by group, the worst first; small cells as counts."""
    cells = report["groups"].get(trait, [])
    worst = report["worst_group"].get(trait)
    rows = [
        [
            *(_cell(g["cell"]), g["speakers"], g["clips"], g["refused"]),
            *(f"{g['accuracy']:.3f}", f"{g['uar']:.3f}"),
        ]
        for g in cells
        if g["accuracy"] is not None
    ]
    small = [f"{_cell(g['cell'])}: {g['speakers']}" for g in cells if g["accuracy"] is None]
    parts = [table(["group", "speakers", "clips", "refused", "accuracy", "UAR"], rows)]
    if worst:
        parts.insert(
            0,
            f"**Worst group** of at least {LEAST_SPEAKERS} speakers: {_cell(worst['cell'])}, "
            f"recall {worst['recall']:.3f} ({worst['speakers']} speakers, {worst['clips']} clips).",
        )
    if small:
        parts.append(f"Under {LEAST_SPEAKERS} speakers, so only how many: {'; '.join(small)}.")
    return "\n\n".join(part for part in parts if part)


def _cell(cell: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {plain(value)}" for name, value in cell.items())
