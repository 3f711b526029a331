from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from voxtrait.errors import RecipeError
from voxtrait.training.augment import AugmentSettings, Materials, augment

CHANGES = [
    "speed",
    "tempo",
    "pitch",
    "formant",
    "room",
    "noise",
    "babble",
    "device",
    "band",
    "equalise",
    "clip",
    "gain",
    "codec",
    "telephone",
    "silence",
    "offset",
]
NOTHING = AugmentSettings(**dict.fromkeys(CHANGES, 0.0))
EVERYTHING = AugmentSettings(**dict.fromkeys(CHANGES, 1.0))


@pytest.fixture(scope="module")
def materials(voice, hiss):
    return Materials(noises=[hiss], voices=[voice] * 4, rooms=[np.float32([0, 1, 0.5])])


def test_nothing_asked_for_changes_nothing(voice, rng, materials):
    out, applied = augment(voice, rng, materials, NOTHING)
    np.testing.assert_array_equal(out, voice)
    assert applied == {}


def test_the_order_is_that_of_nature(voice, rng, materials):
    _, applied = augment(voice, rng, materials, EVERYTHING)
    assert list(applied) == [
        "pitch",
        "formant",
        "speed",
        "tempo",
        "room",
        "noise",
        "babble",
        "device",
        "band",
        "equalise",
        "clip",
        "gain",
        "silence",
        "offset",
        "telephone",
        "codec",
    ]


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_alone_is_recorded_and_heard(voice, rng, materials, change):
    before = voice.copy()
    out, applied = augment(voice, rng, materials, replace(NOTHING, **{change: 1.0}))
    assert list(applied) == [change]
    assert out.dtype == np.float32
    assert out.shape != voice.shape or np.abs(out - voice).max() > 1e-4
    np.testing.assert_array_equal(voice, before)


@pytest.mark.parametrize("seed", range(12))
def test_the_same_generator_gives_the_same_finite_sound(voice, materials, seed):
    settings = AugmentSettings(pitch=0.5, formant=0.3)
    once, applied = augment(voice, np.random.default_rng(seed), materials, settings)
    again, same = augment(voice, np.random.default_rng(seed), materials, settings)
    np.testing.assert_array_equal(once, again)
    assert applied == same
    assert np.isfinite(once).all()
    assert once.size > 0.8 * voice.size


@pytest.mark.parametrize("samples", [0, 1, 2, 159, 700])
@pytest.mark.parametrize("level", [0.0, 0.2])
def test_the_shortest_and_quietest_sounds_come_through_everything(samples, level, materials):
    sound = level * np.random.default_rng(1).standard_normal(samples).astype(np.float32)
    for seed in range(4):
        out, _ = augment(sound, np.random.default_rng(seed), materials, EVERYTHING)
        assert out.size >= 1
        assert np.isfinite(out).all()


def test_strengths_lie_in_the_ranges_asked_for(voice, materials):
    settings = replace(NOTHING, noise=1.0, noise_snr_db=(7.0, 8.0), gain=1.0, gain_db=(-2.0, -1.0))
    for seed in range(10):
        _, applied = augment(voice[:4000], np.random.default_rng(seed), materials, settings)
        assert 7 <= applied["noise"] <= 8
        assert -2 <= applied["gain"] <= -1


def test_a_probability_is_how_often_a_change_happens(materials):
    settings, short = replace(NOTHING, gain=0.3), np.ones(10, np.float32)
    rng = np.random.default_rng(0)
    happened = sum("gain" in augment(short, rng, materials, settings)[1] for _ in range(2000))
    assert happened / 2000 == pytest.approx(0.3, abs=0.04)


def test_missing_materials_are_left_out(voice, rng):
    _, applied = augment(voice, rng, Materials(), EVERYTHING)
    assert "noise" not in applied
    assert "babble" not in applied
    assert applied["room"] == "synthetic"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("noise", 1.5),
        ("room", -0.1),
        ("gain", float("nan")),
        ("noise_snr_db", (30.0, 0.0)),
        ("speed_factor", (0.0, 1.0)),
        ("pitch_octaves", (-2.0, 0.5)),
        ("formant_ratio", (0.5, 1.0)),
        ("rt60", (0.0, 0.5)),
        ("band_high_hz", (2000.0, 9000.0)),
        ("silence_seconds", (0.0, 60.0)),
    ],
)
def test_a_value_out_of_bounds_is_named_by_its_key(key, value):
    with pytest.raises(RecipeError, match=rf"augment\.{key}:"):
        AugmentSettings(**{key: value})


def test_settings_are_floats_and_ranges_only_as_toml_can_give_them():
    for field in fields(AugmentSettings):
        value = getattr(AugmentSettings(), field.name)
        assert isinstance(value, float) or [type(part) for part in value] == [float, float]
