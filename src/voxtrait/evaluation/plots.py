"""Figures as pictures: confusion matrix, reliability, errors against coverage."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from voxtrait.errors import BrokenPackage, MissingExtra
from voxtrait.traits import TRAITS
from voxtrait.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["KINDS", "check_matplotlib", "draw"]

_INK, _BLUE, _ORANGE, _GREY = "#222222", "#2c6fbb", "#d1691c", "#9a9a9a"
_FEW = 10  # answers in a bin that are too few to say anything
_STYLE: dict[Any, Any] = {
    "font.size": 10,
    "axes.edgecolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.dpi": 150,
}


def draw(report: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write three PNGs for each trait: of several corpora together, where there are several.

    Args:
        report: as `voxtrait.evaluation.report.build` makes it; its first condition is drawn.
        folder: gets ``TRAIT-confusion.png``, ``TRAIT-reliability.png``, ``TRAIT-coverage.png``.

    Raises:
        MissingExtra: matplotlib is not installed.
        BrokenPackage: it does not load.
        MissingRequirement: the folder cannot be written.
    """
    check_matplotlib()
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    written, seen = [], set()
    for result in report["results"]:
        by = "speaker" if result["trait"] == "age" else "clip"
        if result["trait"] in seen or result["by"] != by or not result["clips"]:
            continue
        seen.add(result["trait"])  # the first is the widest pool, under the first condition
        for name, kind in KINDS.items():
            # No pyplot: it keeps figures in a global list and may look for a display.
            with mpl.rc_context(_STYLE):
                figure = Figure(layout="constrained")
                FigureCanvasAgg(figure)
                kind(figure, result)
                buffer = io.BytesIO()
                figure.savefig(buffer, format="png", metadata={"Software": None})
            path = folder / f"{result['trait']}-{name}.png"
            write_whole(path, buffer.getvalue())
            written.append(path)
    return written


def check_matplotlib() -> None:
    """Make sure that pictures can be drawn, before hours are spent on what they show.

    Raises:
        MissingExtra: matplotlib is not installed.
        BrokenPackage: it does not load.
    """
    try:
        import matplotlib  # noqa: F401, ICN001
    except ModuleNotFoundError as error:
        raise MissingExtra("A picture", "evaluate") from error
    except (ImportError, OSError) as error:
        raise BrokenPackage("matplotlib", error) from error


def _confusion(figure: Any, result: Mapping[str, Any]) -> None:
    labels = result["confusion"]["labels"]
    counts = np.array(result["confusion"]["counts"])
    shown = [i for i in range(len(labels)) if counts[i].any() or counts[:, i].any()]
    labels, counts = [labels[i].replace("_", "\n") for i in shown], counts[np.ix_(shown, shown)]
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = 2.4 + 0.55 * len(labels)
    figure.set_size_inches(max(side, 4), side + 0.3)
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_title(_title(result), fontsize=10, pad=10)
    ticks = range(len(labels))
    axes.set_xticks(ticks, labels)
    axes.set_yticks(ticks, labels)
    axes.set_xlabel("answer")
    axes.set_ylabel("truth")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    for row, column in np.argwhere(counts):
        share, count = shares[row, column], counts[row, column]
        # Rounding may not turn an error into none, nor a miss into a hit of all.
        text = f"{share:.0%}" if share in (0, 1) or 0.005 <= share < 0.995 else f"{share:.1%}"
        axes.text(
            column, row, f"{text}\n{count}", ha="center", va="center",
            color="white" if share > 0.5 else _INK, fontsize=7 if len(labels) > 3 else 9,
        )  # fmt: skip


def _reliability(figure: Any, result: Mapping[str, Any]) -> None:
    bins, calibration = result["calibration"]["bins"], result["calibration"]
    figure.set_size_inches(5.2, 5.6)
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--", label="perfect")
    stated = np.array([row["stated"] for row in bins])
    right = np.array([row["right"] for row in bins])
    clips = np.array([row["clips"] for row in bins])
    # Two standard errors of a share that is as stated: what so few answers cannot tell apart.
    spread = 2 * np.sqrt(stated * (1 - stated) / clips)
    axes.errorbar(
        stated, stated, yerr=[np.minimum(spread, stated), np.minimum(spread, 1 - stated)],
        fmt="none", ecolor=_GREY, elinewidth=1, capsize=3, label="chance, two standard errors",
    )  # fmt: skip
    axes.plot(stated, right, "o-", color=_BLUE, label="this model")
    few = clips < _FEW
    if few.any():
        axes.plot(
            stated[few], right[few], "o", color=_BLUE, markerfacecolor="white",
            label=f"under {_FEW} answers",
        )  # fmt: skip
    axes.set(xlim=(0, 1.02), ylim=(-0.02, 1.04), ylabel="share that was right")
    axes.set_title(_title(result), fontsize=10, pad=10)
    ece, perfect = calibration["ece"]["value"], calibration["perfect"]["mean"]
    axes.legend(
        frameon=False, loc="upper left", fontsize=9,
        title=f"calibration error {ece:.3f}\n(if perfect {perfect:.3f})",
    )  # fmt: skip
    middles = [(row["low"] + row["high"]) / 2 for row in bins]
    below.bar(middles, clips, width=0.09, color=_BLUE)
    below.set(xlabel="stated probability of the answer", ylabel="answers")


def _coverage(figure: Any, result: Mapping[str, Any]) -> None:
    figure.set_size_inches(5.6, 4)
    axes = figure.subplots()
    steps = sorted(result["coverage_risk"], key=lambda row: row["coverage"])
    coverage = [100 * row["coverage"] for row in steps]
    risk = [100 * row["risk"] for row in steps]
    axes.plot(coverage, risk, "o-", color=_BLUE, label="surest first")
    sure = 100 * (1 - result["unsure_share"]["value"])
    error = result["error_among_sure"]["value"]
    if error is not None:
        axes.plot(sure, 100 * error, "D", color=_ORANGE, markersize=8, label="marked as sure")
    axes.axhline(2, color=_GREY, linewidth=1, linestyle="--", label="2 % errors")
    axes.set(xlim=(0, 102), xlabel="answers kept, %", ylabel="errors among them, %")
    axes.set_ylim(bottom=0, top=max(2.5, 1.1 * max(risk)))
    axes.set_title(_title(result), fontsize=10, pad=10)
    axes.legend(frameon=False, loc="best")


def _title(result: Mapping[str, Any]) -> str:
    trait, corpus = TRAITS[result["trait"]].title, result["corpus"].replace("_", " ")
    return (
        f"{trait} by {result['by']}, {corpus}, {result['condition']}\n"
        f"{result['speakers']} speakers, {result['clips']} answers"
    )


KINDS = {"confusion": _confusion, "reliability": _reliability, "coverage": _coverage}
