"""Paths, bytes and file objects that are good, bad or strange."""

from __future__ import annotations

import io
import mmap
import os
import pickle
import socket
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from voxtrait import audio
from voxtrait.audio.opening import open_source
from voxtrait.audio.source import printable
from voxtrait.errors import MissingAudio, UnreadableAudio, UsageError


class Failing(io.BytesIO):
    """A disk that fails after the first read."""

    broken = False

    def read(self, count: int | None = -1) -> bytes:
        if self.broken:
            raise OSError(5, "Input/output error")
        self.broken = True
        return super().read(count)


@pytest.fixture(scope="session")
def wav(sound, written) -> bytes:
    return written(sound, "WAV", "PCM_16")


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(MissingAudio, match=r"There is no file '.*gone\.wav'"):
        audio.read(tmp_path / "gone.wav")
    with pytest.raises(MissingAudio, match="There is no file ''"):
        audio.read("")


def test_a_path_through_a_file_is_missing(tmp_path: Path):
    (tmp_path / "a").write_text("x")
    with pytest.raises(MissingAudio, match="There is no file"):
        audio.read(tmp_path / "a" / "b.wav")


def test_impossible_paths_are_missing():
    for path in ("a\0b.wav", "x" * 5000):
        with pytest.raises(MissingAudio):
            audio.read(path)


def test_a_folder_is_no_recording(tmp_path: Path):
    with pytest.raises(UnreadableAudio, match="is a folder"):
        audio.read(tmp_path)


def test_an_empty_file_is_empty(tmp_path: Path):
    (tmp_path / "a.wav").touch()
    for source in (tmp_path / "a.wav", b"", io.BytesIO()):
        with pytest.raises(UnreadableAudio, match=r"is empty \(0 bytes\)"):
            audio.read(source)


@pytest.mark.usefixtures("unprivileged")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, wav: bytes):
    path = tmp_path / "secret.wav"
    path.write_bytes(wav)
    path.chmod(0)
    with pytest.raises(MissingAudio, match="may not be opened"):
        audio.read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes.")
def test_a_pipe_that_nobody_writes_to_does_not_hang(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(UnreadableAudio, match="is a pipe, socket or device"):
        audio.read(tmp_path / "pipe.wav")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no socket files or devices.")
def test_sockets_and_devices_are_no_recordings():
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as end:
        end.bind(f"{folder}/s")
        for path in (f"{folder}/s", "/dev/zero"):
            with pytest.raises(UnreadableAudio, match="is a pipe, socket or device"):
                audio.read(path)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="Only Linux allows such names.")
@pytest.mark.parametrize(
    "name", [b"a\nb.wav", b"a\x1b[31mb.wav", b"a\xffb.wav", "ü 'x' 你.wav".encode()]
)
def test_strange_names_are_read_and_printed_without_harm(tmp_path: Path, wav: bytes, name: bytes):
    path = os.fsencode(tmp_path) + b"/" + name
    Path(os.fsdecode(path)).write_bytes(wav)
    assert len(audio.read(os.fsdecode(path))[0]) == 8000
    Path(os.fsdecode(path)).write_bytes(wav[:20])
    with pytest.raises(UnreadableAudio) as caught:
        audio.read(os.fsdecode(path))
    assert caught.value.message.isprintable()
    caught.value.message.encode()
    Path(os.fsdecode(path)).unlink()
    with pytest.raises(MissingAudio) as gone:
        audio.read(os.fsdecode(path))
    assert gone.value.message == f"There is no file '{printable(os.fsdecode(path))}'."


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview, io.BytesIO])
def test_bytes_of_any_kind_are_read(wav: bytes, wrap):
    np.testing.assert_array_equal(audio.read(wrap(wav))[0], audio.read(wav)[0])


def test_a_map_of_memory_and_what_can_only_be_read_are_read_too(wav: bytes, tmp_path: Path):
    class Reader:
        def __init__(self) -> None:
            self.read = io.BytesIO(wav).read

    (tmp_path / "a.wav").write_bytes(wav)
    with (
        (tmp_path / "a.wav").open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        for source in (mapped, Reader()):
            np.testing.assert_array_equal(audio.read(source)[0], audio.read(wav)[0])


def test_a_file_object_is_read_from_its_start_and_left_open(wav: bytes, tmp_path: Path):
    (tmp_path / "a.wav").write_bytes(wav)
    with (tmp_path / "a.wav").open("rb") as file:
        file.seek(99)
        assert len(audio.read(file)[0]) == 8000
        assert not file.closed


def test_a_pipe_that_is_open_is_read_to_its_end(wav: bytes):
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as file:
        os.write(writing, wav[:10_000])
        os.close(writing)
        with pytest.warns(audio.AudioWarning, match="missing"):
            assert len(audio.read(file)[0]) == (10_000 - 44) // 2


def test_what_is_no_recording_at_all_is_a_wrong_call(wav: bytes, tmp_path: Path):
    with pytest.raises(UsageError, match=r"not ndarray\."):
        audio.read(np.zeros(3))
    with pytest.raises(UsageError, match="not NoneType"):
        audio.read(None)
    with pytest.raises(UsageError, match="opened as text"):
        audio.read(io.StringIO("RIFF"))
    with pytest.raises(UsageError, match="made of bytes"):
        audio.read(_BytesPath())


class _BytesPath:
    def __fspath__(self) -> bytes:
        return b"a.wav"


def test_a_failing_disk_is_an_error_with_the_systems_words(wav: bytes, long_sound, written):
    for data in (wav, written(long_sound, "FLAC"), written(long_sound, "MP3")):
        with pytest.raises(UnreadableAudio, match="Input/output error"):
            audio.read(Failing(data))


def test_a_closed_file_object_is_refused():
    file = io.BytesIO(b"RIFF")
    file.close()
    with pytest.raises(UnreadableAudio, match="closed file"):
        audio.read(file)


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "MP3", "OGG", "AIFF", "AU", "CAF"])
def test_large_files_are_read_from_disk_as_small_ones_from_memory(
    tmp_path, long_sound, written, kind, monkeypatch
):
    data = written(long_sound, kind)
    path = tmp_path / "large"
    path.write_bytes(data)
    monkeypatch.setattr("voxtrait.audio.opening.SMALL", 1000)
    opened = open_source(path)
    assert opened.data is None
    opened.close()
    np.testing.assert_array_equal(audio.read(path)[0], audio.read(data)[0])


def test_errors_of_reading_survive_pickling(tmp_path: Path):
    with pytest.raises(MissingAudio) as caught:
        audio.read(tmp_path / "gone.wav")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), str(copy)) == (MissingAudio, str(caught.value))


class Short(io.BytesIO):
    """Gives fewer bytes than it is asked for, as a raw file may."""

    def read(self, count: int | None = -1) -> bytes:
        return super().read(min(count, 1000) if count and count > 0 else count)


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_a_file_object_that_gives_less_than_asked_for_is_read_whole(long_sound, written, kind):
    data = written(long_sound, kind)
    expected, _ = audio.read(data)
    found, _ = audio.read(Short(data))
    assert len(found) == len(expected) >= len(long_sound)
