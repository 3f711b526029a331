"""Answers as the runtime gives them, and the command line as a user starts it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voxtrait.cli.app import main
from voxtrait.cli.rows import Row

# Started as a program too, so it is a file beside this one and not a package's module.
_place = importlib.util.spec_from_file_location(
    "fake_models", Path(__file__).with_name("fake_models.py")
)
assert _place is not None
assert _place.loader is not None
fake_models = importlib.util.module_from_spec(_place)
_place.loader.exec_module(fake_models)


def answer(labels: str, best: str, **more: Any) -> dict[str, Any]:
    names = labels.split()
    shares = {name: 0.9 if name == best else 0.1 / (len(names) - 1) for name in names}
    return {
        "label": best,
        "probability": shares[best],
        "probabilities": shares,
        "unsure": False,
        "model": "fake-tiny",
        **more,
    }


@pytest.fixture
def row() -> Row:
    """An answer to a recording that was asked for everything."""
    return {
        "path": "seven.wav",
        "duration_s": 1.25,
        "speech_s": 0.75,
        "traits": {
            "digit": answer("0 1 2 3 4 5 6 7 8 9 not_a_digit", "7"),
            "gender": answer("female male", "female", unsure=True),
            "age": answer(
                "teens 20s 30s 40s 50s 60+", "30s", years=34.2, interval_years=[24.1, 47.4]
            ),
        },
    }


@pytest.fixture
def silence_row() -> Row:
    """An input that could not be answered."""
    return {
        "path": "silence.wav",
        "error": {
            "type": "NoSpeech",
            "message": "No speech: 0.00 s of the 2.00 s sound like speech.",
            "hint": "Record closer to the microphone.",
            "duration_s": 2.0,
            "speech_s": 0.0,
        },
    }


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """A folder of four short recordings that sound like speech to the fake detector."""
    folder = tmp_path / "clips"
    folder.mkdir()
    time = np.arange(8000) / 8000
    for number in range(4):
        tone = (0.1 + 0.1 * number) * np.sin(2 * np.pi * 220 * time)
        soundfile.write(folder / f"{number}.wav", tone, 8000)
    return folder


@pytest.fixture
def silence(tmp_path: Path) -> Path:
    """Two seconds without a sound."""
    soundfile.write(tmp_path / "silence.flac", np.zeros(16000), 8000)
    return tmp_path / "silence.flac"


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fake models in the order of a shipped folder."""
    folder = tmp_path_factory.mktemp("models")
    fake_models.write(folder)
    return folder


@dataclass
class Ended:
    """What a call of the command line left behind."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Row]:
        return [json.loads(line) for line in self.out.splitlines()]


Voxtrait = Callable[..., Ended]


@pytest.fixture
def voxtrait(
    models_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Voxtrait:
    """Call the command line in this process, with fake models as the shipped ones."""
    fake_models.ship(models_folder, monkeypatch.setattr)

    def run(*arguments: object) -> Ended:
        code = main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        return Ended(code, written.out, written.err)

    return run


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(models_folder: Path) -> Iterator[Start]:
    """Start the command line in a process of its own, with fake models as the shipped ones."""
    running: list[subprocess.Popen[str]] = []

    def run(*arguments: object, **options: Any) -> subprocess.Popen[str]:
        command = [sys.executable, fake_models.__file__, models_folder, *arguments]
        pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
        environment = {**os.environ, "OMP_NUM_THREADS": "1", **options.pop("env", {})}
        environment.pop("COLUMNS", None)  # a terminal knows how wide it is
        process = subprocess.Popen(
            list(map(str, command)), env=environment, text=True, **{**pipes, **options}
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()
