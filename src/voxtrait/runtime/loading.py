"""From names and paths to a predictor."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any, TypeAlias

from voxtrait.errors import MissingModel, UsageError
from voxtrait.model_file import ModelFile
from voxtrait.runtime.predictor import Predictor
from voxtrait.runtime.registry import SIZES, SPEECH, find, models, shipped_traits
from voxtrait.speech import SpeechDetector
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxtrait.runtime.prediction import Prediction

__all__ = ["load", "predict"]

Which: TypeAlias = "str | os.PathLike[str] | bytes | ModelFile"


def load(
    which: Which | Iterable[Which] | None = None,
    *,
    size: str = "small",
    threads: int = 1,
    detect_speech: bool = True,
    traits: str | Iterable[str] | None = None,
) -> Predictor:
    """Load models.

    Args:
        which: a trait (``"gender"``), the name of a model that ships (``"voice-small"``), the path
            or the bytes of a model file, a ``ModelFile``, or several of these; all traits that
            models ship for if not given. A trait is answered alone; a model answers all that it
            knows.
        size: of the models that ship: ``"tiny"`` or ``"small"``.
        threads: of each run of a network.
        detect_speech: look for speech first. Without, everything counts as speech: for clips that
            are known to hold nothing else.
        traits: of those that the models know, which to answer, one or several; what ``which`` asks
            for if not given.

    Raises:
        MissingModel: no such file, or no such model ships.
        WrongModel: a model file that cannot be used.
        UsageError: an unknown size, or a trait that two models answer.
    """
    # That small ones ship needs no look at the files.
    if size != "small" and size not in (sizes := _sizes()):
        raise UsageError(f"No models of size {size!r} ship.", f"There are: {', '.join(sizes)}.")
    files: dict[str, ModelFile] = {}
    asked: set[str] = set()
    for one in shipped_traits() if which is None else _several(which):
        if isinstance(one, str) and one in TRAITS:
            shipped = find(one, size)
            if shipped.name not in files:
                files[shipped.name] = shipped.load()
            asked.add(one)
        else:
            file = _file(one)
            files[f"{len(files)} of the user's"] = file
            asked.update(file.card.traits)
    detector = SpeechDetector(find(SPEECH).load(), threads) if detect_speech else None
    wanted = [traits] if traits and isinstance(traits, str) else list(traits or ())
    known = {name for file in files.values() for name in file.card.traits}
    if other := [name for name in wanted if name in known - asked]:
        raise UsageError(
            f"Asked for were {', '.join(sorted(asked))}, and not {other[0]}.",
            "Name it in which as well, or leave traits out.",
        )
    return Predictor(
        list(files.values()), detector, traits=wanted or asked or None, threads=threads
    )


def predict(
    source: Any,
    sample_rate: int | None = None,
    *,
    max_seconds: float = 3600,
    channel: str | int = "mix",
) -> Prediction:
    """Answer all traits for one recording with the models that ship, loaded once.

    Args:
        source: a path, the bytes of a file, a binary file object, or an array ``[samples]``.
        sample_rate: of an array, Hz.
        max_seconds: a longer recording is refused.
        channel: ``"mix"``, or the number of one channel, from 0.

    Raises:
        AudioError: the recording cannot be used; ``NoSpeech`` where nobody speaks.
    """
    return _default().predict(source, sample_rate, max_seconds=max_seconds, channel=channel)


def _sizes() -> list[str]:
    """Those that ship, from the smallest."""
    ship = {model.name.rpartition("-")[2] for model in models()}
    return [name for name in SIZES if name in ship]


@functools.lru_cache(maxsize=1)
def _default() -> Predictor:
    return load()


def _several(which: Which | Iterable[Which]) -> list[Which]:
    if isinstance(which, str | bytes | os.PathLike | ModelFile):
        return [which]
    return list(which)


def _file(which: Which) -> ModelFile:
    """A model file by its path, bytes or name."""
    if isinstance(which, ModelFile):
        return which
    if isinstance(which, str) and which in {model.name for model in models()}:
        return find(which).load()
    try:
        return ModelFile.load(which)
    except MissingModel as error:
        names = [*TRAITS, *(model.name for model in models() if model.name != SPEECH)]
        raise MissingModel(error.message, f"Give a path, or one of: {', '.join(names)}.") from None
