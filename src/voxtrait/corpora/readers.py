"""The corpora that can be read, by name: a new one is one file and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from voxtrait.corpora import (
    audiomnist,
    common_voice,
    folders,
    fsdd,
    librispeech,
    noise,
    speech_commands,
    synthetic,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voxtrait.corpora.dropped import Dropped
    from voxtrait.corpora.utterance import Utterance

__all__ = ["CORPUS_FOLDERS", "LICENCES", "READERS", "Reader"]


class Reader(Protocol):
    """A function from a corpus's folder to its rows."""

    def __call__(self, root: Path, dropped: Dropped | None = None) -> Iterator[Utterance]:
        """Yield each recording that is there; count in ``dropped`` what is left out."""


READERS: dict[str, Reader] = {
    "audiomnist": audiomnist.read,
    "common_voice": common_voice.read,
    "folders": folders.read,
    "fsdd": fsdd.read,
    "librispeech": librispeech.read,
    "noise": noise.read,
    "speech_commands": speech_commands.read,
    "synthetic": synthetic.read,
    "table": table.read,
}

# Where each corpus usually lies below a folder of corpora. A table and labelled folders are one's
# own, and lie anywhere.
CORPUS_FOLDERS: dict[str, tuple[str, ...]] = {
    "audiomnist": ("audiomnist",),
    "common_voice": ("common_voice", "common_voice_1"),
    "fsdd": ("fsdd",),
    "librispeech": ("librispeech",),
    "noise": ("noise",),
    "speech_commands": ("speech_commands",),
    "synthetic": ("synthetic",),
}

# What a model's card says of the recordings it was trained on.
LICENCES = {
    "audiomnist": "MIT",
    "common_voice": "CC0-1.0",
    "fsdd": "CC-BY-SA-4.0",
    "librispeech": "CC-BY-4.0",
    "noise": "CC0-1.0, CC-BY and CC-BY-SA by recording",
    "speech_commands": "CC-BY-4.0",
    "synthetic": "voices of espeak-ng or Kokoro, made by this project",
}
