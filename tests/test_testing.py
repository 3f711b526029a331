"""The fake models are valid, quick, and depend on the real samples only."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxtrait.errors import UsageError
from voxtrait.model_file import ModelFile
from voxtrait.testing import fake_detector, fake_model
from voxtrait.traits import TRAITS


@pytest.mark.parametrize("data", [fake_model(), fake_detector()], ids=["traits", "frames"])
def test_a_fake_is_valid_onnx(data: bytes) -> None:
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    assert len(data) < 4096


def test_the_seed_alone_makes_the_difference() -> None:
    assert fake_model(seed=1) == fake_model(seed=1)
    assert fake_model(seed=1) != fake_model(seed=2)


def test_a_fake_answers_the_traits_it_was_asked_for() -> None:
    card = ModelFile.load(fake_model(("age", "gender"), sample_rate=8000)).card
    assert list(card.traits) == ["age", "gender"]
    assert card.sample_rate == 8000
    assert card.traits["age"].labels == TRAITS["age"].labels


def test_one_trait_may_be_named_alone() -> None:
    assert fake_model("digit") == fake_model(("digit",))


def test_an_unknown_trait_is_refused() -> None:
    with pytest.raises(UsageError, match="'height' is no trait"):
        fake_model(("gender", "height"))


MODEL = ModelFile.load(fake_model())


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 99), length=st.integers(1, 4000), padding=st.integers(0, 500))
def test_padding_and_a_neighbour_change_nothing(seed: int, length: int, padding: int) -> None:
    draw = np.random.default_rng(seed)
    row = draw.normal(0, 0.1, length).astype(np.float32)
    alone = MODEL.run(row[None], np.array([length]))
    together = draw.normal(0, 0.1, (2, length + padding)).astype(np.float32)
    together[1, :length] = row
    beside = MODEL.run(together, np.array([length + padding, length]))
    for name, logits in alone.items():
        np.testing.assert_allclose(beside[name][1], logits[0], atol=1e-5)


def test_the_fake_detector_finds_what_is_loud() -> None:
    waveform = np.zeros(16_000, np.float32)
    waveform[4000:8000] = 0.1
    rows, lengths = waveform[None], np.array([16_000])
    speech = ModelFile.load(fake_detector()).run(rows, lengths)["speech"][0]
    assert speech.shape == (101,)
    np.testing.assert_array_equal(np.flatnonzero(speech > 0.5), np.arange(25, 51))
