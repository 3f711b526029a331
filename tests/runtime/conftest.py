"""Predictors of fake models, and computed recordings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from voxtrait.model_file import ModelFile
from voxtrait.runtime import Predictor
from voxtrait.speech import SpeechDetector
from voxtrait.testing import fake_detector, fake_model

RATE = 16_000
Voice = Callable[..., NDArray[np.float32]]


@pytest.fixture(scope="session")
def detector() -> SpeechDetector:
    return SpeechDetector(ModelFile.load(fake_detector()))


@pytest.fixture(scope="session")
def predictor(detector: SpeechDetector) -> Predictor:
    """All traits, by two models as they ship."""
    voice = ModelFile.load(fake_model(("gender", "age")))
    digit = ModelFile.load(fake_model(("digit",), seed=1))
    return Predictor([digit, voice], detector)


@pytest.fixture(scope="session")
def voice() -> Voice:
    """``voice(seconds, (start, end), ..., seed=0)``: noise of changing level, else silence."""

    def make(seconds: float, *voiced: tuple[float, float], seed: int = 0) -> NDArray[np.float32]:
        draw = np.random.default_rng(seed)
        waveform = np.zeros(round(seconds * RATE), np.float32)
        for start, end in voiced:
            part = waveform[round(start * RATE) : round(end * RATE)]
            level = np.repeat(draw.uniform(0.05, 0.3, len(part) // 800 + 1), 800)[: len(part)]
            part[:] = level * draw.uniform(-1, 1, len(part)) + 0.02
        return waveform

    return make


@pytest.fixture
def clips(tmp_path: Path, voice: Voice) -> list[Path]:
    """Twelve clips of different lengths, rates and numbers of words."""
    paths = []
    for index in range(12):
        seconds = 0.5 + 0.4 * index
        words = [(s, s + 0.4) for s in np.arange(0.05, seconds - 0.3, 0.9)]
        path = tmp_path / f"clip{index}.wav"
        soundfile.write(path, voice(seconds, *words, seed=index), (8000, RATE, 44_100)[index % 3])
        paths.append(path)
    return paths
