"""Whether a model file is what it was when its card was written into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.model_file.outline import with_metadata, without_metadata

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["checksum", "is_changed", "sealed"]

# The metadata entry that holds the SHA-256 of the file without that entry.
SEAL = "voxtrait_sha256"


def sealed(data: bytes) -> bytes:
    """The same file with its seal, a new one where it has one.

    Raises:
        DamagedError: the bytes are not a whole protobuf message.
    """
    bare = without_metadata(data, SEAL)
    return with_metadata(bare, SEAL, checksum(bare))


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
