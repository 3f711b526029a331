"""A server on this machine that can be as bad as any, and archives that are as good or bad."""

from __future__ import annotations

import io
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Server:
    """What it has, and how it gives it.

    Attributes:
        files: content by path.
        break_at: bytes after which each connection breaks off; 0 for never.
        honest: pieces of a file say how long they are, not the rest of it.
        pause: seconds before each block.
        ranges: it can go on in the middle of a file.
        length: it says how long a file is.
        version: its tag of all files.
        status: in place of the file, if not 200.
        leads: another address, by path.
        asked: what was asked: path and the range.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    break_at: int = 0
    honest: bool = False
    pause: float = 0.0
    ranges: bool = True
    length: bool = True
    version: str = '"1"'
    status: int = 200
    leads: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"{self.address}/{path}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    server: Quiet

    @property
    def kept(self) -> Server:
        return self.server.kept

    def log_message(self, *_: object) -> None:
        """Nothing: what was asked is kept."""

    def do_GET(self) -> None:
        self.kept.asked.append((self.path, self.headers.get("Range", "")))
        name = self.path.lstrip("/")
        if name in self.kept.leads:
            self.send_response(302)
            self.send_header("Location", self.kept.leads[name])
            self.end_headers()
        elif self.kept.status != 200 or name not in self.kept.files:
            self.send_error(self.kept.status if self.kept.status != 200 else 404)
        else:
            self.give(self.kept.files[name])

    def start(self) -> int:
        """Where to go on, as the client asked."""
        goes_on = self.kept.ranges and self.headers.get("If-Range") == self.kept.version
        asked = self.headers.get("Range", "") if goes_on else ""
        return int(asked.removeprefix("bytes=").rstrip("-") or 0)

    def give(self, content: bytes) -> None:
        start, whole = self.start(), len(content)
        if start >= whole:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
        end = min(whole, start + self.kept.break_at) if self.kept.break_at else whole
        if self.kept.length:
            told = end if self.kept.honest and start else whole
            self.send_header("Content-Length", str(told - start))
        if self.kept.version:
            self.send_header("ETag", self.kept.version)
        self.end_headers()
        for at in range(start, end, 1000):
            time.sleep(self.kept.pause)
            self.wfile.write(content[at : min(end, at + 1000)])


class Quiet(ThreadingHTTPServer):
    kept: Server

    def handle_error(self, *_: object) -> None:
        """Nothing: a client that hangs up is part of the play."""


@pytest.fixture
def server() -> Iterator[Server]:
    kept = Server()
    with Quiet(("127.0.0.1", 0), Handler) as running:
        running.kept = kept
        kept.address = f"http://127.0.0.1:{running.server_address[1]}"
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield kept
        running.shutdown()
        thread.join(10)


Packed = Callable[..., bytes]


@pytest.fixture
def zipped() -> Packed:
    def pack(files: dict[str, bytes]) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return content.getvalue()

    return pack


@pytest.fixture
def tarred() -> Packed:
    def pack(files: dict[str, bytes], *members: tarfile.TarInfo) -> bytes:
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w:gz") as archive:
            for name, data in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
            for member in members:
                archive.addfile(member)
        return content.getvalue()

    return pack
