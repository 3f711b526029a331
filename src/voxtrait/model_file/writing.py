"""Model files made: a card put into a graph, and files put on the disk whole."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from voxtrait.errors import MissingRequirement, OutOfSpace, WrongModel
from voxtrait.model_file.outline import with_metadata
from voxtrait.model_file.protobuf import DamagedError
from voxtrait.model_file.seal import sealed
from voxtrait.model_file.session import DAMAGED
from voxtrait.system import DISK_IS_FULL

if TYPE_CHECKING:
    from pathlib import Path

    from voxtrait.model_file.card import Card

__all__ = ["KEY", "shown", "with_card", "write_model", "write_whole"]

# The metadata entry that holds the card.
KEY = "voxtrait"


def with_card(graph: bytes, card: Card) -> bytes:
    """The ONNX file with its card set or replaced, sealed against changes.

    Raises:
        WrongModel: the bytes are not a whole ONNX file.
    """
    try:
        return sealed(with_metadata(graph, KEY, card.to_json()))
    except DamagedError as error:
        raise WrongModel(f"The model of bytes is damaged: {error}.", DAMAGED) from None


def write_model(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a model file whole or not at all.

    Raises:
        MissingRequirement: as `write_whole`.
    """
    from pathlib import Path  # takes 3 ms of a start, which writes nothing

    write_whole(Path(path), data)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then renamed.

    Args:
        path: of the file; folders above it that do not exist are made.
        content: all of it.

    Raises:
        OutOfSpace: the disk is full; what was at ``path`` is untouched.
        MissingRequirement: the system does not let it be written there; the same holds.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        name = shown(str(path))
        if error.errno in DISK_IS_FULL:
            raise OutOfSpace(
                f"The disk is full: {len(content):,} bytes for {name} do not fit.",
                "Free some space and try again; what was there before is untouched.",
            ) from error
        raise MissingRequirement(
            f"{name} cannot be written: {error.strerror}.",
            "Choose another place, or ask for permission to write there.",
        ) from error


def shown(name: str) -> str:
    """A file's name without what would move a terminal's cursor or cannot be printed."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in name
    )
