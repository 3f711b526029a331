"""The recipes that ship, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from voxtrait.errors import RecipeError
from voxtrait.training.build import build_model
from voxtrait.training.recipe import load_recipe

RECIPES = sorted((Path(__file__).parents[2] / "recipes").glob("*.toml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_that_ships_describes_a_network(path: Path) -> None:
    recipe = load_recipe(path)
    assert recipe.source == path.read_text()
    assert recipe.name == path.stem.replace("_", "-")
    assert sum(p.numel() for p in build_model(recipe).parameters()) > 1000


def test_sizes_of_a_family_share_their_prepared_examples() -> None:
    keys = {path.stem: load_recipe(path).prepared_key() for path in RECIPES}
    assert keys["voice_small"] == keys["voice_tiny"] != keys["digit_small"] == keys["digit_tiny"]


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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("network.name=tdn", r"network\.name: unknown network 'tdn'\. Did you mean 'tdnn'\?"),
        ("front_end.name=melo", r"front_end\.name: unknown front end 'melo'"),
        ('traits=["gendre"]', r"traits\[0\]: unknown trait 'gendre'\. Did you mean 'gender'\?"),
        ("fit.epoch=3", r"fit\.epoch: unknown key 'epoch'\. Did you mean 'epochs'\?"),
        ("fit.epochs=many", r"fit\.epochs: 'many' is not of type int"),
        ("augment.noise=2.0", r"augment\.noise: 2\.0"),
        ("split.parts=2", r"split: parts 2"),
        ("prepare.style=song", r"prepare: style 'song' is not one of"),
        ("fit.epochs=0", r"fit: epochs is 0; it must be above 0"),
        ("fit.batch=-3", r"fit: batch is -3"),
        ("fit.seconds=[2, 1]", r"fit: seconds is \[2\.0, 1\.0\]"),
        ("window.hop=9.0", r"window: seconds 3\.0, hop 9\.0"),
        ("split.validation=[]", r"split: parts 10 and validation \[\]"),
        ('corpora=["speech_comands"]', r"corpora\[0\]: unknown corpus.*'speech_commands'"),
        ("fit.epochs", r"has no '='"),
        ("name.x=1", r"name is a value, not a table"),
    ],
)
def test_a_wrong_recipe_names_the_dotted_key(change: str, message: str) -> None:
    voice = next(path for path in RECIPES if path.stem == "voice_small")
    with pytest.raises(RecipeError, match=message):
        load_recipe(voice, [change])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("network.channel=2", r"network: tdnn cannot be made of .*It knows: channels, blocks"),
        ("front_end.bands='x'", r"front_end: log_mel cannot be made of"),
    ],
)
def test_an_argument_that_nothing_can_be_made_of_is_a_recipe_error(
    change: str, message: str
) -> None:
    voice = next(path for path in RECIPES if path.stem == "voice_small")
    with pytest.raises(RecipeError, match=message):
        build_model(load_recipe(voice, [change]))


def test_a_missing_or_damaged_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"Cannot read the recipe .*none\.toml"):
        load_recipe(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("name = [")
    with pytest.raises(RecipeError, match=r"bad\.toml is not TOML"):
        load_recipe(tmp_path / "bad.toml")
