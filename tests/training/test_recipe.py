"""The recipes that ship, and what is said of wrong ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from voxtrait.errors import RecipeError, UsageError
from voxtrait.training import recipe as recipes
from voxtrait.training.build import build_model
from voxtrait.training.recipe import load_recipe

RECIPES = sorted((Path(__file__).parents[2] / "recipes").glob("*.toml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_that_ships_describes_a_network(path: Path) -> None:
    recipe = load_recipe(path)
    assert recipe.source == path.read_text()
    assert recipe.name == path.stem.replace("_", "-")
    assert sum(p.numel() for p in build_model(recipe).parameters()) > 1000


@pytest.mark.parametrize(
    ("size", "parameters"), [("tiny", 25_000), ("small", 250_000), ("base", 2_000_000)]
)
@pytest.mark.parametrize("family", ["digit", "voice"])
def test_a_size_is_about_so_many_parameters(family: str, size: str, parameters: int) -> None:
    recipe = load_recipe(RECIPES[0].with_name(f"{family}_{size}.toml"))
    count = sum(p.numel() for p in build_model(recipe).parameters())
    assert count == pytest.approx(parameters, rel=0.2)


@pytest.mark.parametrize("family", ["digit", "voice"])
def test_sizes_of_a_family_share_their_prepared_examples(family: str) -> None:
    keys = {path.stem: load_recipe(path).prepared_key() for path in RECIPES}
    assert len({keys[f"{family}_{size}"] for size in ("tiny", "small", "base")}) == 1
    assert keys["voice_small"] != keys["digit_small"]


def test_base_differs_from_small_in_the_network_alone() -> None:
    for family in ("digit", "voice"):
        small, base = (
            load_recipe(RECIPES[0].with_name(f"{family}_{size}.toml")) for size in ("small", "base")
        )
        alike = replace(base, name=small.name, network=small.network, source=small.source)
        assert alike == small


def test_a_value_is_changed_by_its_dotted_key_and_the_change_is_kept_in_the_source() -> None:
    recipe = load_recipe(RECIPES[0], ["fit.epochs=7", "network.channels=16", "name=other"])
    assert recipe.fit.epochs == 7
    assert recipe.network.arguments["channels"] == 16
    assert recipe.name == "other"
    assert recipe.source.endswith("# --set name=other\n")


def test_the_source_of_a_changed_recipe_is_that_recipe(tmp_path: Path) -> None:
    recipe = load_recipe(RECIPES[0], ["fit.epochs=7", "name=other"])
    (tmp_path / "recipe.toml").write_text(recipe.source)
    assert load_recipe(tmp_path / "recipe.toml") == recipe


def test_the_change_stands_on_a_line_of_its_own_however_the_recipe_ends(tmp_path: Path) -> None:
    (tmp_path / "bare.toml").write_text(RECIPES[0].read_text().rstrip())
    assert load_recipe(tmp_path / "bare.toml", ["name=x"]).source.endswith("\n# --set name=x\n")


def test_a_recipe_without_a_corpus_says_so_in_its_source(tmp_path: Path) -> None:
    alone = load_recipe(RECIPES[0], ["seed=3"]).without_corpus("fsdd")
    assert "fsdd" not in alone.corpora
    (tmp_path / "recipe.toml").write_text(alone.source)
    assert load_recipe(tmp_path / "recipe.toml") == alone


def test_examples_of_an_older_form_are_not_taken_for_todays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = load_recipe(RECIPES[0])
    before = recipe.prepared_key()
    monkeypatch.setattr(recipes, "FORM", recipes.FORM + 1)
    assert recipe.prepared_key() != before


STILL = [f"fit.{name}=0" for name in ("narrow", "trim", "surround", "splice", "mix")]


def test_a_test_side_is_kept_out_of_training_and_narrow_may_be_switched_off() -> None:
    recipe = load_recipe(RECIPES[0], ["split.test=[0, 1]", *STILL, "front_end.name=mfcc"])
    assert recipe.split.test == (0, 1)
    build_model(load_recipe(RECIPES[0], ["fit.mask_bands=40"]))  # all that there are


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("network.name=tdn", r"network\.name: unknown network 'tdn'\. Did you mean 'tdnn'\?"),
        ("front_end.name=melo", r"front_end\.name: unknown front end 'melo'"),
        ('traits=["gendre"]', r"traits\[0\]: unknown trait 'gendre'\. Did you mean 'gender'\?"),
        ("fit.epoch=3", r"fit\.epoch: unknown key 'epoch'\. Did you mean 'epochs'\?"),
        ("fit.epochs=many", r"fit\.epochs: 'many' is not of type int"),
        ("augment.noise=2.0", r"augment\.noise: 2\.0"),
        ("split.parts=2", r"split\.parts 2"),
        ("prepare.style=song", r"prepare\.style 'song' is not one of"),
        ("fit.epochs=0", r"fit\.epochs is 0; it must be above 0"),
        ("fit.batch=-3", r"fit\.batch is -3"),
        ("fit.seconds=[2, 1]", r"fit\.seconds is \[2\.0, 1\.0\]"),
        ("window.hop=9.0", r"window\.seconds 8\.0, hop 9\.0"),
        ("split.validation=[]", r"split\.parts 10, validation \[\] and test \[\]"),
        ("split.test=[10]", r"split\.parts 10, validation \[9\] and test \[10\]"),
        ("split.test=[8, 9]", r"split\.validation and test are both given the parts \[9\]"),
        ("seed=-1", r"seed is -1; it must be from 0"),
        ("prepare.copies=-4", r"prepare\.copies is -4; it must not be below 0"),
        ("prepare.pitch_copies=-1", r"prepare\.pitch_copies is -1"),
        ("prepare.seconds=0", r"prepare\.seconds is 0\.0; it must be above 0"),
        ("prepare.speech_only=1.5", r"prepare\.speech_only is 1\.5; it must be from 0 to 1"),
        ("prepare.pitch_octaves=[0.5, -0.5]", r"prepare\.pitch_octaves is \[0\.5, -0\.5\]"),
        ("sample.clean=3", r"sample\.clean is 3\.0; it must be from 0 to 1"),
        ("sample.clean=nan", r"sample\.clean: nan is not a finite number"),
        ("window.seconds=inf", r"window\.seconds: inf is not a finite number"),
        ("corpora=fsdd", r"corpora: 'fsdd' is not a list"),
        ('corpora=[["fsdd"]]', r"corpora\[0\]: \['fsdd'\] is not of type str"),
        ('network.name=["a"]', r"network\.name: \['a'\] is not of type str"),
        ("sample.balance=-1", r"sample\.balance is -1\.0"),
        ("sample.corpora.fsdd=-1", r"sample\.corpora\.fsdd is -1\.0; a weight must not be below 0"),
        ("sample.classes.female=-1", r"sample\.classes\.female is -1\.0"),
        ("fit.narrow=7", r"fit\.narrow is 7\.0; it must be from 0 to 1"),
        ("fit.smoothing=2", r"fit\.smoothing is 2\.0"),
        ("fit.mask_frames=-1", r"fit\.mask_frames is -1"),
        ("fit.weight_decay=inf", r"fit\.weight_decay: inf is not a finite number"),
        ("fit.weights.age=-1", r"fit\.weights\.age is -1\.0"),
        ("sample.corpora.fsd=1", r"sample\.corpora\.fsd: unknown corpus 'fsd'\. Did.*'fsdd'"),
        ("sample.classes.femal=1", r"sample\.classes\.femal: unknown class .*'female'"),
        ("fit.weights.ag=1", r"fit\.weights\.ag: unknown trait 'ag'\. Did you mean 'age'"),
        ('prepare.pitch_traits=["gendr"]', r"pitch_traits\[0\]: unknown trait 'gendr'.*'gender'"),
        ("prepare.sounds=0.5", r"sounds is 0\.5, but the style 'recording' has no pauses"),
        ("front_end.name=mfcc", r"fit\.narrow is 0\.25, but mfcc does not give levels"),
        ("fit.reverberate=0.2", r"fit\.reverberate is 0\.2, but log_mel_pitch gives the pitch"),
        ("prepare.style=word", r"front_end\.name is log_mel_pitch, but nothing asks for a p"),
        ('traits=["gender"]', r"nothing asks for a pitch: .* the traits are gender\."),
        ("fit.trim=0.5", r"fit\.trim is 0\.5, but the style 'recording' makes no examples of"),
        ("fit.mix_snr_db=[9, 3]", r"fit\.mix_snr_db is \[9\.0, 3\.0\]; the least comes first"),
        ('corpora=["speech_comands"]', r"corpora\[0\]: unknown corpus.*'speech_commands'"),
        ("name.x=1", r"name is a value, not a table"),
    ],
)
def test_a_wrong_recipe_names_the_dotted_key(change: str, message: str) -> None:
    voice = next(path for path in RECIPES if path.stem == "voice_small")
    with pytest.raises(RecipeError, match=message) as caught:
        load_recipe(voice, [change])
    assert caught.value.hint


def test_a_change_without_a_value_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=r"'fit\.epochs' has no '='"):
        load_recipe(RECIPES[0], ["fit.epochs"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "network.channel=2",
            r"network\.channel: unknown argument of tdnn 'channel'\. Did you mean 'channels'\?",
        ),
        ("network.channels='x'", r"network\.channels: 'x' is not of type int"),
        ("network.channels=-5", r"network\.channels is -5; it must be at least 1"),
        ("network.width=0", r"network\.width is 0; it must be at least 1"),
        ("network.dropout=nan", r"network\.dropout: nan is not a finite number"),
        ("front_end.hop=0", r"front_end\.hop is 0; it must be at least 1"),
        ("network.dropout=7", r"network\.dropout is 7\.0; tdnn .* knows channels, blocks, width"),
        ("front_end.window=0", r"front_end\.window is 0; it must be at least 1"),
        (
            "front_end.window=400",
            r"front_end\.window is 400; log_mel_pitch cannot be made so \(a win",
        ),
        (
            "front_end.bands=100000",
            r"front_end\.bands is 100000; log_mel_pitch cannot be made so \(bands is 100000; a win",
        ),
        ("fit.mask_bands=65", r"fit\.mask_bands is 65; log_mel_pitch has 64 bands"),
    ],
)
def test_an_argument_that_nothing_can_be_made_of_is_a_recipe_error(
    change: str, message: str
) -> None:
    voice = next(path for path in RECIPES if path.stem == "voice_small")
    with pytest.raises(RecipeError, match=message):
        build_model(load_recipe(voice, [change]))


def test_bands_below_their_own_lowest_are_a_recipe_error() -> None:
    digits = next(path for path in RECIPES if path.stem == "digit_small")
    with pytest.raises(RecipeError, match=r"front_end\.high is 9\.5; log_mel cannot be made so"):
        build_model(load_recipe(digits, ["front_end.high=9.5"]))


def test_a_missing_or_damaged_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"Cannot read the recipe .*none\.toml") as caught:
        load_recipe(tmp_path / "none.toml")
    assert "recipes/" in caught.value.hint
    (tmp_path / "bad.toml").write_text("name = [")
    with pytest.raises(RecipeError, match=r"bad\.toml is not TOML"):
        load_recipe(tmp_path / "bad.toml")
