"""Model files made: a card put into a graph, and both on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.errors import WrongModel
from voxtrait.model_file.outline import with_metadata
from voxtrait.model_file.protobuf import DamagedError
from voxtrait.model_file.seal import sealed
from voxtrait.model_file.session import DAMAGED
from voxtrait.whole_file import write_whole

if TYPE_CHECKING:
    import os

    from voxtrait.model_file.card import Card

__all__ = ["KEY", "with_card", "write_model"]

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
    """Write a model file whole or not at all; see `voxtrait.whole_file.write_whole`."""
    write_whole(path, data)
