from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from voxtrait.errors import MissingRequirement, OutOfSpace
from voxtrait.whole_file import write_whole


def test_writing_replaces_the_file_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    write_whole(path, b"old")
    write_whole(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_written_into_a_new_folder_and_refused_below_a_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "a.json", b"{}")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.json"]
    with pytest.raises(MissingRequirement, match=r"a\.json.b cannot be written") as caught:
        write_whole(tmp_path / "new" / "a.json" / "b", b"")
    assert not isinstance(caught.value, OutOfSpace)
    assert caught.value.hint


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.onnx"
    write_whole(path, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutOfSpace, match="disk is full: 3 bytes") as caught:
        write_whole(path, b"new")
    assert caught.value.hint
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_leaves_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "m.onnx", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("letter", ["x", "ä", "語"])
def test_a_name_may_be_as_long_as_the_system_lets_it(tmp_path: Path, letter: str) -> None:
    path = tmp_path / (letter * (255 // len(letter.encode())))
    write_whole(path, b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_of_a_link_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    path, link = tmp_path / "there" / "a.json", tmp_path / "a.json"
    path.write_bytes(b"old")
    link.symlink_to(path)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no named pipes.")
def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=write_whole, args=(pipe, b"new"), daemon=True)
    writer.start()
    assert pipe.read_bytes() == b"new"
    writer.join(10)
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="This system names no open files.")
def test_a_reader_that_has_seen_enough_is_no_lack_of_anything() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        write_whole(f"/dev/fd/{writing}", b"new")
    os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no /dev/full here.")
def test_a_device_is_written_to_and_stays_one() -> None:
    with pytest.raises(OutOfSpace, match="/dev/full do not fit"):
        write_whole("/dev/full", b"new")
    assert Path("/dev/full").is_char_device()
