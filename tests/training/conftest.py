"""A corpus small enough to train on in seconds: words that are pitches, and noise."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voxtrait.training.prepared import Prepared
from voxtrait.training.recipe import Recipe, load_recipe
from voxtrait.training.train import Options, prepare_recipe

RATE = 16_000
PITCHES = {"one": 100.0, "two": 220.0, "bed": 480.0}
MOUTH = ((300, 750, 350), (2200, 1200, 900), (2900, 2500, 2400))  # formants of i, a and u, in Hz
RECIPES = Path(__file__).parents[2] / "recipes"
QUICK = (
    'corpora=["speech_commands"]',
    "prepare.copies=1",
    "network.channels=16",
    "network.blocks=2",
    "network.width=16",
    "split.parts=4",
    "split.validation=[3]",
    "fit.epochs=4",
    "fit.steps=12",
    "fit.batch=16",
    'teacher.name=""',  # its files are not here
)


@pytest.fixture(scope="session")
def tiny_corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve speakers of three words as Speech Commands has them, four noises and four rooms."""
    root = tmp_path_factory.mktemp("corpora")
    rng = np.random.default_rng(0)
    for speaker in range(12):
        for word, pitch in PITCHES.items():
            folder = root / "speech_commands" / word
            folder.mkdir(parents=True, exist_ok=True)
            soundfile.write(folder / f"{speaker:04x}_nohash_0.wav", _word(pitch, rng), RATE)
    noise = root / "noise"
    noise.mkdir()
    lines = ["path,kind,category"]
    for number in range(4):
        sound = 0.05 * rng.standard_normal(RATE)
        soundfile.write(noise / f"rain_{number}.wav", sound, RATE)
        lines.append(f"rain_{number}.wav,noise,rain")
        response = np.exp(-np.arange(RATE // 4) / 400) * rng.standard_normal(RATE // 4)
        soundfile.write(noise / f"hall_{number}.wav", 0.1 * response, RATE)
        lines.append(f"hall_{number}.wav,room,hall")
    (noise / "files.csv").write_text("\n".join(lines) + "\n")
    return root


def _word(pitch: float, rng: np.random.Generator) -> np.ndarray:
    """Half a second of a speaker's version of a pitch, between pauses; the mouth moves as in "yow".

    Tones of one timbre are no speech to the detector.
    """
    pitch *= rng.uniform(0.93, 1.07)
    time = np.linspace(0, 1, RATE // 2)
    fundamental = pitch * (1.05 - 0.15 * time)
    phase = 2 * np.pi * np.cumsum(fundamental) / RATE
    formants = [np.interp(time, (0, 0.45, 1), course) for course in MOUTH]
    sound = np.zeros(len(time))
    for k in range(1, 40):
        heard = [
            gain / (1 + ((k * fundamental - formant) / width) ** 2)
            for gain, formant, width in zip((1, 0.5, 0.25), formants, (60, 90, 150), strict=True)
        ]
        sound += sum(heard) * (k * fundamental < 7000) * np.sin(k * phase)
    sound *= np.sin(np.pi * time) ** 0.7
    quiet = np.zeros(RATE // 4)
    line = np.concatenate([quiet, 0.2 * sound / np.abs(sound).max(), quiet])
    return line + 1e-4 * rng.standard_normal(len(line))


@pytest.fixture
def real_teachers() -> Path:
    """Where the teachers' own files lie, which nothing here downloads."""
    where = os.environ.get("VOXTRAIT_TEACHERS")
    if not where:
        pytest.skip("VOXTRAIT_TEACHERS is not set; recipes/teachers.py downloads what it names.")
    return Path(where)


@pytest.fixture
def quick_recipe() -> Recipe:
    """The digits' recipe, cut down to a few seconds of work."""
    return load_recipe(RECIPES / "digit_tiny.toml", QUICK)


@pytest.fixture
def quick() -> list[str]:
    """The same cut, as options of a command."""
    return [word for change in QUICK for word in ("--set", change)]


@pytest.fixture(scope="module")
def options(tiny_corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Options:
    return Options(corpora=tiny_corpora, cache=tmp_path_factory.mktemp("cache"), device="cpu")


@pytest.fixture
def material(quick_recipe: Recipe, options: Options) -> tuple[Prepared, dict[str, int]]:
    return prepare_recipe(quick_recipe, options)
