"""The one row every corpus is turned into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voxtrait.errors import CorpusError
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["UNKNOWN", "Utterance"]

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One recording of one speaker, and what is known about it.

    A trait the corpus does not document is absent from ``labels``: training masks it, evaluation
    skips it.

    Args:
        path: the recording.
        corpus: name of its reader, a key of ``READERS``.
        speaker_id: ``"<corpus>/<speaker>"``, the same in every release of the corpus, so that a
            split never shares one; ``"<corpus>/unknown:<clip>"`` where nobody wrote it down, and
            such a row only ever trains. Noise carries ``"<corpus>/<source recording>"``.
        labels: trait name to label.
        word: the one word spoken, in lower case, where the corpus is of single words; ``""`` else.
        kind: ``"speech"``, or for recordings that nobody speaks in ``"noise"``, ``"music"``,
            ``"babble"`` or ``"room"`` (an impulse response).
        category: what a recording without speech is of, such as ``"rain"``; ``""`` else.
        age_years: years as the corpus gives them, or the middle of its decade (teens 16, nineties
            95); ``None`` where unknown.
        language: the language's tag, such as ``"en"``; ``""`` where unknown.
        accent: in the corpus's own words; ``""`` where unknown.
        duration: seconds, from the file's header; 0 where it was not looked up.
        sample_rate: Hz, from the file's header; 0 where it was not looked up.
    """

    path: Path
    corpus: str
    speaker_id: str
    labels: dict[str, str] = field(default_factory=dict)
    word: str = ""
    kind: str = "speech"
    category: str = ""
    age_years: float | None = None
    language: str = ""
    accent: str = ""
    duration: float = 0.0
    sample_rate: int = 0

    def __post_init__(self) -> None:
        for name, label in self.labels.items():
            if name not in TRAITS or label not in TRAITS[name].labels:
                raise CorpusError(
                    f"{self.path.name}: {label!r} is no {name} that voxtrait knows.",
                    f"Known: {', '.join(TRAITS[name].labels if name in TRAITS else TRAITS)}.",
                )

    @property
    def speaker_known(self) -> bool:
        """Whether somebody wrote down who speaks; if not, the row only ever trains."""
        return not self.speaker_id.partition("/")[2].startswith(f"{UNKNOWN}:")
