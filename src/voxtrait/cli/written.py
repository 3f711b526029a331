"""A file of answers read again: counted line by line, or written anew without some."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from voxtrait.cli.rows import FILE_NAMES, FORMATS
from voxtrait.errors import OutOfSpace, UsageError
from voxtrait.system import DISK_IS_FULL

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from pathlib import Path

    from voxtrait.cli.earlier import Earlier
    from voxtrait.cli.rows import Format, Line

__all__ = ["read_whole", "without"]

LONGEST_QUOTED = 1 << 20  # bytes; a file with longer ones is none of ours


def read_whole(path: Path, form: Format, earlier: Earlier, *, torn: bool) -> int:
    """Count the lines of a file that an earlier run wrote.

    Args:
        path: the file.
        form: how its lines are read.
        earlier: is told of each.
        torn: the last line may have been torn by a kill; it is left out.

    Returns:
        Bytes of its whole lines.

    Raises:
        UsageError: the file holds something else; the message says what.
    """
    kept = 0
    for number, line in enumerate(_lines(path, form), start=1):
        if not line.endswith(b"\n") or _is_open(line, form):
            if torn:
                break
            raise UsageError(
                f"{path} ends in the middle of a line: {_shown(line)}",
                "Complete that line or remove it, or write to another file.",
            )
        kept += len(line)
        if number == 1 and form.header:
            if _text(line) != form.header:
                raise _not_ours(path, number, line, form)
            continue
        try:
            earlier.add(_parsed(line, form))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _not_ours(path, number, line, form) from error
    return kept


def without(outdated: Counter[str], path: Path, form: Format) -> None:
    """Leave lines with errors out of a file, which is replaced when that is done.

    Args:
        outdated: how many errors of each input go, the first in the file.
        path: the file.
        form: how its lines are read.

    Raises:
        OutOfSpace: the disk is full; the file is as it was.
    """
    beside = path.with_name(f"{path.name}.new")
    spare = outdated.copy()
    try:
        with beside.open("wb") as new:
            for number, line in enumerate(_lines(path, form)):
                if number or not form.header:
                    parsed = _parsed(line, form)
                    if parsed.failed and spare[parsed.key] > 0:
                        spare[parsed.key] -= 1
                        continue
                new.write(line)
            new.flush()
            os.fsync(new.fileno())
    except OSError as error:
        beside.unlink(missing_ok=True)
        if error.errno in DISK_IS_FULL:
            hint = "Free some space, and go on with --resume; every answer is kept."
            raise OutOfSpace(f"The disk of {path} is full.", hint) from error
        raise
    beside.replace(path)


def _lines(path: Path, form: Format) -> Iterator[bytes]:
    """The lines with their ends; one that a quoted name breaks is put together again."""
    line, is_open = b"", False
    with path.open("rb") as file:
        for part in file:
            line += part
            is_open ^= _is_open(part, form)
            if not is_open or len(line) > LONGEST_QUOTED:
                yield line
                line, is_open = b"", False
    if line:
        yield line


def _is_open(line: bytes, form: Format) -> bool:
    """Whether the line ends between quotes: else their number is even, for each has its twin."""
    return form.quotes and line.count(b'"') % 2 == 1


def _text(line: bytes) -> str:
    return line.decode("utf-8", FILE_NAMES).removesuffix("\n").removesuffix("\r")


def _parsed(line: bytes, form: Format) -> Line:
    return form.parse(_text(line))


def _not_ours(path: Path, number: int, line: bytes, form: Format) -> UsageError:
    """What was found in place of an answer."""
    name = next(name for name, known in FORMATS.items() if known is form)
    for other, known in FORMATS.items():
        if known is not form and number == 1 and _is_of(line, known):
            return UsageError(
                f"{path} holds answers as {other}, not as {name}.", f"Add --format {other}."
            )
    return UsageError(
        f"{path} is no file of answers as {name}: line {number} is {_shown(line)}",
        "Give --output the file that the earlier run wrote, or leave --resume out to replace it.",
    )


def _is_of(line: bytes, form: Format) -> bool:
    """Whether a file of this format could begin with the line."""
    try:
        return _text(line) == form.header if form.header else bool(_parsed(line, form))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _shown(line: bytes) -> str:
    text = _text(line[:200])
    return f"{text[:40]!r}{' ...' if len(text) > 40 else ''}."
