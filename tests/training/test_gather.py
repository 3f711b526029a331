"""Which recordings a recipe trains on, where they are somebody's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from voxtrait.errors import CorpusError, UsageError
from voxtrait.training.gather import gather, unknown_labels
from voxtrait.training.recipe import Recipe
from voxtrait.traits import TRAITS


@pytest.fixture
def words(tiny_corpora: Path) -> dict[str, list[Path]]:
    return {"speech_commands": [tiny_corpora / "speech_commands"]}


@pytest.fixture
def spoken(quick_recipe: Recipe) -> Recipe:
    return replace(quick_recipe, corpora=("speech_commands",))


def test_without_noises_a_recipe_that_mixes_them_in_is_refused(spoken: Recipe, words) -> None:
    mixing = replace(spoken, prepare=replace(spoken.prepare, copies=1))
    with pytest.raises(CorpusError, match=r"augment\.noise is 0\.5 and fit\.mix is") as raised:
        gather(mixing, None, words)
    assert "--root noise=DIR" in raised.value.hint
    assert "--set augment.noise=0 --set fit.mix=0" in raised.value.hint


def test_without_noises_a_recipe_that_needs_none_is_trained(spoken: Recipe, words) -> None:
    augment = replace(spoken.augment, noise=0.0)
    quiet = replace(spoken, augment=augment, fit=replace(spoken.fit, mix=0.0))
    assert {row.kind for row in gather(quiet, None, words)} == {"speech"}
    uncopied = replace(quiet, augment=spoken.augment, prepare=replace(quiet.prepare, copies=0))
    assert {row.kind for row in gather(uncopied, None, words)} == {"speech"}


def test_a_folder_of_rooms_alone_is_no_noise(
    spoken: Recipe, words, tmp_path: Path, tiny_corpora
) -> None:
    mixing = replace(spoken, prepare=replace(spoken.prepare, copies=1))
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "hall.wav").symlink_to(tiny_corpora / "noise" / "hall_0.wav")
    with pytest.raises(CorpusError, match="There are no noises"):
        gather(mixing, None, {**words, "noise": [tmp_path]})


def test_a_folder_of_corpora_that_is_not_there_is_named(spoken: Recipe, words) -> None:
    with pytest.raises(CorpusError, match=r"There is no folder .*nowhere"):
        gather(spoken, Path("nowhere"), words)


def test_noises_of_ones_own_are_taken(spoken: Recipe, words, tmp_path: Path, tiny_corpora) -> None:
    (tmp_path / "noise").mkdir()
    (tmp_path / "noise" / "rain.wav").symlink_to(tiny_corpora / "noise" / "rain_0.wav")
    rows = gather(spoken, None, {**words, "noise": [tmp_path]})
    assert [row.speaker_id for row in rows if row.kind == "noise"] == ["noise/noise/rain"]


def test_who_lacks_the_made_voices_is_told_what_makes_them(quick_recipe: Recipe, words) -> None:
    with pytest.raises(UsageError) as raised:
        gather(replace(quick_recipe, corpora=("synthetic",)), None, words)
    assert "recipes/synthetic_digits.py" in raised.value.hint


def test_labels_that_no_recording_has_are_named(spoken: Recipe, words, tiny_corpora) -> None:
    rows = gather(spoken, tiny_corpora, words)
    heard = {row.labels["digit"] for row in rows if "digit" in row.labels}
    (labels,) = unknown_labels(spoken, rows).values()
    assert {*labels} == {*TRAITS["digit"].labels} - heard
    assert labels
