"""A package that is installed and does not load: a library of the system is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

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


@pytest.mark.parametrize("package", ["onnxruntime", "soxr", "numpy"])
def test_a_needed_package_that_does_not_load_is_named(package, spoken_at_8_khz, tmp_path) -> None:
    done = predict(tmp_path, package, spoken_at_8_khz)
    assert (done.returncode, done.stdout) == (5, "")
    assert "does not load (DLL load failed)" in done.stderr
    assert "hint: Install it again: pip install --force-reinstall" in done.stderr
    assert "Traceback" not in done.stderr
    assert "fault of voxtrait" not in done.stderr


def test_a_broken_soundfile_is_named(tmp_path) -> None:
    done = predict(tmp_path, "soundfile", SPOKEN)
    assert done.returncode == 5
    assert "The package soundfile does not load (DLL load failed)" in done.stderr


def test_a_broken_pyav_fails_its_recordings_and_no_others(tmp_path, spoken_at_8_khz) -> None:
    film = tmp_path / "film.m4a"
    film.write_bytes(b"\0\0\0\x20ftypM4A " + bytes(np.arange(200, dtype=np.uint8)))
    done = predict(tmp_path, "av", film, spoken_at_8_khz)
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert '"MissingExtra"' in first
    assert "does not load" in first
    assert '"traits"' in second
