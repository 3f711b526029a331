from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from voxtrait.corpora.download.unpack import unpack
from voxtrait.errors import CorpusError

FILES = {"top/data/01/0_01_0.wav": b"a" * 5000, "top/README.md": b"text", "other/x.txt": b"x"}
MOST = 1_000_000


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("kind", ["zipped", "tarred"])
def test_a_folder_of_an_archive_is_unpacked(kind: str, request, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(request.getfixturevalue(kind)(FILES))
    seen: list[int] = []
    done = unpack(tmp_path / "a", tmp_path / "out", inside="top", most=MOST, progress=seen.append)
    assert tree(tmp_path / "out") == {"data/01/0_01_0.wav": b"a" * 5000, "README.md": b"text"}
    assert done == seen[-1] == 5004
    whole = unpack(tmp_path / "a", tmp_path / "all", most=MOST)
    assert (whole, tree(tmp_path / "all")) == (5005, FILES)


@pytest.mark.parametrize(
    "name",
    ["../a.wav", "/a.wav", "a/../../b.wav", "..\\a.wav", "C:a.wav", "a\x1b[2J.wav", "x" * 2000],
)
@pytest.mark.parametrize("kind", ["zipped", "tarred"])
def test_a_name_that_leads_elsewhere_is_refused(
    kind: str, name: str, request, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes(request.getfixturevalue(kind)({name: b"x"}))
    with pytest.raises(CorpusError, match="which may lead anywhere"):
        unpack(tmp_path / "in" / "a", tmp_path / "in" / "out", most=MOST)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]
    assert not tree(tmp_path / "in" / "out")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (tarfile.SYMTYPE, "link"),
        (tarfile.LNKTYPE, "link"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.FIFOTYPE, "device"),
    ],
)
def test_links_and_devices_are_refused(tarred, kind: bytes, said: str, tmp_path: Path) -> None:
    member = tarfile.TarInfo("a/link")
    member.type, member.linkname = kind, "../../etc"
    (tmp_path / "a").write_bytes(tarred({"a/b.wav": b"x"}, member))
    with pytest.raises(CorpusError, match=f"holds the {said} a/link"):
        unpack(tmp_path / "a", tmp_path / "out", most=MOST)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        link = zipfile.ZipInfo("a/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "../../etc")
    with pytest.raises(CorpusError, match="holds a/link, which is no file"):
        unpack(tmp_path / "a", tmp_path / "out", most=MOST)


@pytest.mark.parametrize("kind", ["zipped", "tarred"])
def test_a_bomb_is_given_up(kind: str, request, tmp_path: Path) -> None:
    bomb = request.getfixturevalue(kind)({f"{n}.wav": bytes(3_000_000) for n in range(3)})
    assert len(bomb) < 40_000
    (tmp_path / "a").write_bytes(bomb)
    with pytest.raises(CorpusError, match="holds more than 4,000,000 bytes"):
        unpack(tmp_path / "a", tmp_path / "out", most=4_000_000)
    assert sum(map(len, tree(tmp_path / "out").values())) <= 4_000_000


def test_a_zip_that_lies_about_a_size_writes_no_more(zipped, tmp_path: Path) -> None:
    data = bytearray(zipped({"a.wav": bytes(3_000_000)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + offset, 10)
    (tmp_path / "a").write_bytes(bytes(data))
    with pytest.raises(CorpusError):
        unpack(tmp_path / "a", tmp_path / "out", most=MOST)
    assert sum(map(len, tree(tmp_path / "out").values())) <= MOST


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for data in (b"one", b"two"):
            member = tarfile.TarInfo("a.wav")
            member.size = 3
            archive.addfile(member, io.BytesIO(data))
    (tmp_path / "a").write_bytes(content.getvalue())
    with pytest.raises(CorpusError, match=r"holds a\.wav twice"):
        unpack(tmp_path / "a", tmp_path / "out", most=MOST)


@pytest.mark.parametrize("kind", ["zipped", "tarred"])
@pytest.mark.parametrize("damage", ["half", "byte", "text"])
def test_a_damaged_archive_is_named(kind: str, damage: str, request, tmp_path: Path) -> None:
    data = bytearray(request.getfixturevalue(kind)({"a.wav": bytes(range(256)) * 500}))
    if damage == "half":
        data = data[: len(data) // 2]
    elif damage == "byte":
        data[len(data) // 3] ^= 0xFF
    else:
        data = bytearray(b"<html>not found</html>")
    (tmp_path / "a").write_bytes(bytes(data))
    with pytest.raises(CorpusError, match="damaged") as raised:
        unpack(tmp_path / "a", tmp_path / "out", most=MOST)
    assert "anew" in raised.value.hint


@pytest.mark.parametrize("cut", ["header", "end"])
@pytest.mark.parametrize("packed", [True, False])
def test_a_tar_that_ends_too_early_is_damaged(tmp_path: Path, cut: str, packed: bool) -> None:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for number in range(4):
            member = tarfile.TarInfo(f"{number}.wav")
            member.size = 1000
            archive.addfile(member, io.BytesIO(bytes([1]) * 1000))
    data = bytearray(content.getvalue())
    if cut == "header":
        data[2 * 1536] ^= 0xFF
    else:
        del data[2 * 1536 :]
    (tmp_path / "a").write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(CorpusError, match="damaged"):
        unpack(tmp_path / "a", tmp_path / "out", most=MOST)


def test_an_unusual_packing_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.wav", bytes(10_000))
    with pytest.raises(CorpusError, match=r"packs a\.wav in an unusual way"):
        unpack(tmp_path / "a", tmp_path / "out", most=MOST)


@pytest.mark.parametrize("kind", ["zipped", "tarred"])
def test_a_file_in_the_place_of_a_folder_is_refused(kind: str, request, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(request.getfixturevalue(kind)({"a": b"x", "a/b.wav": b"x"}))
    with pytest.raises(CorpusError, match="under a name that cannot be"):
        unpack(tmp_path / "a", tmp_path / "out", most=MOST)


def test_an_archive_that_ends_in_another_is_not_taken_for_that(
    zipped, tarred, tmp_path: Path
) -> None:
    data = gzip.decompress(tarred({"a.wav": b"x", "inner.zip": zipped({"inner.wav": b"y"})}))
    (tmp_path / "a").write_bytes(data)
    unpack(tmp_path / "a", tmp_path / "out", most=MOST)
    assert sorted(tree(tmp_path / "out")) == ["a.wav", "inner.zip"]
