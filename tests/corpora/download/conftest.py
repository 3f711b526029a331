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
    pause: float = 0.0
    ranges: bool = True
    length: bool = True
    version: str = '"1"'
    status: int = 200
    leads: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"{self.address}/{path}"


def handler_of(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def log_message(self, *_: object) -> None:
            """Nothing: what was asked is kept."""

        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            server.asked.append((self.path, asked))
            if address := server.leads.get(self.path.lstrip("/")):
                self.send_response(302)
                self.send_header("Location", address)
                self.end_headers()
                return
            content = server.files.get(self.path.lstrip("/"))
            if server.status != 200 or content is None:
                self.send_error(server.status if server.status != 200 else 404)
                return
            start = 0
            if asked and server.ranges and self.headers.get("If-Range") == server.version:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                if start >= len(content):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
            else:
                self.send_response(200)
            if server.length:
                self.send_header("Content-Length", str(len(content) - start))
            if server.version:
                self.send_header("ETag", server.version)
            self.end_headers()
            end = min(len(content), start + server.break_at) if server.break_at else len(content)
            for at in range(start, end, 1000):
                time.sleep(server.pause)
                self.wfile.write(content[at : min(end, at + 1000)])

    return Handler


class Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Nothing: a client that hangs up is part of the play."""


@pytest.fixture
def server() -> Iterator[Server]:
    kept = Server()
    with Quiet(("127.0.0.1", 0), handler_of(kept)) as running:
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
