"""Model files made: a card put into a graph, and the whole put on the disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from voxtrait.errors import OutOfSpace, WrongModel
from voxtrait.model_file.outline import with_metadata
from voxtrait.model_file.protobuf import DamagedError
from voxtrait.model_file.session import DAMAGED

if TYPE_CHECKING:
    from voxtrait.model_file.card import Card

__all__ = ["KEY", "shown", "with_card", "write_model"]

# The metadata entry that holds the card.
KEY = "voxtrait"
FULL = (errno.ENOSPC, errno.EDQUOT)


def with_card(graph: bytes, card: Card) -> bytes:
    """The ONNX file with its card set or replaced.

    Raises:
        WrongModel: the bytes are not a whole ONNX file.
    """
    try:
        return with_metadata(graph, KEY, card.to_json())
    except DamagedError as error:
        raise WrongModel(f"The model of bytes is damaged: {error}.", DAMAGED) from None


def write_model(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a model file whole or not at all: beside its place first, then renamed.

    Raises:
        OutOfSpace: the disk is full; what was at ``path`` is untouched.
        OSError: the folder cannot be written.
    """
    target = Path(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        if error.errno in FULL:
            raise OutOfSpace(
                f"The disk is full: {len(data):,} bytes for {shown(str(target))} do not fit.",
                "Free some space and try again; what was there before is untouched.",
            ) from None
        raise


def shown(name: str) -> str:
    """A file's name without what would move a terminal's cursor or cannot be printed."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in name
    )
