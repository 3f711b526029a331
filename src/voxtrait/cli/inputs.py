"""The recordings that the arguments of a command name."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from voxtrait.errors import AudioError, MissingAudio, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Recording", "find_recordings"]

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Recording:
    """One input of a command.

    Args:
        name: as people and programs are told it: a path, or ``-``.
        source: what the predictor reads; None when there is nothing to read.
        error: why there is nothing to read.
    """

    name: str
    source: str | BinaryIO | None = None
    error: AudioError | None = None


def find_recordings(arguments: Iterable[str]) -> Iterator[Recording]:
    """Files, the audio files of folders, the lines of an ``@list``, and ``-`` for standard input.

    An input that is not there comes out as a `Recording` with an error, so that it is answered
    for like any other and the rest go on.

    Raises:
        UsageError: standard input is asked for twice.
    """
    given = list(arguments)
    if sum(argument in ("-", "@-") for argument in given) > 1:
        raise UsageError("Standard input can be read only once.", "Give - or @- a single time.")
    for argument in given:
        if argument == "-":
            yield _standard_input()
        elif argument.startswith("@"):
            yield from _listed(argument)
        else:
            yield from _found(argument)


def _standard_input() -> Recording:
    if sys.stdin is None:
        return Recording(
            "-", error=MissingAudio("Standard input is closed.", "Pipe a file into it.")
        )
    if sys.stdin.isatty():
        hint = "Pipe a recording into it: voxtrait predict - < clip.wav"
        return Recording("-", error=MissingAudio("Standard input is a terminal.", hint))
    return Recording("-", sys.stdin.buffer)


def _listed(argument: str) -> Iterator[Recording]:
    """The recordings of ``@FILE``, one path a line, relative to the current folder.

    A line that begins with ``#`` is a comment; a path that does is written ``./#name``.
    """
    try:
        if argument == "@-":
            content = sys.stdin.buffer.read() if sys.stdin is not None else b""
        else:
            with open(argument[1:], "rb") as file:  # noqa: PTH123 a Path cannot hold every name
                content = file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        hint = "For a recording whose own name begins with @ write ./@name."
        yield Recording(
            argument, error=MissingAudio(f"The list {argument[1:]} cannot be read: {reason}.", hint)
        )
        return
    if b"\0" in content and not content.startswith(UTF_16):
        hint = f"If it is a recording, leave out the @: {argument[1:]}"
        message = f"The list {argument[1:]} is no text, so it holds no paths."
        yield Recording(argument, error=MissingAudio(message, hint))
        return
    names = [name for line in _lines(content) if (name := _name_of(line))]
    if not names:
        hint = "Give it one path a line; a line that begins with # is a comment."
        yield Recording(argument, error=MissingAudio(f"The list {argument[1:]} is empty.", hint))
    for name in names:
        yield from _found(name)


def _lines(content: bytes) -> list[str]:
    """The lines without their ends, of Windows too; PowerShell writes UTF-16."""
    if content.startswith(UTF_16) and b"\0" in content:
        # No name can hold a 0. Not splitlines: it also breaks where a name may have a break.
        return [line.rstrip("\r") for line in content.decode("utf-16", "replace").split("\n")]
    # Bytes, because a name need not be valid in any encoding.
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
    return [os.fsdecode(line.rstrip(b"\r")) for line in lines]


def _name_of(line: str) -> str:
    """The path in a line of a list; nothing for a comment or an empty line.

    A name may begin or end with spaces, and then there is such a file; else they are a slip.
    """
    name = line if os.path.lexists(line) else line.strip()
    return "" if name.startswith("#") else name


def _found(name: str) -> Iterator[Recording]:
    if not os.path.isdir(name):  # noqa: PTH112 a Path would rewrite the name as the user gave it
        yield Recording(name, name)
        return
    empty = True
    for recording in _inside(name):
        empty = False
        yield recording
    if empty:
        hint = "Files with an audio suffix are looked for, in its subfolders too."
        yield Recording(name, error=MissingAudio(f"The folder {name} holds no audio file.", hint))


def _inside(folder: str) -> Iterator[Recording]:
    """Audio files below a folder, sorted by name; hidden ones left out, each folder seen once."""
    # Imported here: a list of files needs none of it, and neither does --help.
    from voxtrait.audio import AUDIO_SUFFIXES

    seen: set[tuple[int, int]] = set()
    waiting: list[str | Recording] = [folder]  # a stack: no depth is too deep for it
    while waiting:
        item = waiting.pop()
        if isinstance(item, Recording):
            yield item
            continue
        try:
            status = os.stat(item)  # noqa: PTH116
            # A link may lead back up, or to a folder that was already listed.
            if (identity := (status.st_dev, status.st_ino)) in seen:
                continue
            seen.add(identity)
            with os.scandir(item) as entries:
                inside = sorted(entries, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            message = f"The folder {item} cannot be opened: {error.strerror}."
            waiting.append(Recording(item, error=MissingAudio(message, "Check its permissions.")))
            continue
        for entry in inside:
            if entry.name.startswith("."):  # also macOS's ._name.wav, which is no audio
                continue
            is_audio = os.path.splitext(entry.name)[1].lower() in AUDIO_SUFFIXES  # noqa: PTH122
            if _is_folder(entry, otherwise=not is_audio):
                waiting.append(entry.path)
            elif is_audio and _readable(entry):
                waiting.append(Recording(entry.path, entry.path))


def _is_folder(entry: os.DirEntry[str], *, otherwise: bool) -> bool:
    """Whether it is a folder; ``otherwise`` for a link that leads where nobody may go."""
    try:
        return entry.is_dir()
    except OSError:
        return otherwise


def _readable(entry: os.DirEntry[str]) -> bool:
    """A file, or a link whose end is missing, which is then answered for; no pipe or device."""
    try:
        return stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return True
