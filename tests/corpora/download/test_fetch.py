from __future__ import annotations

import errno
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voxtrait.corpora.download.fetch import Patience, fetch, hash_of
from voxtrait.errors import CorpusError, MissingRequirement, OutOfSpace

CONTENT = np.random.default_rng(0).bytes(50_000)
HASTY = Patience(silence=2.0, attempts=3, pause=0.01)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_arrives_whole_and_leaves_nothing_beside(server, tmp_path: Path) -> None:
    server.files["a.zip"] = CONTENT
    seen: list[tuple[int, int]] = []
    place = tmp_path / "new" / "a.zip"
    fetch(server.url("a.zip"), place, progress=lambda *two: seen.append(two), patience=HASTY)
    assert place.read_bytes() == CONTENT
    assert names(place.parent) == ["a.zip"]
    assert seen[-1] == (50_000, 50_000)


def test_a_file_of_unknown_length_arrives(server, tmp_path: Path) -> None:
    server.files["a"], server.length, server.version = CONTENT, False, ""
    fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_a_connection_that_breaks_off_is_gone_on_with(server, tmp_path: Path) -> None:
    server.files["a"], server.break_at = CONTENT, 20_000
    fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert server.asked == [("/a", ""), ("/a", "bytes=20000-"), ("/a", "bytes=40000-")]


def test_a_call_goes_on_where_an_earlier_one_gave_up(server, tmp_path: Path) -> None:
    server.files["a"], server.break_at, server.ranges = CONTENT, 20_000, False
    with pytest.raises(MissingRequirement, match="the connection was closed early") as raised:
        fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert "goes on where it stopped" in raised.value.hint
    assert names(tmp_path) == ["a.part", "a.part.json"]
    server.break_at, server.ranges = 0, True
    server.asked.clear()
    fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert server.asked == [("/a", "bytes=20000-")]


def test_the_rest_of_another_version_is_never_put_behind(server, tmp_path: Path) -> None:
    (tmp_path / "a.part").write_bytes(b"old" * 1000)
    (tmp_path / "a.part.json").write_text('{"version": "\\"0\\"", "size": 50000}')
    server.files["a"] = CONTENT
    fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert server.asked == [("/a", "bytes=3000-")]


@pytest.mark.parametrize(("size", "asked"), [(50_000, 1), (60_000, 2)])
def test_what_was_whole_already_is_whole_and_what_is_longer_is_got_anew(
    server, tmp_path: Path, size: int, asked: int
) -> None:
    server.files["a"] = CONTENT
    (tmp_path / "a.part").write_bytes(CONTENT + bytes(size - 50_000))
    (tmp_path / "a.part.json").write_text('{"version": "\\"1\\"", "size": 50000}')
    fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert len(server.asked) == asked


@pytest.mark.parametrize("note", ["", "[]", "{", '{"version": ""}'])
def test_a_part_of_no_known_version_is_got_anew(server, tmp_path: Path, note: str) -> None:
    server.files["a"] = CONTENT
    (tmp_path / "a.part").write_bytes(b"old")
    (tmp_path / "a.part.json").write_text(note)
    fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert server.asked == [("/a", "")]


def test_a_slow_server_is_waited_for_and_a_silent_one_is_not(server, tmp_path: Path) -> None:
    server.files["a"], server.pause = CONTENT[:5_000], 0.1
    fetch(server.url("a"), tmp_path / "a", patience=Patience(1.0, 1, 0))
    assert (tmp_path / "a").read_bytes() == CONTENT[:5_000]
    server.pause = 1.0
    with pytest.raises(MissingRequirement, match="timed out"):
        fetch(server.url("a"), tmp_path / "b", patience=Patience(0.1, 2, 0))


@pytest.mark.parametrize(
    ("status", "said", "asked"), [(404, "404 Not Found", 1), (503, "503 Service Unavailable", 3)]
)
def test_a_server_that_refuses_is_named(
    server, tmp_path: Path, status: int, said: str, asked: int
) -> None:
    server.status = status
    with pytest.raises(MissingRequirement, match=said) as raised:
        fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert raised.value.hint
    assert len(server.asked) == asked


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingRequirement, match="/a cannot be got"):
        fetch("http://127.0.0.1:9/a", tmp_path / "a", patience=Patience(1, 1, 0))


def test_nothing_but_the_web_is_asked(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    with pytest.raises(MissingRequirement, match="cannot be got"):
        fetch((tmp_path / "secret").as_uri(), tmp_path / "a", patience=Patience(1, 1, 0))
    assert names(tmp_path) == ["secret"]


def test_a_server_may_lead_to_another_but_not_to_this_machine_s_files(
    server, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("x")
    server.files["b"] = CONTENT
    server.leads = {"a": server.url("b"), "c": (tmp_path / "secret").as_uri()}
    fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert (tmp_path / "a").read_bytes() == CONTENT
    with pytest.raises(MissingRequirement):
        fetch(server.url("c"), tmp_path / "c", patience=Patience(1, 1, 0))
    assert names(tmp_path) == ["a", "secret"]


def test_a_full_disk_keeps_what_came(server, tmp_path: Path, monkeypatch) -> None:
    server.files["a"] = CONTENT
    opened = Path.open

    class Full(io.FileIO):
        def write(self, data: Any) -> int:
            if self.tell() > 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data[:10_000])

    def open_full(path: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        return Full(path, "a") if path.name == "a.part" else opened(path, mode, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", open_full)
        with pytest.raises(OutOfSpace, match="part cannot grow"):
            fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert (tmp_path / "a.part").stat().st_size > 0


@pytest.mark.parametrize("size", [49_999, 50_001])
def test_a_file_of_another_size_is_not_even_begun(server, tmp_path: Path, size: int) -> None:
    server.files["a"] = CONTENT
    with pytest.raises(CorpusError, match=f"50,000 bytes instead of {size:,}"):
        fetch(server.url("a"), tmp_path / "a", size=size, patience=HASTY)
    assert names(tmp_path) == []


def test_a_shorter_piece_than_was_asked_for_is_gone_on_behind(server, tmp_path: Path) -> None:
    server.files["a"], server.break_at, server.honest = CONTENT, 20_000, True
    fetch(server.url("a"), tmp_path / "a", patience=HASTY)
    assert (tmp_path / "a").read_bytes() == CONTENT


def test_an_endless_answer_is_broken_off(server, tmp_path: Path) -> None:
    server.files["a"], server.length, server.version = CONTENT, False, ""
    with pytest.raises(MissingRequirement, match="more than 30,000 bytes"):
        fetch(server.url("a"), tmp_path / "a", size=30_000, patience=HASTY)


def test_the_hash_of_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert hash_of(tmp_path / "a").startswith("ba7816bf8f01cfea")
    with pytest.raises(CorpusError, match="cannot be read"):
        hash_of(tmp_path / "b")
