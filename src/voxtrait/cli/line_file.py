"""A file of answers that is whole or not there, and survives a kill."""

from __future__ import annotations

import os
import shutil
import weakref
from typing import TYPE_CHECKING

from voxtrait.cli.earlier import Earlier
from voxtrait.cli.places import check_text
from voxtrait.cli.rows import FILE_NAMES
from voxtrait.cli.text_file import replacing
from voxtrait.cli.written import read_whole, without
from voxtrait.errors import OutOfSpace, UsageError
from voxtrait.system import DISK_IS_FULL
from voxtrait.whole_file import is_special, is_taken, target_of

if TYPE_CHECKING:
    from pathlib import Path

    from voxtrait.cli.rows import Format, Row

__all__ = ["LineFile"]


class LineFile:
    """Lines in ``FILE.partial`` beside the file, which takes its name when all are there.

    A line is handed to the system whole before the next is computed, so a killed process leaves
    every answer it gave, and at most one torn line, which `resume` drops.

    Args:
        path: the file to write. A pipe or a device is written to directly.
        form: how a line is read again; its header is the first line.
        resume: go on with what an interrupted run left, or else with the finished file. The
            errors in it stay until something stands in their place.

    Attributes:
        earlier: what earlier runs answered.
        is_seen: False; nothing of it appears on a terminal.

    Raises:
        UsageError: the path cannot be written to; another run writes it; there is a partial file
            and `resume` was not asked for; what is to be gone on with is not ours.
    """

    is_seen = False

    def __init__(self, path: str, form: Format, *, resume: bool = False) -> None:
        self.path = target_of(path)
        check_text(self.path)
        self.partial = self.path.with_name(f"{self.path.name}.partial")
        self.earlier = Earlier(form.key)
        self._form = form
        self._direct = is_special(self.path)
        self._header = len(f"{form.header}\n".encode()) if form.header else 0  # bytes
        if resume and self._direct:
            raise UsageError(f"{path} is no file that can be resumed.", "Leave --resume out.")
        if not self._direct and self.partial.exists():
            os.close(_opened(self.partial))  # raises while another run writes it
        self._was_partial = resume and self.partial.exists()
        kept = self._take_over() if resume else self._start_anew()
        self._file = _opened(self.path if self._direct else self.partial)
        self._close = weakref.finalize(self, os.close, self._file)
        self._size = self._kept = kept
        if not self._direct:
            os.ftruncate(self._file, kept)  # the torn line goes
            os.lseek(self._file, kept, os.SEEK_SET)
        if not kept and form.header:
            self._put(form.header)

    def write(self, row: Row) -> None:
        """Add the line of one answer; the system has it when this returns.

        Raises:
            OutOfSpace: the disk is full; the lines before are kept.
        """
        self._put(self._form.line(row))
        self.earlier.note(row["path"], failed="error" in row)

    def finish(self) -> None:
        """All answers are there: give the file its name, that of a former one too.

        Raises:
            OutOfSpace: there is no room to leave the outdated errors out; nothing is lost.
        """
        if self._direct:
            self._close()
            return
        os.fsync(self._file)
        self._close()
        longer = self.path.exists() and _begins_with(self.partial, self.path)
        if outdated := self.earlier.outdated():
            without(outdated, self.partial, self._form)
        if longer:  # a former file that goes on, and is not lost
            self.partial.replace(self.path)
        else:
            with replacing(self.path):
                self.partial.replace(self.path)

    def abandon(self) -> str:
        """No more answers come; says what is kept where, or nothing."""
        new = os.fstat(self._file).st_size > max(self._kept, self._header)
        self._close()
        if self._direct:
            return ""
        if new:
            return f"What was answered is in {self.partial}; the same call with --resume goes on."
        if not self._was_partial:  # a mere copy of the finished file, or empty
            self.partial.unlink(missing_ok=True)
        return ""

    def _put(self, line: str) -> None:
        content = f"{line}\n".encode("utf-8", FILE_NAMES)
        try:
            done = 0
            while done < len(content):
                done += os.write(self._file, content[done:])
        except OSError as error:
            if not self._direct:
                os.ftruncate(self._file, self._size)
            if error.errno in DISK_IS_FULL:
                hint = "Free some space; what was answered so far is kept."
                raise OutOfSpace(f"The disk of {self.path} is full.", hint) from error
            raise
        self._size += len(content)

    def _start_anew(self) -> int:
        left = self.partial.stat().st_size if self.partial.exists() else 0
        if left > self._header and not self._direct:
            raise UsageError(
                f"{self.partial} holds the answers of an interrupted run.",
                "Go on with --resume, or remove that file to start anew.",
            )
        return 0

    def _take_over(self) -> int:
        """Count what earlier runs answered; returns the bytes of their whole lines."""
        if self._was_partial:
            return read_whole(self.partial, self._form, self.earlier, torn=True)
        if not self.path.exists():
            return 0
        # Read before it is copied: what is not ours leaves nothing behind.
        kept = read_whole(self.path, self._form, self.earlier, torn=False)
        shutil.copyfile(self.path, self.partial)
        return kept


def _begins_with(longer: Path, shorter: Path) -> bool:
    with longer.open("rb") as whole, shorter.open("rb") as beginning:
        while block := beginning.read(1 << 16):
            if whole.read(len(block)) != block:
                return False
    return True


def _opened(path: Path) -> int:
    # A bare descriptor: nothing waits in a buffer when the process is killed or the disk is full.
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
    try:
        file = os.open(path, flags, 0o666)
    except OSError as error:
        hint = "Check the folder's permissions."
        raise UsageError(f"{path} cannot be written: {error.strerror}.", hint) from error
    if not is_special(path) and is_taken(file):
        os.close(file)
        raise UsageError(
            f"{path} is being written by another run.", "Wait for it, or give another --output."
        )
    return file
