"""One recording and what a model said of it: the row that every figure is made of."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voxtrait.corpora.utterance import Utterance
from voxtrait.errors import ManifestError, VoxtraitError
from voxtrait.traits import TRAITS
from voxtrait.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["CLEAN", "Scored", "read_rows", "write_rows"]

CLEAN = "clean"
_START = '{"utterance": '  # of every row, so that no other text is taken for half of one


@dataclass(frozen=True, slots=True)
class Scored:
    """One recording of known truth, with the answers to it or the reason why there are none.

    Args:
        utterance: the recording and its labels.
        probabilities: trait name to probabilities over **all** of the trait's labels, in order;
            0 for a label that the model does not know. Empty without an answer.
        label: trait name to the label answered.
        unsure: trait name to whether the model called its answer unsure.
        years: the answer's years, where age was answered.
        interval: the 80 % interval of these years.
        priors: trait name to the prior in the probabilities, over all labels; absent for a model
            that has none. A speaker's label over several recordings needs it.
        models: trait name to the name of the model that answered.
        fingerprint: of the models and the detector that answered, see
            `voxtrait.evaluation.asked`; ``""`` in files of earlier versions.
        duration: seconds of the recording, after any cut.
        speech: seconds of it that were found to be speech.
        condition: what was done to the recording first, ``"clean"`` for nothing.
        error: type of the error in place of answers, such as ``"NoSpeech"``; ``""`` for none.
        message: the error in words.
    """

    utterance: Utterance
    probabilities: dict[str, tuple[float, ...]] = field(default_factory=dict)
    label: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, bool] = field(default_factory=dict)
    years: float | None = None
    interval: tuple[float, float] | None = None
    priors: dict[str, tuple[float, ...]] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    duration: float = 0.0
    speech: float = 0.0
    condition: str = CLEAN
    error: str = ""
    message: str = ""

    def __post_init__(self) -> None:
        for trait, row in self.probabilities.items():
            if trait not in TRAITS or len(row) != len(TRAITS[trait].labels):
                raise ManifestError(
                    f"{self.utterance.path.name}: {len(row)} probabilities for {trait!r}.",
                    f"Known traits: {', '.join(TRAITS)}, each with all of its labels.",
                )
            # A NaN would pass silently through every mean below.
            if not all(math.isfinite(p) and -1e-6 <= p <= 1 + 1e-6 for p in row):
                raise ManifestError(
                    f"{self.utterance.path.name}: {trait} has a probability outside 0 to 1.",
                    "Evaluate this model again; its answers are not usable as they are.",
                )

    @property
    def key(self) -> tuple[str, str]:
        """What two evaluations have in common for one recording: its path and the condition."""
        return str(self.utterance.path), self.condition

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for one line of JSON."""
        row = asdict(self)
        row["utterance"]["path"] = str(self.utterance.path)
        return row

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Scored:
        """The row again.

        Raises:
            KeyError, TypeError, ValueError: not such a row; `read_rows` names the line.
        """
        values = dict(row)
        utterance = dict(values.pop("utterance"))
        utterance["path"] = Path(utterance["path"])
        for name in ("probabilities", "priors"):
            values[name] = {trait: tuple(p) for trait, p in values.get(name, {}).items()}
        if values.get("interval") is not None:
            low, high = values["interval"]
            values["interval"] = (float(low), float(high))
        return cls(utterance=Utterance(**utterance), **values)


def read_rows(path: Path, *, torn_end: bool = False) -> Iterator[Scored]:
    """Rows of a JSON Lines file, one at a time.

    Args:
        path: a file that `write_rows` or `score` wrote.
        torn_end: leave out a last line that was cut short, as a killed evaluation leaves it.

    Raises:
        ManifestError: no such file, or a line is not a row; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    except OSError as error:
        raise ManifestError(
            f"The scored rows {path} cannot be read: {error.strerror}.",
            "Write them with `voxtrait evaluate --output DIR`.",
        ) from error
    for number, line in enumerate(lines, start=1):
        # A whole line ends with a line break, so what follows the last break is empty or torn.
        torn = torn_end and number == len(lines) and line.startswith(_START[: len(line)])
        if not line or torn:
            continue
        try:
            yield Scored.from_dict(json.loads(line))
        except (AttributeError, KeyError, TypeError, ValueError, VoxtraitError) as error:
            raise ManifestError(
                f"{path}, line {number}, is not a scored row: {error}.",
                "Delete the line, or the file, and evaluate again.",
            ) from error


def write_rows(path: Path, rows: Iterable[Scored]) -> None:
    """Write JSON Lines beside ``path``, then rename: a reader never sees half a file."""
    text = "".join(f"{json.dumps(row.to_dict())}\n" for row in rows)
    write_whole(path, text.encode("utf-8", errors="surrogateescape"))
