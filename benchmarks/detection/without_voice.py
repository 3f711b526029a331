"""Recordings from outside the corpora in which nobody speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from detection.figures import grouped, share
from voxtrait.speech import SpeechDetector
from voxtrait.training.materials import read_16k

__all__ = ["Silent", "ask", "by_folder", "recordings"]


class Silent(NamedTuple):
    """Whether one fold's detector left a recording without an answer."""

    folder: str
    name: str
    silent: bool


def ask(detector: SpeechDetector, root: Path, least: float) -> Iterator[Silent]:
    """Every recording below the root.

    Args:
        detector: of a fold; none of them has heard these.
        root: a folder of recordings, in folders that name their kind.
        least: seconds of speech from which there is an answer.
    """
    for file in recordings(root):
        heard = sum(segment.seconds for segment in detector.segments(read_16k(file)))
        yield Silent(file.parent.name, file.name, heard < least)


def recordings(root: Path) -> list[Path]:
    """The WAV files below a folder, in order."""
    return sorted(root.rglob("*.wav"))


def by_folder(asked: Iterable[Silent]) -> dict[str, dict[str, Any]]:
    """The share without an answer, with its interval over recordings, by folder."""
    return {
        folder: asdict(share((one.name, int(one.silent), 1) for one in some))
        for folder, some in grouped(asked, lambda one: one.folder)
    }
