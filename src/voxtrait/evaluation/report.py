"""An evaluation as one document: what was measured, on whom, with what, and how it came out."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from voxtrait.evaluation.bootstrap import DRAWS
from voxtrait.evaluation.compare import compare, shared
from voxtrait.evaluation.figures import figures, plain
from voxtrait.evaluation.groups import by_condition, by_group, worst_group
from voxtrait.evaluation.machine import machine
from voxtrait.evaluation.markdown import to_markdown
from voxtrait.evaluation.metrics import ACCURACY, UAR
from voxtrait.evaluation.pools import ALL, WORDS, asking, pools
from voxtrait.evaluation.speakers import by_speaker
from voxtrait.traits import TRAITS
from voxtrait.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from voxtrait.evaluation.scored import Scored

__all__ = ["SCHEMA", "build", "write"]

SCHEMA = 2
_SPOKEN_BY_SPEAKER = ("age", "gender")


def build(
    rows: Sequence[Scored],
    *,
    split: str,
    traits: Sequence[str] | None = None,
    median_years: float | Mapping[str, float] | None = None,
    unheard: Collection[Path] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Any]:
    """Everything there is to say of the rows, as plain values; `docs/report.md` has each key.

    Rows may come from several models, such as those of five folds pooled, and be of several
    conditions; the first row's condition is the one that others are compared with.

    Args:
        rows: scored recordings, at least one.
        split: how the speakers were kept apart from training, in words: ``"test"``, ``"five
            speaker folds, pooled"``.
        traits: which ones; by default those that any row has a truth and an answer for.
        median_years: median age of the training speakers, or one by speaker id.
        unheard: recordings of words that the model which answered them never heard in training.
        draws: how often the bootstrap draws the speakers.
        seed: the same seed gives the same intervals.
    """
    conditions = list(dict.fromkeys(row.condition for row in rows))
    parts = {c: [row for row in rows if row.condition == c] for c in conditions}
    traits = list(traits or _answered(rows))
    options: dict[str, Any] = {
        "median_years": median_years,
        "unheard": frozenset(unheard),
        "draws": draws,
        "seed": seed,
    }
    results, changes = [], []
    for trait in traits:
        for condition, some in parts.items():
            for corpus, part in pools(some, trait).items():
                head = {"trait": trait, "corpus": corpus, "condition": condition}
                results.append({**head, "by": "clip", **figures(part, trait, **options)})
                if trait in _SPOKEN_BY_SPEAKER:
                    joined = by_speaker(part, trait)
                    results.append({**head, "by": "speaker", **figures(joined, trait, **options)})
                first = pools(parts[conditions[0]], trait).get(corpus, [])
                if condition != conditions[0] and shared(first, part, trait):
                    changes += [
                        {**head, "against": conditions[0], **asdict(found)}
                        for metric in (ACCURACY, UAR)
                        for found in [compare(first, part, trait, metric, draws=draws, seed=seed)]
                    ]
    groups = {trait: by_group(asking(parts[conditions[0]], trait), trait) for trait in traits}
    worst = {trait: worst_group(found, trait) for trait, found in groups.items()}
    others = {trait: by_condition(asking(rows, trait), trait) for trait in traits}
    report = {
        "schema": SCHEMA,
        "split": split,
        "models": sorted({name for row in rows for name in row.models.values()}),
        "machine": machine(),
        "corpora": _corpora(parts[conditions[0]]),
        "pools": {trait: _pools(parts[conditions[0]], trait) for trait in traits},
        "answering": _answering(rows),
        "results": results,
        "changes": changes,
        "groups": {
            trait: [asdict(group) for group in (*found, *others[trait])]
            for trait, found in groups.items()
        },
        "worst_group": {trait: asdict(found) if found else None for trait, found in worst.items()},
    }
    return plain(report)  # type: ignore[no-any-return]


def write(report: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write ``report.json`` and ``report.md``, each beside and renamed.

    Raises:
        MissingRequirement: the folder cannot be written; an earlier report is untouched.
    """
    files = {
        folder / "report.json": json.dumps(report, indent=1, allow_nan=False) + "\n",
        folder / "report.md": to_markdown(report),
    }
    for path, text in files.items():
        write_whole(path, text.encode("utf-8", errors="replace"))
    return list(files)


def _answered(rows: Sequence[Scored]) -> list[str]:
    return [t for t in TRAITS if any(t in row.label and t in row.utterance.labels for row in rows)]


def _pools(rows: Sequence[Scored], trait: str) -> dict[str, list[str]]:
    """Which corpora stand behind the names that are no corpus's."""
    return {
        name: sorted({row.utterance.corpus for row in part})
        for name, part in pools(rows, trait).items()
        if name in (ALL, WORDS)
    }


def _corpora(rows: Sequence[Scored]) -> dict[str, dict[str, float]]:
    names = sorted({row.utterance.corpus for row in rows})
    parts = {name: [row for row in rows if row.utterance.corpus == name] for name in names}
    return {
        name: {
            "clips": len(part),
            "speakers": len({row.utterance.speaker_id for row in part}),
            "hours": round(sum(row.duration for row in part) / 3600, 4),
        }
        for name, part in parts.items()
    }


def _answering(rows: Sequence[Scored]) -> list[dict[str, Any]]:
    """How many recordings got an answer, by corpus, kind and condition, and what failed."""
    cells: dict[tuple[str, str, str], list[Scored]] = {}
    for row in rows:
        key = (row.utterance.corpus, row.utterance.kind, row.condition)
        cells.setdefault(key, []).append(row)
    found = []
    conditions = list(dict.fromkeys(condition for _, _, condition in cells))
    for (corpus, kind, condition), part in sorted(
        cells.items(), key=lambda cell: conditions.index(cell[0][2])
    ):
        silent = sum(row.error == "NoSpeech" for row in part)
        failed = [row for row in part if row.error not in ("", "NoSpeech")]
        found.append(
            {
                "corpus": corpus,
                "kind": kind,
                "condition": condition,
                "clips": len(part),
                "no_speech": silent,
                "no_speech_share": silent / len(part),
                "failed": len(failed),
                "failures": [{"path": r.utterance.path.name, "error": r.error} for r in failed],
            }
        )
    return found
