"""A corpus from its makers to the folder that its reader looks for."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from voxtrait.corpora.download.fetch import fetch, hash_of
from voxtrait.corpora.download.sources import SOURCES, Archive
from voxtrait.corpora.download.unpack import unpack
from voxtrait.corpora.readers import CORPUS_FOLDERS, LICENCES
from voxtrait.corpora.recordings import walk
from voxtrait.errors import CorpusError, MissingRequirement, OutOfSpace, UsageError
from voxtrait.system import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["COMMON_VOICE", "Progress", "download", "licence_of", "parts_of"]

Progress = Callable[[str, int, int], None]

COMMON_VOICE = "common_voice"
KEPT = ".downloads"  # archives that are not all there, beside the corpora
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
    if name not in SOURCES:
        raise UsageError(
            f"{name!r} cannot be downloaded.", f"These can: {', '.join((*SOURCES, COMMON_VOICE))}."
        )
    source = SOURCES[name]
    for part in parts:
        if part not in source.parts or not part:
            known = ", ".join(filter(None, source.parts)) or "it has none"
            raise UsageError(f"{name} has no part {part!r}.", f"Known: {known}.")
    return [(part, source.parts[part]) for part in parts or source.usual]


def licence_of(name: str) -> str:
    """A line about whose recordings these are, to be read before they are got.

    Raises:
        UsageError: it cannot be downloaded.
    """
    if name not in (*SOURCES, COMMON_VOICE):
        parts_of(name)
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
    if archive is not None:
        wanted = [("", Archive(archive.name))] if name == COMMON_VOICE else parts_of(name, parts)
        if len(wanted) > 1:
            raise UsageError("One archive is one part.", "Name it with --part.")
        _put(archive, wanted[0][1], target, tell)
        return target
    for part, one in parts_of(name, parts):
        if _is_there(target, name, part):
            continue
        place = folder / KEPT / one.name
        _check_room(folder, one, _there(place))
        if not place.exists():
            fetch(one.url, place, progress=partial(tell, f"downloading {one.name}"))
        _check(place, one, tell)
        _put(place, one, target, tell)
        place.unlink()
    return target


def _silent(stage: str, done: int, size: int) -> None:
    del stage, done, size


def _is_there(target: Path, name: str, part: str) -> bool:
    return (target / "LibriSpeech" / part).is_dir() if name == "librispeech" else target.is_dir()


def _there(place: Path) -> int:
    files = (place, place.with_name(f"{place.name}.part"))
    return max((file.stat().st_size for file in files if file.exists()), default=0)


def _check_room(folder: Path, archive: Archive, there: int) -> None:
    """Before hours of downloading."""
    needed = max(0, (archive.size or archive.unpacked) - there) + archive.unpacked
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(existing).free - SPARE
    if free < needed:
        raise OutOfSpace(
            f"{archive.name} takes {needed / 1e9:.1f} GB to get and unpack; there are "
            f"{max(0, free) / 1e9:.1f} GB free for {folder}.",
            "Make room, or give --output a folder on another disk.",
        )


def _check(place: Path, archive: Archive, tell: Progress) -> None:
    """Refuse a file that is another; it is removed, for it would be refused again."""
    size = place.stat().st_size
    wrong = f"{size:,} bytes instead of {archive.size:,}"
    if archive.size in (0, size):
        if not archive.sha256:
            return
        if hash_of(place, partial(tell, f"checking {archive.name}")) == archive.sha256:
            return
        wrong = f"another SHA-256 than {archive.sha256}"
    place.unlink()
    raise CorpusError(
        f"{archive.url} gave another file than it should: {wrong}. It is removed.",
        "Run the same again; if it stays so, get it by hand and give it with --archive FILE.",
    )


def _put(place: Path, archive: Archive, target: Path, tell: Progress) -> None:
    """Unpack beside the corpus's folder, count, and move it there."""
    if not place.is_file():
        raise CorpusError(f"There is no file {shown(str(place))}.", "Check its name.")
    size = place.stat().st_size
    most = max(2 * archive.unpacked, GROWTH * size + SMALL)
    stage = f"unpacking {place.name}"
    with _beside(target) as made:
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
                "Remove it and get it anew.",
            )
        _merge(made, target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder beside another that is gone after the block, whatever happens in it."""
    above = target.parent
    try:
        above.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=above))
    except OSError as error:
        raise MissingRequirement(
            f"{shown(str(above))} cannot be written to: {error.strerror}.",
            "Ask for permission, or give --output another folder.",
        ) from error
    try:
        made.chmod(0o755)  # mkdtemp's 700 would lock out whoever may read the folder
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _merge(made: Path, target: Path) -> None:
    """Move what was unpacked to its place, folder by folder where some are there already."""
    for source in _tops(made, target):
        place = target / source.relative_to(made)
        place.parent.mkdir(parents=True, exist_ok=True)
        source.replace(place)


def _tops(made: Path, target: Path) -> Iterator[Path]:
    """The uppermost files and folders that can be moved whole."""
    if not target.exists():
        yield made
        return
    for source in sorted(made.iterdir()):
        place = target / source.name
        if source.is_dir() and place.is_dir():
            yield from _tops(source, place)
        else:
            yield source
