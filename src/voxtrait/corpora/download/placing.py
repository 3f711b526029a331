"""What was unpacked, put where a corpus belongs: nothing that is there already is touched."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from voxtrait.errors import CorpusError, MissingRequirement
from voxtrait.system import shown
from voxtrait.whole_file import is_taken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["alone", "merge", "unpacked_folder"]

KEPT = ".downloads"  # archives that are not all there, beside the corpora


@contextlib.contextmanager
def alone(folder: Path, name: str) -> Iterator[Path]:
    """The folder for what is not whole yet, while no other run gets the same corpus.

    It is removed after the block where nothing is left in it.

    Raises:
        MissingRequirement: another run is at it, or the folder may not be written to.
    """
    kept = folder / KEPT
    lock = kept / f"{name}.lock"
    try:
        kept.mkdir(parents=True, exist_ok=True)
        file = os.open(lock, os.O_WRONLY | os.O_CREAT, 0o666)
    except OSError as error:
        raise MissingRequirement(
            f"{shown(str(kept))} cannot be written to: {error.strerror}.",
            "Ask for permission, or give --output another folder.",
        ) from error
    try:
        # A lock that its owner has just removed is none: the next run would make another.
        if is_taken(file) or not _is_same(lock, file):
            raise MissingRequirement(
                f"Another run is getting {name} into {folder}.", "Wait for its end."
            )
        try:
            yield kept
        finally:
            with contextlib.suppress(OSError):  # Windows removes nothing that is open
                lock.unlink()
    finally:
        os.close(file)
        with contextlib.suppress(OSError):  # something is kept in it
            kept.rmdir()


def _is_same(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except OSError:
        return False


@contextlib.contextmanager
def unpacked_folder(kept: Path, name: str) -> Iterator[Path]:
    """A new folder that is gone after the block; what a killed run left of it goes first."""
    made = kept / f"{name}.unpacked"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def merge(made: Path, target: Path) -> None:
    """Move what was unpacked to its place. A file that is there already is left alone.

    Raises:
        CorpusError: where a folder belongs there is a file, or the other way round; nothing was
            moved then.
    """
    moves = list(_moves(made, target))
    for _, place in moves:
        place.parent.mkdir(parents=True, exist_ok=True)
    for source, place in moves:
        source.replace(place)


def _moves(source: Path, place: Path) -> Iterator[tuple[Path, Path]]:
    """The uppermost files and folders that can be moved whole, and where to."""
    if not os.path.lexists(place):
        yield source, place
    elif source.is_dir() != place.is_dir():
        kind = "no folder" if source.is_dir() else "a folder"
        raise CorpusError(
            f"{shown(str(place))} is {kind}, where the corpus has one of the other kind.",
            "Move it away, or give --output another folder.",
        )
    elif source.is_dir():
        for inner in sorted(source.iterdir()):
            yield from _moves(inner, place / inner.name)
