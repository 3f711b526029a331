"""Prepared examples on disk: plain NumPy arrays, mapped into memory, never unpickled."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from voxtrait.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from voxtrait.corpora import Manifest

__all__ = [
    "FRAMES_A_SECOND",
    "INDEX",
    "Prepared",
    "open_prepared",
    "read_index",
    "shard_done",
    "write_array",
    "write_shard",
]

FRAMES_A_SECOND = 100  # of the features
# One row an example: which utterance, copy 0 as it was, part of its speaker and of what was mixed
# in (-1: only trains; nothing mixed in), whether the pitch was moved, and where its frames stand.
INDEX = np.dtype(
    [
        ("utterance", "i4"),
        ("copy", "i2"),
        ("part", "i2"),
        ("material", "i2"),
        ("pitch", "?"),
        ("shard", "i4"),
        ("start", "i8"),
        ("frames", "i4"),
    ]
)


@dataclass(frozen=True)
class Prepared:
    """Examples on disk.

    Args:
        manifest: the recordings they were made of.
        index: one row an example, of type `INDEX`.
        shards: features ``[frames, bands]`` (and pitch) of each shard, float16, mapped into memory.
        speech: for the style ``frames``, 0 or 1 for each frame of a shard; empty else.
        lessons: what a teacher makes of each example of a shard, ``[examples, width]``, NaN where
            it has nothing to say; no shards without a teacher.
    """

    manifest: Manifest
    index: NDArray[np.void]
    shards: list[NDArray[np.float16]]
    speech: list[NDArray[np.uint8]]
    lessons: list[NDArray[np.float16]] = field(default_factory=list)


def open_prepared(manifest: Manifest, folder: Path, count: int, lessons: str = "") -> Prepared:
    """The examples of ``count`` shards, and the lessons in the files of that name, if any."""
    shards = range(count)
    taught = shards if lessons else ()
    return Prepared(
        manifest,
        np.concatenate([np.zeros(0, INDEX), *(read_index(folder, shard) for shard in shards)]),
        [np.load(_file(folder, shard, "features"), mmap_mode="r") for shard in shards],
        [np.load(_file(folder, shard, "speech"), mmap_mode="r") for shard in shards],
        [np.load(_file(folder, shard, lessons), mmap_mode="r") for shard in taught],
    )


def read_index(folder: Path, shard: int) -> NDArray[np.void]:
    """One row an example of a shard, of type `INDEX`."""
    index: NDArray[np.void] = np.load(_file(folder, shard, "index"), allow_pickle=False)
    return index


def write_shard(
    folder: Path,
    shard: int,
    index: NDArray[np.void],
    features: NDArray[np.float16],
    speech: NDArray[np.uint8],
) -> None:
    """Write one shard; its index comes last and says by being there that the shard is whole."""
    for name, array in (("features", features), ("speech", speech), ("index", index)):
        write_array(folder, shard, name, array)


def write_array(folder: Path, shard: int, name: str, array: NDArray[Any]) -> None:
    """Write one of a shard's files whole or not at all."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    write_whole(_file(folder, shard, name), buffer.getvalue())


def shard_done(folder: Path, shard: int, name: str = "index") -> bool:
    """Whether a shard, or another of its files, was written whole."""
    return _file(folder, shard, name).exists()


def _file(folder: Path, shard: int, name: str) -> Path:
    return folder / f"{shard:05d}.{name}.npy"
