"""The model files that ship with the package."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from voxtrait.errors import MissingModel
from voxtrait.model_file import ModelFile
from voxtrait.model_file.seal import checksum
from voxtrait.traits import TRAITS
from voxtrait.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from voxtrait.model_file import Card

__all__ = [
    "CHECKSUMS",
    "FOLDER",
    "SIZES",
    "SPEECH",
    "Shipped",
    "find",
    "models",
    "of_file",
    "shipped_traits",
    "write_checksums",
]

FOLDER = os.path.join(os.path.dirname(__file__), "models")
CHECKSUMS = "checksums.json"
SPEECH = "speech"
SIZES = ("tiny", "small", "base")


class Shipped(NamedTuple):
    """A model file of the package.

    Args:
        name: without its suffix, such as ``"voice-small"``.
        file: where it lies.
        size: bytes.
        sha256: its checksum when it was shipped, hexadecimal.
    """

    name: str
    file: str
    size: int
    sha256: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        from pathlib import Path  # takes 3 ms of a start

        return Path(self.file)

    @property
    def card(self) -> Card:
        """Its card; no session is made."""
        return self.load().card

    def load(self) -> ModelFile:
        """Read and check it.

        Raises:
            MissingModel: the file is gone.
            WrongModel: it was changed since it was shipped.
        """
        return ModelFile.load(self.file, self.sha256)


def models(folder: str | os.PathLike[str] = FOLDER) -> list[Shipped]:
    """The model files that ship, by family and then by size; the speech detector comes last.

    Args:
        folder: model files and their ``checksums.json``.

    Raises:
        MissingModel: a file that the checksums name is gone.
    """
    found = []
    for name, sha256 in _checksums(folder).items():
        file = os.path.join(folder, f"{name}.onnx")
        try:
            size = os.stat(file).st_size
        except OSError:
            raise MissingModel(
                f"The model {name} is missing from the package.", "Install voxtrait again."
            ) from None
        found.append(Shipped(name, file, size, sha256))
    return sorted(found, key=_order)


def of_file(file: str) -> Shipped:
    """A model file of one's own, told of as those that ship are.

    Raises:
        MissingModel: no such file, or it may not be read.
        WrongModel: it is no model file.
    """
    model = ModelFile.load(file)
    return Shipped(model.card.name, file, len(model.graph), checksum(model.graph))


def find(which: str, size: str = "small", folder: str | os.PathLike[str] = FOLDER) -> Shipped:
    """One model file that ships.

    Args:
        which: a trait, a family (``"voice"``, ``"digit"``), or a full name (``"voice-small"``,
            ``"speech"``).
        size: ``"tiny"``, ``"small"`` or ``"base"``; plays no part with a full name.
        folder: model files and their ``checksums.json``.

    Raises:
        MissingModel: none of that name or size ships; the hint lists those that do.
    """
    shipped = {model.name: model for model in models(folder)}
    if which in shipped:
        return shipped[which]
    name = f"{_family(which)}-{size}"
    if name not in shipped:
        raise MissingModel(
            f"No model {name!r} ships with voxtrait.",
            f"There are: {', '.join(shipped) or 'none'}.",
        )
    return shipped[name]


def shipped_traits(folder: str | os.PathLike[str] = FOLDER) -> list[str]:
    """The traits that models ship for, of whatever size; one that nobody trained is left out."""
    families = {name.rpartition("-")[0] for name in _checksums(folder)}
    return [trait for trait in TRAITS if _family(trait) in families]


def _family(which: str) -> str:
    """Of a trait; anything else is a family's name already."""
    return (TRAITS[which].family if which in TRAITS else "") or which


def write_checksums(folder: str | os.PathLike[str] = FOLDER) -> None:
    """Write the checksums of all model files of a folder, after they were made."""
    from pathlib import Path

    sums = {path.stem: checksum(path.read_bytes()) for path in sorted(Path(folder).glob("*.onnx"))}
    write_whole(Path(folder, CHECKSUMS), f"{json.dumps(sums, indent=2)}\n".encode())


def _checksums(folder: str | os.PathLike[str]) -> dict[str, str]:
    try:
        with open(os.path.join(folder, CHECKSUMS), "rb") as file:
            sums: dict[str, str] = json.load(file)
    except FileNotFoundError:
        return {}
    return sums


def _order(model: Shipped) -> tuple[bool, str, int]:
    family, _, size = model.name.rpartition("-")
    return model.name == SPEECH, family, SIZES.index(size) if size in SIZES else len(SIZES)
