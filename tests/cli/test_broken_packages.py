"""A package that is installed and does not load: a library of the system is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import soundfile

from voxtrait.cli.failure import broken_package
from voxtrait.errors import BrokenPackage
from voxtrait.model_file import session

SPOKEN = Path(__file__).parents[2] / "examples" / "recordings" / "digit-four.flac"


def predict(folder: Path, broken: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    (folder / f"{broken}.py").write_text("raise ImportError('DLL load failed\\nand more of it')")
    command = [sys.executable, "-m", "voxtrait", "predict", "--format", "json", *map(str, paths)]
    return subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def spoken_at_8_khz(tmp_path: Path) -> Path:
    waveform, rate = soundfile.read(SPOKEN)
    path = tmp_path / "spoken.wav"
    soundfile.write(path, waveform[::2], rate // 2)
    return path


def test_the_shell_of_a_package_that_another_thread_failed_to_import_is_not_taken_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python hands it to whoever waited for that thread."""

    def fail(name: str) -> None:
        raise ImportError("DLL load failed")

    monkeypatch.setitem(sys.modules, "onnxruntime", ModuleType("onnxruntime"))
    monkeypatch.setattr(session, "import_module", fail)
    with pytest.raises(BrokenPackage, match="onnxruntime does not load"):
        session.start_session(b"", "of bytes", 1)


@pytest.mark.parametrize("package", ["onnxruntime", "soxr", "numpy"])
def test_a_needed_package_that_does_not_load_is_named(package, spoken_at_8_khz, tmp_path) -> None:
    done = predict(tmp_path, package, spoken_at_8_khz)
    assert done.returncode == 5
    assert "traits" not in done.stdout
    assert f"The package {package} does not load (DLL load failed)." in done.stderr
    assert f"hint: Install it again: pip install --force-reinstall {package}\n" in done.stderr
    assert "Traceback" not in done.stderr
    assert "fault of voxtrait" not in done.stderr


def test_a_broken_soundfile_is_named(tmp_path) -> None:
    done = predict(tmp_path, "soundfile", SPOKEN)
    assert done.returncode == 5
    assert "The package soundfile does not load (DLL load failed)" in done.stderr


@pytest.mark.parametrize("package", ["av", "soxr"])
def test_what_only_some_recordings_need_fails_these_alone(
    package, tmp_path, spoken_at_8_khz
) -> None:
    film = tmp_path / "film.m4a"
    film.write_bytes(b"\0\0\0\x20ftypM4A " + bytes(np.arange(200, dtype=np.uint8)))
    needing = {"av": film, "soxr": spoken_at_8_khz}[package]
    done = predict(tmp_path, package, needing, SPOKEN)
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert '"BrokenPackage"' in first
    assert f"pip install --force-reinstall {package}" in first
    assert '"traits"' in second


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("OSError('libtorch.so: cannot open shared object file')", "The package torch does not"),
        ("ImportError('DLL load failed')", "The package torch does not load (DLL load failed)."),
        ("ModuleNotFoundError('No module', name='sympy')", "needs the 'train' extra, which is not"),
    ],
)
def test_a_broken_torch_is_told_before_a_training(tmp_path, raised, said) -> None:
    (tmp_path / "torch.py").write_text(f"raise {raised}")
    recipe = Path(__file__).parents[2] / "recipes" / "digit_tiny.toml"
    done = subprocess.run(
        [sys.executable, "-m", "voxtrait", "train", str(recipe)],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 5
    assert said in done.stderr
    assert "hint: Install it" in done.stderr


@pytest.mark.parametrize("line", ["from numpy import typo", "import voxtrait.nothing"])
def test_a_wrong_import_of_our_own_is_our_fault(line: str) -> None:
    with pytest.raises(ImportError) as caught:
        exec(line, {"__name__": "voxtrait.runtime.made_up"})
    assert broken_package(caught.value) == ""
