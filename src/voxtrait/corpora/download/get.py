"""A corpus from its makers to the folder that its reader looks for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from voxtrait.corpora.download.fetch import fetch, hash_of, size_of
from voxtrait.corpora.download.placing import KEPT, alone, merge, unpacked_folder
from voxtrait.corpora.download.sources import SOURCES, Archive
from voxtrait.corpora.download.unpack import unpack
from voxtrait.corpora.readers import CORPUS_FOLDERS, LICENCES
from voxtrait.corpora.recordings import walk
from voxtrait.errors import CorpusError, OutOfSpace, UsageError
from voxtrait.system import shown

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["COMMON_VOICE", "Progress", "download", "licence_of", "parts_of"]

Progress = Callable[[str, int, int], None]

COMMON_VOICE = "common_voice"
GROWTH = 20  # what comes out of an archive of sound is never so many times larger
SMALL = 10_000_000  # bytes that may come out of any archive
SPARE = 100_000_000  # bytes of the disk that are left alone


def parts_of(name: str, parts: Sequence[str] = ()) -> list[tuple[str, Archive]]:
    """The archives that a corpus is got from.

    Raises:
        UsageError: it cannot be downloaded, or has no such part.
    """
    if name == COMMON_VOICE:
        raise UsageError(
            "Common Voice is given to those who agree to its terms, by hand.",
            "Choose a release of English at https://commonvoice.mozilla.org/datasets, then: "
            "voxtrait corpus download common_voice --archive FILE",
        )
    _check_known(name)
    source = SOURCES[name]
    for part in parts:
        if part not in source.parts or not part:
            known = ", ".join(filter(None, source.parts)) or "it has none"
            raise UsageError(f"{name} has no part {part!r}.", f"Known: {known}.")
    return [(part, source.parts[part]) for part in parts or source.usual]


def _check_known(name: str) -> None:
    known = (*SOURCES, COMMON_VOICE)
    if name not in known:
        raise UsageError(f"{name!r} cannot be downloaded.", f"These can: {', '.join(known)}.")


def licence_of(name: str) -> str:
    """A line about whose recordings these are, to be read before they are got.

    Raises:
        UsageError: it cannot be downloaded.
    """
    _check_known(name)
    page = SOURCES[name].page if name in SOURCES else "https://commonvoice.mozilla.org"
    return f"{name} is licensed under {LICENCES[name]}: {page}"


def download(
    name: str,
    folder: Path,
    *,
    parts: Sequence[str] = (),
    archive: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Get a corpus, part by part; what is there already is left alone.

    Nothing is there half: an archive that breaks off goes on at the next call, and a corpus appears
    when all of it is unpacked and counted.

    Args:
        name: of a corpus in `SOURCES`, or ``common_voice`` with an archive.
        folder: of corpora; the corpus lies below it under its usual name.
        parts: of a corpus that has some; those in `Source.usual` if none is named.
        archive: a file that was got by hand; then nothing is downloaded.
        progress: called with what is done, bytes done, and bytes in all or 0.

    Returns:
        The corpus's folder.

    Raises:
        UsageError: no such corpus or part, or an archive for several parts.
        MissingRequirement: the server does not give it, or the folder may not be written to.
        OutOfSpace: there is less room than it takes.
        CorpusError: the archive is another than it should be, damaged, or a trap.
    """
    target = folder / CORPUS_FOLDERS.get(name, (name,))[0]
    tell = progress or _silent
    if archive is not None and name == COMMON_VOICE:
        wanted = [("", Archive(archive.name))]
    else:
        wanted = parts_of(name, parts)
    if archive is not None and len(wanted) > 1:
        raise UsageError("One archive is one part.", "Name it with --part.")
    if os.path.lexists(target) and not target.is_dir():
        raise CorpusError(
            f"{shown(str(target))} is no folder.", "Move it away, or give --output another folder."
        )
    if archive is not None:
        _by_hand(archive, wanted[0][1], name, folder, target, tell)
        return target
    missing = [(part, one) for part, one in wanted if not _is_there(target, name, part, one)]
    _check_room(folder, [one for _, one in missing])
    for part, one in missing:
        with alone(folder, name) as kept:
            if not _is_there(target, name, part, one):  # another run may have been faster
                _get(one, kept, name, target, tell)
    return target


def _get(archive: Archive, kept: Path, name: str, target: Path, tell: Progress) -> None:
    place = kept / archive.name
    if not place.exists():
        stage = f"downloading {archive.name}"
        fetch(archive.url, place, size=archive.size, progress=partial(tell, stage))
    try:
        _put(place, archive, kept, name, target, tell)
    except CorpusError as error:
        place.unlink()  # it would be refused again
        hint = (
            "It is removed: run the same again, or get it by hand and give it with --archive FILE."
        )
        raise CorpusError(error.message, hint) from error
    place.unlink()


def _by_hand(
    place: Path, archive: Archive, name: str, folder: Path, target: Path, tell: Progress
) -> None:
    """Unpack a file that stays where it is."""
    if not place.is_file():
        raise CorpusError(f"There is no file {shown(str(place))}.", "Check its name.")
    size = place.stat().st_size
    _check_room(folder, [Archive(archive.url, size=1, unpacked=max(size, archive.unpacked))])
    with alone(folder, name) as kept:
        _put(place, archive, kept, name, target, tell)


def _put(
    place: Path, archive: Archive, kept: Path, name: str, target: Path, tell: Progress
) -> None:
    """Check, unpack and count a file, then move what was in it to the corpus.

    Raises:
        CorpusError: another file than it should be, damaged, a trap, or too few recordings.
    """
    _check(place, archive, tell)
    with unpacked_folder(kept, name) as made:
        _unpack(place, archive, made, tell)
        merge(made, target)


def _silent(stage: str, done: int, size: int) -> None:
    del stage, done, size


def _is_there(target: Path, name: str, part: str, archive: Archive) -> bool:
    """Whether so many recordings of it are there as there should be."""
    place = target / "LibriSpeech" / part if name == "librispeech" else target
    return place.is_dir() and sum(1 for _ in walk(place)) >= archive.recordings


def _check_room(folder: Path, archives: Sequence[Archive]) -> None:
    """Before hours of downloading."""
    there = [size_of(folder / KEPT / suffixed) for one in archives for suffixed in _names(one)]
    needed = sum((one.size or one.unpacked) + one.unpacked for one in archives) - sum(there)
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(existing).free - SPARE
    if free < needed:
        names = ", ".join(one.name for one in archives)
        raise OutOfSpace(
            f"{names}: {needed / 1e9:.1f} GB to get and unpack; there are "
            f"{max(0, free) / 1e9:.1f} GB free for {folder}.",
            "Make room, or give --output a folder on another disk.",
        )


def _names(archive: Archive) -> tuple[str, str]:
    return archive.name, f"{archive.name}.part"


def _check(place: Path, archive: Archive, tell: Progress) -> None:
    """Refuse a file that is another than it should be.

    Raises:
        CorpusError: by its size or its SHA-256.
    """
    size = place.stat().st_size
    wrong = f"{size:,} bytes instead of {archive.size:,}"
    if archive.size in (0, size):
        if not archive.sha256:
            return
        if hash_of(place, partial(tell, f"checking {archive.name}")) == archive.sha256:
            return
        wrong = f"another SHA-256 than {archive.sha256}"
    raise CorpusError(
        f"{shown(str(place))} is another file than {archive.url} should be: {wrong}.",
        "Get it anew.",
    )


def _unpack(place: Path, archive: Archive, made: Path, tell: Progress) -> None:
    """Unpack and count.

    Raises:
        CorpusError: damaged, a trap, or too few recordings.
    """
    most = max(2 * archive.unpacked, GROWTH * place.stat().st_size + SMALL)
    stage = f"unpacking {place.name}"
    unpack(
        place,
        made,
        inside=archive.inside,
        most=most,
        progress=lambda done: tell(stage, done, archive.unpacked),
    )
    found = sum(1 for _ in walk(made))
    if found < archive.recordings:
        raise CorpusError(
            f"{place.name} holds {found:,} recordings; it should hold {archive.recordings:,}.",
            f"Give the file as its makers packed it: {archive.url}",
        )
