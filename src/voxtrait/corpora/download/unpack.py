"""An archive to a folder, whatever its maker had in mind.

Every member is looked at by this module itself: ``tarfile``'s filters were got around more than
once. Nothing but folders and files is made, each new, each below the folder, and no more bytes than
were agreed on.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from voxtrait.errors import CorpusError, MissingRequirement, OutOfSpace
from voxtrait.system import DISK_IS_FULL, first_line, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["unpack"]

BLOCK = 1 << 20
MOST_MEMBERS = 5_000_000
LONGEST_NAME = 1_000
DAMAGED = (tarfile.TarError, zipfile.BadZipFile, zlib.error, LZMAError, EOFError, RuntimeError)
GET_ANEW = "Remove it and get it anew."

Member = tuple[str, IO[bytes]]


def unpack(
    archive: Path,
    folder: Path,
    *,
    inside: str = "",
    most: int,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Put an archive's files into a folder that is new or empty.

    Args:
        archive: a ``.zip``, ``.tar``, ``.tar.gz``, ``.tar.bz2`` or ``.tar.xz``, by content.
        folder: is made.
        inside: folder of the archive that becomes ``folder``; what lies beside it is left out.
        most: bytes that may come out.
        progress: called with the bytes that came out.

    Returns:
        Bytes that came out.

    Raises:
        CorpusError: no archive, a damaged one, or one with a link, a device, a name that leads out
            of the folder or stands twice, or more bytes than ``most``.
        OutOfSpace: the disk is full.
        MissingRequirement: the system does not let it be written.
    """
    done = 0
    with _understood(archive):
        for number, (name, file) in enumerate(_members(archive, most)):
            if number >= MOST_MEMBERS:
                raise _refused(archive, f"holds more than {MOST_MEMBERS:,} files")
            place = _place(archive, name, inside)
            if place is None:
                continue
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                out = target.open("xb")
            except FileExistsError as error:
                raise _refused(archive, f"holds {shown(name)} twice") from error
            with out, file:
                while block := file.read(BLOCK):
                    done += len(block)
                    if done > most:
                        what = f"holds more than {most:,} bytes, which no corpus of its kind does"
                        raise _refused(archive, what)
                    out.write(block)
                    if progress is not None:
                        progress(done)
    return done


def _members(archive: Path, most: int) -> Iterator[Member]:
    """Name and content of each file, in the archive's order."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            for info in packed.infolist():
                # The upper half of the attributes is the mode on Unix; 0 where none was kept.
                kind = info.external_attr >> 28
                if kind not in (0, 0o4, 0o10):
                    raise _refused(archive, f"holds {shown(info.filename)}, which is no file")
                if not info.is_dir():
                    yield info.filename, packed.open(info)
        return
    with tarfile.open(archive, "r:*") as tar:
        for member in tar:
            if member.isdir():
                continue
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                what = "link" if member.issym() or member.islnk() else "device"
                raise _refused(archive, f"holds the {what} {shown(member.name)}")
            yield member.name, content
        _read_on(archive, tar.fileobj, most)


def _read_on(archive: Path, packed: Any, most: int) -> None:
    """Up to the end of what is packed: only there stands its check sum."""
    behind = 0
    while block := packed.read(BLOCK):
        behind += len(block)
        if behind > most:
            raise _refused(archive, "goes on behind its end")


def _place(archive: Path, name: str, inside: str) -> PurePosixPath | None:
    """Where a member goes below the folder; None for one that is left out."""
    path = PurePosixPath(name)
    odd = path.is_absolute() or ".." in path.parts or len(name) > LONGEST_NAME
    if odd or any(letter in '\\:*?"<>|' or ord(letter) < 32 for letter in name):
        raise _refused(archive, f"names a file {shown(name)!r}, which may lead anywhere")
    if not path.parts:
        raise _refused(archive, "holds a file without a name")
    if not inside:
        return path
    return path.relative_to(inside) if path.is_relative_to(inside) else None


def _refused(archive: Path, what: str) -> CorpusError:
    return CorpusError(f"{shown(str(archive))} {what}: it is not unpacked.", GET_ANEW)


@contextmanager
def _understood(archive: Path) -> Iterator[None]:
    """Errors of the system and of the packers in our own words."""
    try:
        yield
    except DAMAGED as error:
        raise CorpusError(
            f"{shown(str(archive))} is no archive, or a damaged one ({first_line(error)}).",
            GET_ANEW,
        ) from error
    except OSError as error:
        if error.errno in DISK_IS_FULL:
            raise OutOfSpace(
                f"The disk is full: {shown(str(archive))} cannot be unpacked.",
                "Make room and run the same again.",
            ) from error
        if error.errno is None:  # of the packers: a check sum, a block that ends early
            raise CorpusError(
                f"{shown(str(archive))} is damaged ({first_line(error)}).", GET_ANEW
            ) from error
        raise MissingRequirement(
            f"{shown(str(error.filename or archive))} cannot be used: {error.strerror}.",
            "Check its name and rights.",
        ) from error
