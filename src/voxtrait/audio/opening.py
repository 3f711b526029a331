"""Opening what a recording comes from, without ever waiting for somebody to write."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING

from voxtrait.audio.source import Source, describe, printable
from voxtrait.errors import AudioOutOfBounds, MissingAudio, UnreadableAudio, UsageError

if TYPE_CHECKING:
    from typing import BinaryIO

    from voxtrait.audio.source import AudioSource

__all__ = ["open_source"]

SMALL = 4 << 20  # files up to this size are read at once: one system call instead of many
MAX_PIPED = 1 << 30  # bytes kept of a source that cannot be sought
PIECE = 1 << 20


def open_source(source: AudioSource) -> Source:
    """Open a recording; its name's ending plays no part in how it is read.

    Args:
        source: a path, the bytes of a file, or a binary file object, which is read from its start
            where it can be sought and left open.

    Raises:
        MissingAudio: no such file, or it may not be opened.
        UnreadableAudio: a folder, a pipe or device, or empty.
        UsageError: none of the kinds above.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        opened = Source("The recording", len(source), data=bytes(source))
    elif isinstance(source, str | os.PathLike):
        opened = _open_path(source)
    elif hasattr(source, "read"):
        opened = _open_file_object(source)
    else:
        raise UsageError(
            f"A recording is a path, bytes or a binary file object, not {type(source).__name__}.",
            "A waveform array needs no reading: pass it on together with its sample rate.",
        )
    if opened.size == 0:
        opened.close()
        raise opened.refuse("is empty (0 bytes)", "Record or copy it again.")
    return opened


def _open_path(path: str | os.PathLike[str]) -> Source:
    text = os.fspath(path)
    if not isinstance(text, str):
        raise UsageError(
            f"The path {text!r} is made of bytes.", "Decode it with os.fsdecode first."
        )
    name = printable(text)
    # Opening a pipe that nobody writes to would wait for ever; without O_NONBLOCK, that is.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(text, flags | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as error:
        raise _cannot_open(text, name, error) from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise _not_a_file(name, status.st_mode)
    if status.st_size > SMALL:
        file = os.fdopen(descriptor, "rb", buffering=1 << 16)
        return Source(name, status.st_size, file=file, owned=True)
    try:
        data = _read_all(descriptor, status.st_size)
    except OSError as error:
        raise UnreadableAudio(
            f"{name} cannot be read ({describe(error)}).", "Check the disk, or copy the file again."
        ) from error
    finally:
        os.close(descriptor)
    return Source(name, len(data), data=data)


def _read_all(descriptor: int, size: int) -> bytes:
    data = os.read(descriptor, size)
    while len(data) < size:  # only where the file shrinks meanwhile, or a signal arrives
        more = os.read(descriptor, size - len(data))
        if not more:
            break
        data += more
    return data


def _cannot_open(text: str, name: str, error: Exception) -> MissingAudio | UnreadableAudio:
    code = error.errno if isinstance(error, OSError) else None
    # Windows refuses to open a folder as if permission were lacking.
    if code == errno.EISDIR or (code == errno.EACCES and os.path.isdir(text) and os.name == "nt"):
        return _not_a_file(name, stat.S_IFDIR)
    if code in (errno.EACCES, errno.EPERM):
        return MissingAudio(f"{name} may not be opened.", "Ask for permission to read it.")
    if code == errno.ENOENT and os.path.islink(text):
        return MissingAudio(f"{name} is a link to a file that is gone.", "Mend or remove the link.")
    if code in (errno.ENOENT, errno.ENOTDIR):
        return MissingAudio(f"There is no file '{name}'.", "Check the path for typing errors.")
    if code in (errno.ENXIO,):
        return _not_a_file(name, stat.S_IFSOCK)
    return MissingAudio(f"'{name}' cannot be opened ({describe(error)}).", "Check the path.")


def _not_a_file(name: str, mode: int) -> UnreadableAudio:
    if stat.S_ISDIR(mode):
        return UnreadableAudio(f"{name} is a folder.", "Give a file in it.")
    return UnreadableAudio(
        f"{name} is a pipe, socket or device, not a file.",
        "Save the sound to a file first, or pass an opened file object.",
    )


def _open_file_object(file: BinaryIO) -> Source:
    name = "The recording"
    with contextlib.suppress(Exception):
        if isinstance(file.name, str):
            name = printable(file.name)
    try:
        # A map of memory can be sought in, and has no word for that.
        if file.seekable() if hasattr(file, "seekable") else hasattr(file, "seek"):
            file.seek(0, os.SEEK_END)
            size = file.tell()
            file.seek(0)
            sample = file.read(1)
            opened = Source(name, size, file=file)
        else:
            sample = _read_pipe(name, file)
            opened = Source(name, len(sample), data=sample)
    except (AudioOutOfBounds, TypeError):
        raise
    except Exception as error:  # a user's file object may raise anything
        raise UnreadableAudio(
            f"{name} cannot be read ({describe(error)}).", "Pass an open binary file object."
        ) from error
    if not isinstance(sample, bytes):
        raise UsageError(f"{name} was opened as text.", "Open it with mode 'rb'.")
    return opened


def _read_pipe(name: str, file: BinaryIO) -> bytes:
    pieces: list[bytes] = []
    total = 0
    while piece := file.read(PIECE):
        pieces.append(piece)
        total += len(piece)
        if total > MAX_PIPED:
            raise AudioOutOfBounds(
                f"{name} sends more than {MAX_PIPED >> 20} MiB and cannot be sought.",
                "Save it to a file first; files are read in blocks.",
            )
    # Text is handed on as it is, for the caller to refuse it.
    return b"".join(pieces) if all(isinstance(p, bytes) for p in pieces) else pieces[0]
