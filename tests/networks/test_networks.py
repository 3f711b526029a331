"""Every network of the table is held to the same promises; a new one needs no new test."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from voxtrait.features import FrontEnd, LogMel, LogMelPitch
from voxtrait.networks import FRAME_NETWORKS, NETWORKS, TraitModel
from voxtrait.traits import AGE, DIGIT, GENDER

LABELS = {trait.name: len(trait.labels) for trait in (DIGIT, GENDER, AGE)}
FRONT_END = LogMel(bands=40)


def model_of(name: str, front_end: FrontEnd = FRONT_END) -> TraitModel:
    torch.manual_seed(0)
    model = TraitModel(front_end, NETWORKS[name](40), LABELS)
    for head in model.pitch_heads.values():
        nn.init.normal_(head.answer.weight)
    # Batch normalisation that has seen something, so that its shift is not zero.
    model.train()
    model(torch.randn(8, 8000), torch.full((8,), 8000))
    return model.eval()


MODELS = {name: model_of(name) for name in NETWORKS}
WITH_PITCH = model_of("tdnn", LogMelPitch(bands=40))


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("frames", [1, 4, 101])
def test_any_length_gives_one_embedding(name: str, frames: int) -> None:
    network = MODELS[name].network
    real = torch.tensor([frames, 1, max(1, frames // 2)])
    mask = (torch.arange(frames) < real[:, None]).float().unsqueeze(1)
    embedding = network(torch.randn(3, 40, frames) * mask, mask)
    assert embedding.shape == (3, network.width)
    assert torch.isfinite(embedding).all()


@pytest.mark.parametrize("name", NETWORKS)
def test_each_trait_has_its_labels_logits(name: str) -> None:
    outputs = MODELS[name](torch.randn(2, 4000), torch.tensor([4000, 2000]))
    assert [output.shape for output in outputs] == [(2, count) for count in LABELS.values()]


@pytest.mark.parametrize("model", [*MODELS.values(), WITH_PITCH], ids=[*MODELS, "with the pitch"])
@given(
    samples=st.integers(1, 12_000),
    padding=st.integers(0, 6_000),
    seed=st.integers(0, 100),
    loud=st.floats(0.01, 100),
)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_padding_and_a_neighbour_change_nothing(
    model: TraitModel, samples: int, padding: int, seed: int, loud: float
) -> None:
    rng = np.random.default_rng(seed)
    alone = torch.from_numpy(rng.standard_normal((1, samples)).astype(np.float32))
    rubbish = torch.from_numpy(loud * rng.standard_normal((1, padding)).astype(np.float32))
    neighbour = torch.from_numpy(rng.standard_normal((1, samples + padding)).astype(np.float32))
    rows = torch.cat([torch.cat([alone, rubbish], dim=1), neighbour])
    with torch.inference_mode():
        expected = model(alone, torch.tensor([samples]))
        together = model(rows, torch.tensor([samples, samples + padding]))
    for one, other in zip(expected, together, strict=True):
        torch.testing.assert_close(other[:1], one, atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("gain", [0.02, 50.0])
def test_the_level_changes_no_answer(name: str, gain: float) -> None:
    waveform, lengths = torch.randn(1, 8000), torch.tensor([8000])
    with torch.inference_mode():
        for one, other in zip(
            MODELS[name](waveform, lengths), MODELS[name](gain * waveform, lengths), strict=True
        ):
            torch.testing.assert_close(one, other, atol=1e-2, rtol=1e-2)


def test_the_pitch_speaks_for_age_alone_and_as_loud_as_the_network() -> None:
    time = torch.arange(8000) / 16_000
    voice = sum(torch.sin(2 * torch.pi * 130 * k * time) / k for k in range(1, 9))
    waveform, lengths = torch.stack([voice, voice.flip(0)]), torch.tensor([8000, 5000])
    features, mask = WITH_PITCH.front_end(waveform, lengths)
    heard = WITH_PITCH.answers(WITH_PITCH.embedding(features[:, :-2], mask))
    levels = WITH_PITCH.level(features[:, :-2], mask)
    assert list(WITH_PITCH.pitch_heads) == ["age"]
    told = WITH_PITCH.pitch_heads["age"](levels, features[:, -2:], mask)
    outputs = dict(zip(LABELS, WITH_PITCH.from_features(features, mask), strict=True))
    torch.testing.assert_close(outputs["age"], (heard["age"] + told) / 2)
    for trait in ("digit", "gender"):
        torch.testing.assert_close(outputs[trait], heard[trait])
    features[:, -2] += 0.3
    moved = dict(zip(LABELS, WITH_PITCH.from_features(features, mask), strict=True))
    assert (moved["age"] - outputs["age"]).abs().max() > 0.01
    torch.testing.assert_close(moved["gender"], outputs["gender"])


@pytest.mark.parametrize("name", FRAME_NETWORKS)
def test_a_frame_network_answers_each_frame_whatever_stands_behind_the_end(name: str) -> None:
    torch.manual_seed(0)
    network = FRAME_NETWORKS[name](FRONT_END).eval()
    alone = torch.randn(1, 4000)
    rows = torch.cat([torch.cat([alone, 5 * torch.randn(1, 3000)], 1), torch.randn(1, 7000)])
    with torch.inference_mode():
        expected = network(alone, torch.tensor([4000]))
        together = network(rows, torch.tensor([4000, 7000]))
    assert expected.shape == (1, 26)
    torch.testing.assert_close(together[:1, :26], expected, atol=1e-5, rtol=1e-4)


def test_the_sizes_have_the_parameters_they_are_named_for() -> None:
    counts = {
        name: sum(p.numel() for p in NETWORKS["tdnn"](bands, **arguments).parameters())
        for name, bands, arguments in (
            ("tiny", 64, {"channels": 28, "blocks": 3, "width": 32}),
            ("small", 64, {"channels": 96, "blocks": 4, "width": 96}),
            ("base", 64, {"channels": 256, "blocks": 6, "width": 192}),
        )
    }
    assert 15_000 < counts["tiny"] < 30_000
    assert 200_000 < counts["small"] < 280_000
    assert 1_700_000 < counts["base"] < 2_400_000
