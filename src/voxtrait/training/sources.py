"""The recordings behind a model, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxtrait.corpora import LICENCES
from voxtrait.training.prepared import FRAMES_A_SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from voxtrait.corpora import Utterance
    from voxtrait.training.prepared import Prepared

__all__ = ["sources"]


def sources(prepared: Prepared, mask: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """What a model was trained on, a table a corpus, for its card.

    Args:
        prepared: the examples.
        mask: which of them trained, ``[examples]``.

    Returns:
        Corpus, speakers that somebody wrote down, clips, hours and licence, by corpus name.
    """
    index = prepared.index[mask & (prepared.index["copy"] == 0)]
    rows: Sequence[Utterance] = list(prepared.manifest)
    frames: dict[str, int] = {}
    speakers: dict[str, set[str]] = {}
    clips: dict[str, int] = {}
    for number, count in zip(index["utterance"], index["frames"], strict=True):
        row = rows[number]
        frames[row.corpus] = frames.get(row.corpus, 0) + int(count)
        clips[row.corpus] = clips.get(row.corpus, 0) + 1
        known = speakers.setdefault(row.corpus, set())
        if row.speaker_known:
            known.add(row.speaker_id)
    return [
        {
            "corpus": corpus,
            "speakers": len(speakers[corpus]),
            "clips": clips[corpus],
            "hours": round(count / (3600 * FRAMES_A_SECOND), 3),
            "licence": LICENCES.get(corpus, "see its source"),
        }
        for corpus, count in sorted(frames.items())
    ]
