"""A model file answers as the network that it was made of, on real voices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from voxtrait.model_file import ModelFile
from voxtrait.networks import TraitModel
from voxtrait.training.build import build_model
from voxtrait.training.export import MOST_DIFFERENCE, export_model, largest_difference
from voxtrait.training.materials import read_16k
from voxtrait.training.recipe import load_recipe

RECIPES = Path(__file__).parents[2] / "recipes"
PATTERNS = ("fsdd/recordings/7_*", "librispeech/**/*.flac", "common_voice/**/clips/*.mp3")


@pytest.fixture(scope="module")
def clips(corpora: Path) -> list[NDArray[np.float32]]:
    """A digit, a sentence of a book and one of a volunteer, 16 kHz, of three lengths."""
    found = [min(corpora.glob(pattern), default=None) for pattern in PATTERNS]
    if missing := [name for name, path in zip(PATTERNS, found, strict=True) if path is None]:
        pytest.skip(f"{corpora} has no {', '.join(missing)}.")
    return [read_16k(path) for path in found if path is not None]


def exported(name: str) -> tuple[TraitModel, bytes]:
    """A recipe's network with weights at random, and its model file."""
    recipe = load_recipe(RECIPES / f"{name}.toml")
    torch.manual_seed(0)
    model = build_model(recipe)
    assert isinstance(model, TraitModel)
    for head in model.pitch_heads.values():
        torch.nn.init.normal_(head.answer.weight)
    return model, export_model(recipe, model)


@pytest.mark.parametrize("name", ["digit_tiny", "voice_tiny"])
def test_torch_equals_onnxruntime_on_real_clips(
    name: str, clips: list[NDArray[np.float32]]
) -> None:
    model, data = exported(name)
    lengths = np.array([len(clip) for clip in clips])
    together = np.zeros((len(clips), lengths.max()), np.float32)
    for row, clip in zip(together, clips, strict=True):
        row[: len(clip)] = clip
    got = ModelFile.load(data).session().run(None, {"waveform": together, "lengths": lengths})
    with torch.inference_mode():
        expected = model.eval()(torch.from_numpy(together), torch.from_numpy(lengths))
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_allclose(one, other.numpy(), rtol=0, atol=MOST_DIFFERENCE)
        assert np.ptp(one, axis=0).max() > 100 * MOST_DIFFERENCE  # it does hear the clips
    assert largest_difference(model, data, clips) <= MOST_DIFFERENCE


@pytest.mark.parametrize("samples", [1, 159, 160, 500])
def test_torch_equals_onnxruntime_on_a_frame_or_two(samples: int) -> None:
    model, data = exported("voice_tiny")
    waveform = np.random.default_rng(2).standard_normal(samples).astype(np.float32)
    assert largest_difference(model, data, [waveform]) <= MOST_DIFFERENCE


def test_a_changed_weight_is_noticed(clips: list[NDArray[np.float32]]) -> None:
    model, data = exported("voice_tiny")
    with torch.no_grad():
        next(p for p in model.network.parameters() if p.ndim > 1).mul_(1.05)
    assert largest_difference(model, data, clips) > MOST_DIFFERENCE
