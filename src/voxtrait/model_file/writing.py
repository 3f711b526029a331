"""Model files made: a card put into a graph, and files put on the disk whole."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from voxtrait.errors import MissingRequirement, OutOfSpace, WrongModel
from voxtrait.model_file.outline import with_metadata, without_metadata
from voxtrait.model_file.protobuf import DamagedError
from voxtrait.model_file.session import DAMAGED
from voxtrait.system import DISK_IS_FULL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voxtrait.model_file.card import Card

__all__ = [
    "KEY",
    "checksum",
    "is_changed",
    "shown",
    "with_card",
    "write_model",
    "write_whole",
]

# The metadata entries that hold the card, and the SHA-256 of all the rest of the file.
KEY = "voxtrait"
SEAL = "voxtrait_sha256"


def with_card(graph: bytes, card: Card) -> bytes:
    """The ONNX file with its card set or replaced, sealed against changes.

    Raises:
        WrongModel: the bytes are not a whole ONNX file.
    """
    try:
        whole = with_metadata(without_metadata(graph, SEAL), KEY, card.to_json())
        return with_metadata(whole, SEAL, checksum(whole))
    except DamagedError as error:
        raise WrongModel(f"The model of bytes is damaged: {error}.", DAMAGED) from None


def is_changed(data: bytes, metadata: Mapping[str, str]) -> bool:
    """Whether a file is another than it was when its card was written into it.

    Args:
        data: the whole file.
        metadata: its entries; one without a seal was written by something else.
    """
    return SEAL in metadata and checksum(without_metadata(data, SEAL)) != metadata[SEAL]


def checksum(data: bytes) -> str:
    """SHA-256, hexadecimal."""
    import hashlib

    return hashlib.sha256(data).hexdigest()


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
