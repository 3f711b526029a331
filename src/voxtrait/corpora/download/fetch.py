"""One file from a server to the disk, over as many connections as it takes."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from voxtrait.errors import CorpusError, MissingRequirement
from voxtrait.system import DISK_IS_FULL, first_line, shown
from voxtrait.whole_file import refusal, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["Patience", "fetch", "hash_of", "size_of"]

BLOCK = 1 << 16
AGENT = "voxtrait"
GONE = (404, 410)
CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for.

    Args:
        silence: seconds without a byte after which a connection is given up.
        attempts: connections in a row that bring nothing before it is an error.
        pause: seconds before the second of them; twice as long before each further one.
    """

    silence: float = 30.0
    attempts: int = 5
    pause: float = 1.0


class _Refused(Exception):
    """The server has it, but not from there on: what is on the disk is of another file."""


def fetch(
    url: str,
    path: Path,
    *,
    size: int = 0,
    progress: Callable[[int, int], None] | None = None,
    patience: Patience | None = None,
) -> None:
    """Get a file. What is there of it already is not asked for again.

    Until all is there it is called ``NAME.part``, and beside it ``NAME.part.json`` tells of which
    version of the file it is a part: the rest of another version is never put behind it.

    Args:
        url: ``http`` or ``https``.
        path: where it is to lie; nobody else writes there meanwhile.
        size: bytes that it must have; 0 where that is not known.
        progress: called with bytes that are there and bytes in all, 0 where nobody knows.
        patience: how long the server is waited for.

    Raises:
        MissingRequirement: the server cannot be reached, does not have it, or may not be written
            from there to the disk. What came stays.
        OutOfSpace: the disk is full. What came stays.
        CorpusError: the server says that the file has another size.
    """
    patience = patience or Patience()
    part = path.with_name(f"{path.name}.part")
    failures, reason = 0, ""
    while failures < patience.attempts:
        if failures:
            time.sleep(patience.pause * 2 ** (failures - 1))
        before = size_of(part)
        reason = _attempt(url, part, size, progress, patience.silence)
        if not reason:
            part.replace(path)
            _note_of(part).unlink(missing_ok=True)
            return
        failures = 0 if size_of(part) > before else failures + 1
    goes_on = ": it goes on where it stopped" if _read_note(part).get("version") else ""
    raise MissingRequirement(
        f"{url} cannot be got: {reason}.",
        f"Look whether the network is there, and run the same again{goes_on}.",
    )


def _attempt(
    url: str,
    part: Path,
    size: int,
    progress: Callable[[int, int], None] | None,
    silence: float,
) -> str:
    """One connection; why not all is there after it, or nothing where it is."""
    try:
        whole = _some_of(url, part, size, progress, silence)
    except _Refused:
        part.unlink(missing_ok=True)
        return "it does not give the rest of the file"
    except ValueError as error:
        return f"its answer makes no sense ({first_line(error)})"
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in GONE:
            raise MissingRequirement(
                f"{url} is not there: {error.code} {error.reason}.",
                "It may have moved: get it by hand, and give it with --archive FILE.",
            ) from error
        return f"{error.code} {error.reason}"
    except (http.client.HTTPException, urllib.error.URLError, TimeoutError) as error:
        return first_line(getattr(error, "reason", error) or error)
    except OSError as error:
        if error.filename is not None or error.errno in DISK_IS_FULL:
            what = f"{shown(str(part))} cannot grow"
            hint = "Make room and run the same again: it goes on where it stopped."
            raise refusal(part, error, what, hint) from error
        return first_line(error)
    return "" if whole else "the connection was closed early"


def hash_of(path: Path, progress: Callable[[int, int], None] | None = None) -> str:
    """The SHA-256 of a file, in hexadecimal.

    Raises:
        CorpusError: the file cannot be read.
    """
    digest, size, done = sha256(), size_of(path), 0
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                done += len(block)
                if progress is not None:
                    progress(done, size)
    except OSError as error:
        raise CorpusError(
            f"{shown(str(path))} cannot be read: {error.strerror}.", "Check its name and rights."
        ) from error
    return digest.hexdigest()


def _some_of(
    url: str,
    part: Path,
    known: int,
    progress: Callable[[int, int], None] | None,
    silence: float,
) -> bool:
    """Add what one connection brings to the part; whether all is there then."""
    part.parent.mkdir(parents=True, exist_ok=True)
    begun = size_of(part)
    note = _read_note(part) if begun else {}
    try:
        answer = _opener().open(_request(url, begun, note), timeout=silence)
    except urllib.error.HTTPError as error:
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        error.close()
        if note.get("size") == begun:
            return True  # the connection was lost behind the last byte
        raise _Refused from error
    with answer:
        goes_on = answer.status == http.client.PARTIAL_CONTENT
        given = (
            CONTENT_RANGE.fullmatch(str(answer.headers.get("Content-Range"))) if goes_on else None
        )
        if goes_on and (given is None or int(given[1]) != begun):
            raise _Refused
        size = int(given[2] if given else answer.headers.get("Content-Length") or known)
        if known and size != known:
            raise CorpusError(
                f"{url} is another file than it should be: {size:,} bytes instead of {known:,}.",
                "Get it by hand, and give it with --archive FILE.",
            )
        if not goes_on:
            begun = 0
            part.unlink(missing_ok=True)  # before the note: no part is of another version than it
            note = {"version": _version(answer.headers), "size": size}
            write_whole(_note_of(part), json.dumps(note).encode())
        done = _written(answer, part, begun, size, progress)
    return done == size if size else True


def _request(url: str, begun: int, note: Mapping[str, Any]) -> urllib.request.Request:
    """For the whole file, or for the rest of the version that the note names."""
    request = urllib.request.Request(url, headers={"User-Agent": AGENT})  # noqa: S310
    if begun and note.get("version"):
        request.add_header("Range", f"bytes={begun}-")
        request.add_header("If-Range", note["version"])
    return request


def _written(
    answer: Any, part: Path, begun: int, size: int, progress: Callable[[int, int], None] | None
) -> int:
    """Bytes that are there when the connection has ended."""
    done = begun
    with part.open("ab") as file:
        while block := answer.read1(BLOCK):
            done += len(block)
            if size and done > size:
                raise ValueError(f"more than {size:,} bytes")
            file.write(block)
            if progress is not None:
                progress(done, size)
    return done


def _opener() -> urllib.request.OpenerDirector:
    """For the web alone: no ``file:``, no ``ftp:``, wherever a server may lead."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.UnknownHandler,
        _Redirects,
    ):
        opener.add_handler(handler())
    return opener


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, hdrs: Any, new: str) -> Any:
        if req.full_url.startswith("https:") and not new.startswith("https:"):
            raise urllib.error.URLError(f"it leads from https to {new.partition(':')[0]}")
        return super().redirect_request(req, fp, code, msg, hdrs, new)


def _version(headers: Any) -> str:
    """What names the version of a file; a weak tag does not."""
    tag = str(headers.get("ETag") or "")
    return tag if tag.startswith('"') else str(headers.get("Last-Modified") or "")


def _note_of(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _read_note(part: Path) -> dict[str, Any]:
    try:
        note = json.loads(_note_of(part).read_bytes())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def size_of(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
