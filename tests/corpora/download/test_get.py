from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from voxtrait.cli.app import main
from voxtrait.corpora import READERS
from voxtrait.corpora.download import SOURCES, Archive, Source, download, get
from voxtrait.corpora.download.placing import alone
from voxtrait.errors import CorpusError, MissingRequirement, OutOfSpace, UsageError

CLIPS = {
    f"fsdd-1/recordings/{digit}_theo_{take}.wav": b"RIFF" for digit in range(3) for take in (0, 1)
}
BOOKS = {
    f"LibriSpeech/{part}/1/2/1-2-0000.flac": part.encode() for part in ("dev-clean", "test-clean")
}
TABLE = {"LibriSpeech/SPEAKERS.TXT": b"1 | F | dev-clean | 8 | Ann"}


@pytest.fixture
def fsdd(server, zipped, monkeypatch) -> Archive:
    """FSDD as the server on this machine has it."""
    server.files["v1.zip"] = zipped(CLIPS)
    archive = Archive(server.url("v1.zip"), inside="fsdd-1", recordings=6)
    monkeypatch.setitem(SOURCES, "fsdd", Source(server.address, {"": archive}))
    return archive


@pytest.fixture
def books(server, tarred, monkeypatch) -> None:
    parts = {}
    for part in ("dev-clean", "test-clean"):
        content = tarred({**TABLE, **{k: v for k, v in BOOKS.items() if f"/{part}/" in k}})
        server.files[f"{part}.tar.gz"] = content
        parts[part] = Archive(
            server.url(f"{part}.tar.gz"), len(content), sha256(content).hexdigest()
        )
    source = Source(server.address, parts, usual=("dev-clean",))
    monkeypatch.setitem(SOURCES, "librispeech", source)


def left(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_a_corpus_lies_where_its_reader_looks_for_it(server, fsdd, tmp_path: Path) -> None:
    stages = []
    place = download("fsdd", tmp_path, progress=lambda stage, *_: stages.append(stage))
    assert place == tmp_path / "fsdd"
    assert len(list(READERS["fsdd"](place))) == 6
    assert left(tmp_path) == [f"fsdd/{name.partition('/')[2]}" for name in sorted(CLIPS)]
    assert list(dict.fromkeys(stages)) == ["downloading v1.zip", "unpacking v1.zip"]
    assert (place.stat().st_mode & 0o777) == 0o755
    server.files.clear()
    assert download("fsdd", tmp_path) == place  # nothing is asked for again


def test_parts_come_together_in_one_folder(server, books, tmp_path: Path) -> None:
    place = download("librispeech", tmp_path)
    assert left(place) == ["LibriSpeech/SPEAKERS.TXT", "LibriSpeech/dev-clean/1/2/1-2-0000.flac"]
    download("librispeech", tmp_path, parts=["dev-clean", "test-clean"])
    assert left(place) == sorted([*BOOKS, *TABLE])
    assert [path for path, _ in server.asked] == ["/dev-clean.tar.gz", "/test-clean.tar.gz"]


@pytest.mark.parametrize("wrong", ["size", "sha256"])
def test_other_bytes_than_they_should_be_are_refused_and_removed(
    server, books, tmp_path: Path, wrong: str, tarred
) -> None:
    good = server.files["dev-clean.tar.gz"]
    bad = good + b"\0" if wrong == "size" else good[:-1] + b"\1"
    server.files["dev-clean.tar.gz"] = bad
    said = "bytes instead of" if wrong == "size" else "another SHA-256"
    with pytest.raises(CorpusError, match=said):
        download("librispeech", tmp_path)
    assert left(tmp_path) == []
    server.files["dev-clean.tar.gz"] = good
    assert left(download("librispeech", tmp_path)) != []


def test_a_corpus_that_is_not_whole_does_not_appear(
    server, fsdd, tmp_path: Path, monkeypatch
) -> None:
    more = Source(server.address, {"": replace(fsdd, recordings=7)})
    monkeypatch.setitem(SOURCES, "fsdd", more)
    with pytest.raises(CorpusError, match="holds 6 recordings; it should hold 7"):
        download("fsdd", tmp_path)
    assert left(tmp_path) == []


def test_a_server_that_breaks_off_leaves_what_came(server, fsdd, tmp_path, monkeypatch) -> None:
    server.break_at, server.ranges = 300, False
    monkeypatch.setattr(get, "fetch", lambda *a, **k: get_fetch(*a, **k, patience=hasty))
    from voxtrait.corpora.download.fetch import Patience
    from voxtrait.corpora.download.fetch import fetch as get_fetch

    hasty = Patience(1, 2, 0)
    with pytest.raises(MissingRequirement):
        download("fsdd", tmp_path)
    assert left(tmp_path) == [".downloads/v1.zip.part", ".downloads/v1.zip.part.json"]
    server.break_at, server.ranges = 0, True
    download("fsdd", tmp_path)
    assert server.asked[-1] == ("/v1.zip", "bytes=300-")


def test_too_small_a_disk_is_told_before_the_work(server, fsdd, tmp_path, monkeypatch) -> None:
    large = Source(server.address, {"": replace(fsdd, size=10**15, unpacked=10**15)})
    monkeypatch.setitem(SOURCES, "fsdd", large)
    with pytest.raises(OutOfSpace, match=r"v1\.zip: 2000000\.0 GB to get and unpack"):
        download("fsdd", tmp_path / "new")
    assert not server.asked
    assert not (tmp_path / "new").exists()


def test_what_is_there_already_is_left_alone(fsdd, server, tmp_path: Path) -> None:
    mine = tmp_path / "fsdd" / "recordings" / "0_theo_0.wav"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    (tmp_path / "v1.zip").write_bytes(server.files["v1.zip"])
    for by_hand in (tmp_path / "v1.zip", None):
        place = download("fsdd", tmp_path, archive=by_hand)
        assert mine.read_bytes() == b"mine"
        assert len(list(READERS["fsdd"](place))) == 6


def test_a_folder_where_a_file_belongs_is_refused_and_nothing_is_moved(
    fsdd, tmp_path: Path
) -> None:
    (tmp_path / "fsdd" / "recordings" / "2_theo_1.wav").mkdir(parents=True)
    with pytest.raises(CorpusError, match="is a folder"):
        download("fsdd", tmp_path)
    assert left(tmp_path) == []


def test_a_file_where_the_corpus_belongs_is_refused_before_the_work(
    server, fsdd, tmp_path: Path
) -> None:
    (tmp_path / "fsdd").touch()
    with pytest.raises(CorpusError, match="fsdd is no folder"):
        download("fsdd", tmp_path)
    assert not server.asked


def test_a_page_in_place_of_the_file_is_not_kept(server, fsdd, tmp_path: Path) -> None:
    good = server.files["v1.zip"]
    server.files["v1.zip"] = b"<html>Log in</html>"
    with pytest.raises(CorpusError, match="no archive") as raised:
        download("fsdd", tmp_path)
    assert raised.value.hint.startswith("It is removed")
    assert left(tmp_path) == []
    server.files["v1.zip"] = good
    assert len(left(download("fsdd", tmp_path))) == 6


def test_what_a_killed_run_unpacked_is_gone_after_the_next(fsdd, tmp_path: Path) -> None:
    stale = tmp_path / ".downloads" / "fsdd.unpacked" / "old.wav"
    stale.parent.mkdir(parents=True)
    stale.touch()
    download("fsdd", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["fsdd"]


@pytest.mark.skipif(os.name == "nt", reason="On Windows no file is locked.")
def test_two_runs_do_not_get_one_corpus(fsdd, tmp_path: Path) -> None:
    with alone(tmp_path, "fsdd"), pytest.raises(MissingRequirement, match="Another run"):
        download("fsdd", tmp_path)
    assert len(left(download("fsdd", tmp_path))) == 6


def test_a_file_got_by_hand_is_held_to_its_sum_and_kept(server, books, tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(server.files["test-clean.tar.gz"])
    with pytest.raises(CorpusError, match="is another file than"):
        download("librispeech", tmp_path / "data", archive=tmp_path / "a.tar.gz")
    assert left(tmp_path) == ["a.tar.gz"]


def test_a_file_got_by_hand_is_unpacked_and_kept(tarred, tmp_path: Path) -> None:
    release = "cv-corpus-18.0/en"
    file = tmp_path / "cv.tar.gz"
    file.write_bytes(
        tarred(
            {
                f"{release}/validated.tsv": b"client_id\tpath\tage\tgender\tlocale\n"
                b"ann\ta.mp3\tthirties\tfemale\ten\n",
                f"{release}/clips/a.mp3": b"ID3",
            }
        )
    )
    place = download("common_voice", tmp_path / "data", archive=file)
    (row,) = READERS["common_voice"](place)
    assert row.labels == {"gender": "female", "age": "30s"}
    assert file.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["fsdd1"], 2, "'fsdd1' cannot be downloaded"),
        (["noise"], 2, "'noise' cannot be downloaded"),
        (["common_voice"], 2, "--archive FILE"),
        (["common_voice", "--archive", "none.tar.gz"], 4, "There is no file none.tar.gz"),
        (["fsdd", "--part", "dev"], 2, "fsdd has no part 'dev'"),
        (["librispeech", "--part", "dev"], 2, "Known: dev-clean, test-clean"),
    ],
)
def test_what_cannot_be_got_is_said(
    fsdd, books, tmp_path, capsys, monkeypatch, arguments: list[str], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["corpus", "download", *arguments]) == code
    written = capsys.readouterr()
    assert written.out == ""
    assert said in written.err
    assert not list(tmp_path.rglob("*.*"))


def test_the_command_says_the_licence_and_prints_the_folder(fsdd, tmp_path, capsys) -> None:
    assert main(["corpus", "download", "fsdd", "--output", str(tmp_path)]) == 0
    written = capsys.readouterr()
    assert written.out == f"{tmp_path / 'fsdd'}\n"
    assert written.err.splitlines()[0].startswith("note: fsdd is licensed under CC-BY-SA-4.0: http")
    assert written.err.splitlines()[1:] == ["note: downloading v1.zip", "note: unpacking v1.zip"]


def test_every_source_is_of_a_reader_and_checked() -> None:
    assert set(SOURCES) < set(READERS)
    for source in SOURCES.values():
        assert set(source.usual) <= set(source.parts)
        for archive in source.parts.values():
            assert archive.url.startswith("https://")
            assert (len(archive.sha256) == 64 and archive.size) or archive.recordings > 1000


def test_one_archive_is_not_of_several_parts(books, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="One archive is one part"):
        download("librispeech", tmp_path, parts=["dev-clean", "test-clean"], archive=tmp_path / "a")
