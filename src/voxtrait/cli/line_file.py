"""A file of answers that is whole or not there, and survives a kill."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from voxtrait.cli.earlier import Earlier
from voxtrait.cli.failure import DISK_IS_FULL
from voxtrait.errors import OutOfSpace, UsageError

if TYPE_CHECKING:
    from voxtrait.cli.rows import Format, Line, Row

__all__ = ["LineFile", "write_text"]


class LineFile:
    """Lines in ``FILE.partial`` beside the file, which takes its name when all are there.

    A line is handed to the system whole before the next is computed, so a killed process leaves
    every answer it gave, and at most one torn line, which `resume` drops.

    Args:
        path: the file to write. A pipe or a device is written to directly.
        form: how a line is read again; its header is the first line.
        resume: go on with what an interrupted run left, or else with the finished file.

    Attributes:
        earlier: what earlier runs answered.
        is_seen: False; nothing of it appears on a terminal.

    Raises:
        UsageError: the path cannot be written to; there is a partial file and `resume` was not
            asked for; a line of it is not one of ours.
    """

    is_seen = False

    def __init__(self, path: str, form: Format, *, resume: bool = False) -> None:
        self.path = Path(os.path.realpath(path))  # the end of a link is replaced, not the link
        self.partial = self.path.with_name(f"{self.path.name}.partial")
        self.earlier = Earlier(form.key)
        self._form = form
        self._direct = is_special(self.path)
        self._header = len(f"{form.header}\n".encode()) if form.header else 0  # bytes
        _check_folder(self.path)
        if resume and self._direct:
            raise UsageError(f"{path} is no file that can be resumed.", "Leave --resume out.")
        kept = self._take_over() if resume else self._start_anew()
        where = self.path if self._direct else self.partial
        self._file = _open_for_lines(where)
        self._size = kept
        if not self._direct:
            os.ftruncate(self._file, kept)  # the torn line goes
            os.lseek(self._file, kept, os.SEEK_SET)
        if not kept and form.header:
            self._put(form.header)

    def write(self, row: Row) -> None:
        """Add the line of one answer; the system has it when this returns.

        Raises:
            OutOfSpace: the disk is full; the lines before are kept.
            UsageError: other models answered the lines before.
        """
        self.earlier.check_same_models(row)
        self._put(self._form.line(row))

    def finish(self) -> None:
        """All answers are there: give the file its name."""
        if self._direct:
            os.close(self._file)
            return
        os.fsync(self._file)
        os.close(self._file)
        self.partial.replace(self.path)

    def abandon(self) -> str:
        """No more answers come; says what is kept where, or nothing."""
        kept = os.fstat(self._file).st_size > self._header
        os.close(self._file)
        if self._direct:
            return ""
        if not kept:
            self.partial.unlink(missing_ok=True)
            return ""
        return f"What was answered is in {self.partial}; the same call with --resume goes on."

    def _put(self, line: str) -> None:
        content = f"{line}\n".encode()
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
        if not self.partial.exists():
            if not self.path.exists():
                return 0
            shutil.copyfile(self.path, self.partial)
        kept = 0
        with self.partial.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):  # torn by the kill
                    break
                kept += len(line)
                if number == 1 and self._form.header:
                    self._check_header(line)
                else:
                    self._count(line, number)
        return kept

    def _check_header(self, line: bytes) -> None:
        if line.decode(errors="replace").rstrip("\r\n") != self._form.header:
            raise UsageError(
                f"{self.partial} begins with other columns.",
                "Resume with the --format it was begun with, or remove that file.",
            )

    def _count(self, line: bytes, number: int) -> None:
        try:
            parsed: Line = self._form.parse(line.decode().rstrip("\r\n"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                f"Line {number} of {self.partial} is not an answer in this format.",
                "Resume with the --format it was begun with, or remove that file.",
            ) from error
        self.earlier.add(parsed)


def write_text(path: str, text: str) -> None:
    """Write a file beside its place and rename it; a pipe or device is written to directly.

    Raises:
        UsageError: the path cannot be written to.
        OSError: the disk is full or refuses; what was there before is untouched.
    """
    target = Path(os.path.realpath(path))
    _check_folder(target)
    if is_special(target):
        target.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")
        return
    beside = target.with_name(f"{target.name}.partial")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def is_special(path: Path) -> bool:
    """A pipe or a device: it can be written to, but not replaced."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _check_folder(path: Path) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "Give --output a file's name.")
    if not path.parent.is_dir():
        raise UsageError(f"The folder {path.parent} is not there.", "Make it first.")


def _open_for_lines(path: Path) -> int:
    # A bare descriptor: nothing waits in a buffer when the process is killed or the disk is full.
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
    try:
        return os.open(path, flags, 0o666)
    except OSError as error:
        hint = "Check the folder's permissions."
        raise UsageError(f"{path} cannot be written: {error.strerror}.", hint) from error
