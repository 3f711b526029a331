from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from voxtrait import audio
from voxtrait.cli.inputs import Recording, find_recordings
from voxtrait.errors import AudioError, MissingAudio, UsageError


def names(*arguments: str | Path) -> list[str]:
    return [recording.name for recording in find_recordings(map(str, arguments))]


def only_error(*arguments: str | Path) -> Exception:
    (recording,) = find_recordings(map(str, arguments))
    assert recording.source is None
    assert isinstance(recording.error, MissingAudio)
    return recording.error


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_file_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert names("./a.wav", "b/../c.wav") == ["./a.wav", "b/../c.wav"]


def test_a_folder_gives_its_audio_files_sorted_and_those_of_its_subfolders(tmp_path: Path) -> None:
    wanted = [tmp_path / name for name in ("a.FLAC", "b/x.wav", "b/y/z.mp3", "c.wav")]
    touch(*wanted, tmp_path / "notes.txt", tmp_path / ".hidden/a.wav", tmp_path / "._c.wav")
    assert names(tmp_path) == [str(path) for path in wanted]


def test_a_loop_of_links_ends_and_every_folder_is_seen_once(tmp_path: Path) -> None:
    touch(tmp_path / "a/b/x.wav")
    (tmp_path / "a/b/up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "a/b")
    assert names(tmp_path) == [str(tmp_path / "a/b/x.wav")]


def test_a_link_whose_end_is_missing_is_answered_for(tmp_path: Path) -> None:
    (tmp_path / "gone.wav").symlink_to(tmp_path / "nowhere.wav")
    assert names(tmp_path) == [str(tmp_path / "gone.wav")]
    with pytest.raises(MissingAudio, match="is a link to a file that is gone"):
        audio.read(tmp_path / "gone.wav")


def test_a_link_that_leads_in_a_circle_is_answered_for_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "loop.wav").symlink_to(tmp_path / "loop.wav")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    touch(tmp_path / "x.wav")
    assert names(tmp_path) == [str(tmp_path / name) for name in ("loop.wav", "round", "x.wav")]
    with pytest.raises(AudioError):
        audio.read(tmp_path / "loop.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="There are no named pipes here.")
def test_a_pipe_in_a_folder_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    touch(tmp_path / "x.wav")
    assert names(tmp_path) == [str(tmp_path / "x.wav")]


def test_a_folder_without_audio_says_so(tmp_path: Path) -> None:
    touch(tmp_path / "notes.txt")
    assert "holds no audio file" in str(only_error(tmp_path))


def test_a_subfolder_that_may_not_be_opened_is_named_and_the_rest_goes_on(
    tmp_path: Path, unprivileged: None
) -> None:
    touch(tmp_path / "a.wav", tmp_path / "locked/b.wav", tmp_path / "z.wav")
    (tmp_path / "locked").chmod(0)
    try:
        first, locked, last = find_recordings([str(tmp_path)])
    finally:
        (tmp_path / "locked").chmod(0o700)
    assert (first.name, last.name) == (str(tmp_path / "a.wav"), str(tmp_path / "z.wav"))
    assert "cannot be opened" in str(locked.error)


def test_a_list_names_files_and_folders_a_line_each_in_any_bytes(tmp_path: Path) -> None:
    touch(tmp_path / "folder/x.wav")
    lines = [b"a b.wav", b"", os.fsencode(tmp_path / "folder"), b"odd\xff.wav\r", b"@c.wav"]
    (tmp_path / "list.txt").write_bytes(b"\n".join(lines))
    assert names(f"@{tmp_path / 'list.txt'}") == [
        "a b.wav",
        str(tmp_path / "folder/x.wav"),
        os.fsdecode(b"odd\xff.wav"),
        "@c.wav",
    ]


def test_a_list_from_windows_with_comments_is_read(tmp_path: Path) -> None:
    lines = [b"\xef\xbb\xbf# of the second day", b"a.wav", b"#b.wav", b"./#c.wav", b"", b"d #1.wav"]
    (tmp_path / "list.txt").write_bytes(b"\r\n".join(lines))
    assert names(f"@{tmp_path / 'list.txt'}") == ["a.wav", "./#c.wav", "d #1.wav"]


def test_spaces_around_a_line_are_a_slip_unless_there_is_such_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    touch(Path("a.wav"), Path(" c.wav"), Path("c.wav"))
    lines = ["  a.wav \t", " c.wav", "gone.wav ", "   ", "\t# a comment", " b c.wav"]
    Path("list.txt").write_text("\n".join(lines))
    assert names("@list.txt") == ["a.wav", " c.wav", "gone.wav", "b c.wav"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_list_that_powershell_wrote_is_read(tmp_path: Path, encoding: str) -> None:
    lines = "\ufeff# Liste\r\nGrüße.wav\r\n\r\na\u2028b.wav\r\n"
    (tmp_path / "list.txt").write_bytes(lines.encode(encoding))
    assert names(f"@{tmp_path / 'list.txt'}") == ["Grüße.wav", "a\u2028b.wav"]


def test_a_list_that_is_missing_or_empty_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("# nothing yet\n")
    assert "cannot be read" in str(only_error(f"@{tmp_path / 'missing.txt'}"))
    assert "is empty" in str(only_error(f"@{tmp_path / 'empty.txt'}"))


@pytest.mark.parametrize("content", [b"RIFF\x24\0\0\0WAVEfmt ", b"fLaC\0\0\0\x22"])
def test_a_recording_given_as_a_list_is_one_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content + b"\nb.wav\n")
    error = only_error(f"@{tmp_path / 'a.wav'}")
    assert "is no text" in str(error)
    assert error.hint == f"If it is a recording, leave out the @: {tmp_path / 'a.wav'}"


def pipe_in(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_list_may_come_by_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe_in(monkeypatch, b"a.wav\nb.wav\n")
    assert names("@-") == ["a.wav", "b.wav"]


def test_a_dash_is_the_bytes_of_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe_in(monkeypatch, b"RIFF")
    (recording,) = find_recordings(["-"])
    assert recording == Recording("-", sys.stdin.buffer)
    assert recording.source is not None
    assert not isinstance(recording.source, str)
    assert recording.source.read() == b"RIFF"


def test_standard_input_is_read_only_once() -> None:
    with pytest.raises(UsageError, match="only once"):
        names("-", "@-")


def test_a_closed_standard_input_is_an_error_of_that_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert "closed" in str(only_error("-"))
