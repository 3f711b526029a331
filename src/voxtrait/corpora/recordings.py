"""Recordings in folders: found by name whatever their suffix, because corpora get converted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from voxtrait.audio import AUDIO_SUFFIXES
from voxtrait.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from voxtrait.corpora.dropped import Dropped
    from voxtrait.corpora.utterance import Utterance

__all__ = ["Recordings", "bare", "folder", "is_file", "is_folder", "not_empty", "walk"]


class Recordings:
    """Folders of recordings, each listed once and then searched by name without suffix.

    Args:
        dropped: counts a recording that stands beside another of its name.
    """

    def __init__(self, dropped: Dropped) -> None:
        self._dropped = dropped
        self._folders: dict[Path, dict[str, str]] = {}

    def find(self, place: Path, name: str, *, exactly_if_there: bool = False) -> Path | None:
        """The recording ``name`` in the folder ``place``, with whatever audio suffix it has.

        Args:
            place: the folder.
            name: of the file, with a suffix or without.
            exactly_if_there: what is called so is taken, whatever stands beside it.
        """
        if exactly_if_there and _is_audio(name) and is_file(place / name):
            return place / name
        found = self.names(place).get(bare(name))
        return None if found is None else place / found

    def names(self, place: Path) -> dict[str, str]:
        """Bare name to file name of a folder's recordings, sorted; empty for no such folder."""
        if place not in self._folders:
            self._folders[place] = self._list(place)
        return self._folders[place]

    def _list(self, place: Path) -> dict[str, str]:
        names: dict[str, str] = {}
        for name in entries(place, folders=False) if is_folder(place) else ():
            if _is_audio(name) and names.setdefault(bare(name), name) != name:
                self._dropped.row("the same recording with another suffix", place / name)
        return names


def walk(root: Path) -> Iterator[Path]:
    """Every recording below a folder, sorted, each folder once; what is hidden is passed over."""
    yield from _walk(root, set())


def _walk(root: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    files = entries(root, folders=False)
    status = root.stat()
    if (identity := (status.st_dev, status.st_ino)) in seen:  # a link leads back up
        return
    seen.add(identity)
    for name in files:
        if _is_audio(name):
            yield root / name
    for name in entries(root, folders=True):
        yield from _walk(root / name, seen)


def entries(place: Path, *, folders: bool) -> list[str]:
    """Names of the files, or of the folders, that stand in a folder; sorted, none hidden."""
    try:
        with os.scandir(place) as listing:
            return sorted(
                entry.name
                for entry in listing
                if not entry.name.startswith(".") and _is_dir(entry) == folders
            )
    except OSError as error:
        raise CorpusError(
            f"The folder {place} cannot be listed ({error.strerror}).",
            "Check its name and that you may read it.",
        ) from error


def _is_dir(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder; no link that leads in a circle, or where nobody may go."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def folder(root: Path, *inner: str) -> Path:
    """The folder ``root/inner``, or ``root`` itself where that is what was given.

    Raises:
        CorpusError: no such folder.
    """
    if not is_folder(root):
        raise CorpusError(
            f"There is no folder {root}, or it may not be entered.",
            "Give the folder the corpus lies in.",
        )
    deep = root.joinpath(*inner)
    return deep if is_folder(deep) else root


def is_folder(path: Path) -> bool:
    """Whether a folder is there and may be looked at."""
    try:
        return path.is_dir()
    except OSError:  # before Python 3.14 a folder above that may not be entered raises
        return False


def is_file(path: Path) -> bool:
    """Whether a file is there and may be looked at."""
    try:
        return path.is_file()
    except OSError:  # see `is_folder`
        return False


def not_empty(rows: Iterable[Utterance], root: Path, layout: str) -> Iterator[Utterance]:
    """The rows as they come.

    Raises:
        CorpusError: there was none; ``layout`` tells what was looked for.
    """
    empty = True
    for row in rows:
        empty = False
        yield row
    if empty:
        raise CorpusError(f"No recording of the corpus was found in {root}.", f"Expected {layout}.")


def bare(name: str) -> str:
    """A file's name without its audio suffix; a dot in a name is not a suffix."""
    return name[: name.rindex(".")] if _is_audio(name) else name


def _is_audio(name: str) -> bool:
    stem, dot, suffix = name.rpartition(".")
    return bool(stem and dot) and f".{suffix.lower()}" in AUDIO_SUFFIXES
