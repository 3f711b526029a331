"""Which speakers a model has heard before: on these its figures say little of strangers.

Validation counts as hearing: it ended the training, and temperature, thresholds and years were
fitted on it. Only the test parts of a run, and whoever is in no part of it, are strangers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from voxtrait.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voxtrait.corpora.utterance import Utterance
    from voxtrait.model_file import Card

__all__ = ["heard_speakers", "read_split"]


def read_split(model: Path) -> dict[str, Any] | None:
    """The ``split.json`` of the training run that a model file lies in; None outside of one.

    Raises:
        RunError: the file is there and is not what a run writes.
    """
    path = model.parent / "split.json"
    if not path.is_file() or not (model.parent / "recipe.toml").is_file():
        return None
    try:
        split = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(split["parts"], dict):
            raise TypeError("parts is no table")
        return {
            "parts": split["parts"],
            "test": set(split["test"]),
            "exclude": set(split["exclude"]),
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"{path} does not say who was trained on ({error}).",
            "Move the model file out of this folder, or train again.",
        ) from error


def heard_speakers(
    card: Card, utterances: Iterable[Utterance], split: dict[str, Any] | None = None
) -> set[str]:
    """Ids of the speakers that took part in a model's training or calibration, or may have.

    Args:
        card: the model's; names the corpora it was trained on.
        utterances: whose speakers to look at.
        split: as `read_split` gives it. Without one, everybody in the card's corpora may have been
            heard.
    """
    if split is not None:
        return {row.speaker_id for row in utterances if _took_part(row, split)}
    corpora = {row.get("corpus") for row in card.trained_on}
    return {row.speaker_id for row in utterances if row.corpus in corpora}


def _took_part(row: Utterance, split: dict[str, Any]) -> bool:
    # Not asked of the card's corpora: one whose speakers all validated is not among these.
    part = split["parts"].get(row.speaker_id)
    if part is None or part in split["test"]:
        return False
    return not split["exclude"] & {row.corpus, row.speaker_id}
