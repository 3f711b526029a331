"""An archive to a folder, whatever its maker had in mind.

Every member is looked at by this module itself: ``tarfile``'s filters were got around more than
once. Nothing but folders and files is made, each new, each below the folder, and no more bytes than
were agreed on.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from voxtrait.errors import CorpusError, MissingRequirement, OutOfSpace
from voxtrait.system import DISK_IS_FULL, first_line, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["unpack"]

BLOCK = 1 << 20
HEADERS = 300_000_000  # bytes of a tar that are of no file: headers, and what fills its blocks
MOST_MEMBERS = 5_000_000
LONGEST_NAME = 1_000
DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    ValueError,
)
# Errors of the system that are the archive's: a file in the place of a folder, names too long.
IMPOSSIBLE = (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG)
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
PACKED = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
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
        for name, file in _members(archive, most):
            place = _place(archive, name, inside)
            if place is None:
                continue
            target = folder / place
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                out = target.open("xb")
            except OSError as error:
                if error.errno not in IMPOSSIBLE:
                    raise
                what = f"holds {shown(name[:100])} twice, or under a name that cannot be"
                raise _refused(archive, what) from error
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
    with archive.open("rb") as file:
        head = file.read(8)
    if head.startswith(ZIP):
        yield from _of_zip(archive)
        return
    # Each of them opens for reading, but their types have nothing in common.
    opener: Any = next((how for magic, how in PACKED.items() if head.startswith(magic)), open)
    with opener(archive, "rb") as packed:
        yield from _of_tar(archive, Counted(packed, most + HEADERS))


def _of_zip(archive: Path) -> Iterator[Member]:
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            # The upper half of the attributes is the mode on Unix; 0 where none was kept.
            kind = info.external_attr >> 28
            if kind not in (0, 0o4, 0o10):
                raise _refused(archive, f"holds {shown(info.filename)}, which is no file")
            # Of other kinds Python unpacks all that there is before it gives the first byte.
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _refused(archive, f"packs {shown(info.filename)} in an unusual way")
            if not info.is_dir():
                yield info.filename, packed.open(info)


def _of_tar(archive: Path, stream: Counted) -> Iterator[Member]:
    with tarfile.open(fileobj=stream, mode="r|") as tar:  # type: ignore[call-overload]
        for number, member in enumerate(tar):
            tar.members.clear()  # it would keep every one
            if number > MOST_MEMBERS:
                raise _refused(archive, f"holds more than {MOST_MEMBERS:,} entries")
            if member.isdir():
                continue
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                what = "link" if member.issym() or member.islnk() else "device"
                raise _refused(archive, f"holds the {what} {shown(member.name)}")
            yield member.name, content
        end: int = tar.offset
    while stream.read(BLOCK):  # up to the end of what is packed: only there stands its check sum
        pass
    # tarfile takes a damaged header for the end; behind the true one there are zeros alone.
    if stream.last >= end or stream.done < end + tarfile.BLOCKSIZE:
        raise _refused(archive, "is damaged, or ends too early")


class Counted:
    """A stream that gives no more bytes than were agreed on, and knows where the last one stood.

    Args:
        stream: what is read.
        most: bytes.

    Attributes:
        done: bytes that were read.
        last: place of the last byte that was not zero; -1 for none.
    """

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._most = stream, most
        self.done, self.last = 0, -1

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes.

        Raises:
            TarError: it is more than was agreed on.
        """
        block = self._stream.read(size)
        if held := len(block.rstrip(b"\0")):
            self.last = self.done + held - 1
        self.done += len(block)
        if self.done > self._most:
            raise tarfile.TarError("more comes out of it than a corpus of its kind has")
        return block


def _place(archive: Path, name: str, inside: str) -> PurePosixPath | None:
    """Where a member goes below the folder; None for one that is left out."""
    path = PurePosixPath(name)
    odd = path.is_absolute() or ".." in path.parts or len(name) > LONGEST_NAME
    if odd or any(letter in '\\:*?"<>|' or not letter.isprintable() for letter in name):
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
