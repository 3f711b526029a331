"""Who is tested in a fold was heard by nobody in it, whatever lies in the folder already."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voxtrait.corpora import Manifest, Utterance
from voxtrait.errors import RunError, SplitError
from voxtrait.model_file import ModelFile
from voxtrait.testing import fake_model
from voxtrait.training import cross_validate, materials, shards
from voxtrait.training import folds as plans
from voxtrait.training import train as training
from voxtrait.training.cross_validate import calibrate_fold, measure_fold, train_fold
from voxtrait.training.folds import Fold, corpus_fold, folds, speaker_folds
from voxtrait.training.prepared import INDEX, Prepared
from voxtrait.training.recipe import Recipe, load_recipe
from voxtrait.training.run import VALIDATION, Run
from voxtrait.training.settings import PrepareSettings, TeacherSettings
from voxtrait.training.sides import Sides, selected, split_of
from voxtrait.training.train import Options, prepare_recipe, train

RATE = 16_000


@pytest.fixture
def options(tiny_corpora: Path, tmp_path: Path) -> Options:
    return Options(corpora=tiny_corpora, cache=tmp_path / "cache", device="cpu", resume=True)


def trained(fold: Fold, folder: Path, **other: Any) -> Path:
    """The folder of a fold as a finished training leaves it."""
    run = Run(folder / fold.name)
    split = split_of(fold.manifest, fold.parts, fold.sides)
    run.describe(fold.recipe, Manifest([]), {**split, **other})
    run.model_file.write_bytes(fake_model(["digit"]))
    return run.folder


@pytest.fixture
def untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is trained in this test."""

    def refuse(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(cross_validate, "train", refuse)


@pytest.mark.usefixtures("untrained")
def test_a_trained_fold_is_neither_trained_nor_prepared_again(
    quick_recipe: Recipe, options: Options, tmp_path: Path
) -> None:
    fold = next(folds(quick_recipe, 3, options))
    trained(fold, tmp_path)
    train_fold(fold, tmp_path, options)
    assert not options.cache.exists()


@pytest.mark.usefixtures("untrained")
def test_a_model_that_may_have_heard_who_is_tested_is_not_reused(
    quick_recipe: Recipe, options: Options, tmp_path: Path
) -> None:
    three, two = ([*folds(quick_recipe, count, options)][1] for count in (3, 2))
    trained(two, tmp_path)
    with pytest.raises(RunError, match=r"a run of other sides: validation, test, ") as raised:
        train_fold(three, tmp_path, options)
    assert raised.value.exit_code == 4
    other = replace(two, parts={**two.parts, "speech_commands/0000": 3})
    with pytest.raises(RunError, match=r"other sides: parts of"):
        train_fold(other, tmp_path, options)
    split = split_of(two.manifest, two.parts, two.sides)
    trained(two, tmp_path, exclude=["fsdd"], unheard=["dog", *split["unheard"]])
    with pytest.raises(RunError, match=r"other sides: unheard, exclude of"):
        train_fold(two, tmp_path, options)


def test_a_training_goes_on_with_the_sides_that_it_was_begun_with(
    quick_recipe: Recipe, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared, parts = prepare_recipe(quick_recipe, options)
    run, sides = Run(tmp_path / "run"), Sides({3}, {0})
    begun = split_of(prepared.manifest, parts, sides)
    run.describe(quick_recipe, prepared.manifest, begun)

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "fit", stop)
    with pytest.raises(RunError, match="other sides: test of"):
        train(quick_recipe, prepared, parts, Sides({3}, {1}), run.folder, options)
    with pytest.raises(KeyboardInterrupt):
        train(quick_recipe, prepared, parts, sides, run.folder, options)
    assert run.split() == begun
    with pytest.raises(KeyboardInterrupt):  # anew, not going on
        train(
            quick_recipe, prepared, parts, Sides({3}, {1}), run.folder,
            replace(options, resume=False),
        )  # fmt: skip
    assert run.split()["test"] == [1]


def with_books(corpora: Path, folder: Path) -> Path:
    """The tiny corpora, and four readers of sentences as LibriSpeech has them."""
    for corpus in corpora.iterdir():
        (folder / corpus.name).symlink_to(corpus, target_is_directory=True)
    root = folder / "librispeech" / "LibriSpeech"
    rng = np.random.default_rng(1)
    lines = [f"{number} | F | dev-clean | 8.02 | Reader" for number in range(40, 44)]
    for number in range(40, 44):
        chapter = root / "dev-clean" / str(number) / "2"
        chapter.mkdir(parents=True)
        voice = np.sin(np.arange(2 * RATE) * 0.05) * rng.uniform(0.1, 0.4, 2 * RATE)
        soundfile.write(chapter / f"{number}-2-0000.flac", voice, RATE)
        (chapter / f"{number}-2.trans.txt").write_text(f"{number}-2-0000 SOME WORDS\n")
    (root / "SPEAKERS.TXT").write_text("\n".join(lines) + "\n")
    return folder


def test_of_a_corpus_that_is_left_out_nothing_trains_nor_is_mixed_in(
    quick: list[str], tiny_corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = tmp_path / "corpora"
    places.mkdir()
    options = Options(
        corpora=with_books(tiny_corpora, places), cache=tmp_path / "cache", device="cpu"
    )
    changes = [*quick[1::2], 'corpora=["speech_commands", "librispeech"]', "fit.epochs=1"]
    changes.append("augment.babble=1.0")  # voices are mixed into every copy
    recipe = load_recipe(Path(__file__).parents[2] / "recipes" / "digit_tiny.toml", changes)
    read: list[Path] = []

    def spied(path: Path) -> Any:
        read.append(path)
        return original(path)

    original = materials.read_16k
    for module in (materials, shards):
        monkeypatch.setattr(module, "read_16k", spied)
    fold = corpus_fold(recipe, "librispeech", options)
    train_fold(fold, tmp_path, options)
    assert read
    assert not [path for path in read if "librispeech" in path.parts]
    run = Run(tmp_path / "without_librispeech")
    assert run.recipe().corpora == ("speech_commands",)
    for kept in ("manifest.jsonl", "split.json", VALIDATION):
        assert "librispeech" not in (run.folder / kept).read_text()
    card = ModelFile.load(run.model_file).card
    assert {source["corpus"] for source in card.trained_on} == {"speech_commands", "noise"}
    calibrate_fold(fold, [fold], tmp_path)
    answered = {row.utterance.speaker_id for row in measure_fold(fold, tmp_path, options)}
    assert answered == {f"librispeech/{number}" for number in range(40, 44)}
    # With the corpus in the recipe its voices are read, so that the above is no accident.
    prepare_recipe(recipe, options)
    assert [path for path in read if "librispeech" in path.parts]


@pytest.mark.parametrize(("few", "measured"), [(3, ("digit",)), (50, ("digit", "gender"))])
def test_what_hardly_anybody_else_taught_is_not_measured_on_the_corpus_left_out(
    quick: list[str],
    tiny_corpora: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    measured: tuple[str, ...],
) -> None:
    monkeypatch.setattr(plans, "FEW", few)
    options = Options(corpora=with_books(tiny_corpora, tmp_path), cache=tmp_path, device="cpu")
    changes = [*quick[1::2], 'corpora=["speech_commands", "librispeech"]']
    changes.append('traits=["digit", "gender"]')  # of the two, LibriSpeech alone knows genders
    recipe = load_recipe(Path(__file__).parents[2] / "recipes" / "digit_tiny.toml", changes)
    assert corpus_fold(recipe, "librispeech", options).measured == measured
    assert corpus_fold(recipe, "speech_commands", options).measured == ("digit", "gender")
    assert next(folds(recipe, 2, options)).measured == ("digit", "gender")


def test_the_only_corpus_cannot_be_left_out(quick_recipe: Recipe, options: Options) -> None:
    for corpus in ("speech_commands", "fsdd"):
        with pytest.raises(SplitError, match=f"no corpus '{corpus}' to leave out beside others"):
            corpus_fold(quick_recipe, corpus, options)


def test_the_test_side_of_a_finished_fold_stands_in_its_folder(
    quick_recipe: Recipe, options: Options, tmp_path: Path
) -> None:
    fold = next(folds(quick_recipe, 2, options))
    split = json.loads((trained(fold, tmp_path) / "split.json").read_text())
    assert {row.speaker_id for row in fold.test} == {
        speaker for speaker, part in split["parts"].items() if part in split["test"]
    }


def kept_for_later(recipe: Recipe, *test: int, **others: Any) -> Recipe:
    return replace(recipe, split=replace(recipe.split, test=test, **others))


def speakers_of(fold: Fold) -> tuple[set[str], ...]:
    """Who trains, who validates, who is tested and who is heard behind or around the others."""
    rows, index = [*fold.prepared.manifest], fold.prepared.index
    sides = [
        {rows[number].speaker_id for number in index["utterance"][mask]}
        for mask in selected(fold.prepared, fold.recipe, fold.sides, ())
    ]
    mixed = {row.speaker_id for row in fold.materials}
    return *sides, {row.speaker_id for row in fold.test}, mixed


def test_parts_kept_for_a_later_test_take_no_part_in_any_fold(
    quick_recipe: Recipe, options: Options
) -> None:
    recipe = kept_for_later(quick_recipe, 1, parts=5)
    by_part = [*folds(recipe, 2, options)]
    by_speaker = [*speaker_folds(recipe, "speech_commands", options)]
    parts = by_part[0].parts
    later = {speaker for speaker, part in parts.items() if part == 1}
    assert len(by_speaker) == sum(
        part != 1 for speaker, part in parts.items() if speaker.startswith("speech_commands/")
    )
    for fold in (*by_part, by_speaker[0], by_speaker[-1]):
        training, validation, tested, mixed = speakers_of(fold)
        assert training.isdisjoint(validation | tested)
        assert validation.isdisjoint(tested)
        assert tested
        assert later.isdisjoint(training | validation | tested | mixed)
        assert 1 in split_of(fold.manifest, fold.parts, fold.sides)["test"]
    everybody = {speaker for fold in by_part for speaker in speakers_of(fold)[2]}
    assert everybody == {*parts} - later


@pytest.fixture
def books(options: Options, tiny_corpora: Path, tmp_path: Path) -> Options:
    places = tmp_path / "corpora"
    places.mkdir()
    return replace(options, corpora=with_books(tiny_corpora, places))


@pytest.fixture
def with_readers(quick_recipe: Recipe) -> Recipe:
    return replace(quick_recipe, corpora=("speech_commands", "librispeech"))


def test_a_corpus_left_out_is_not_tested_on_whom_a_later_test_needs(
    books: Options, with_readers: Recipe
) -> None:
    whole = training.gather_recipe(with_readers, books)[1]
    fold = corpus_fold(kept_for_later(with_readers, 1), "librispeech", books)
    readers = {speaker for speaker in whole if speaker.startswith("librispeech/")}
    assert {row.speaker_id for row in fold.test} == {r for r in readers if whole[r] != 1}
    assert len(fold.test) == 3
    assert fold.sides.test == (1,)


def test_who_has_no_label_learns_from_a_teacher_alone_and_is_never_measured(
    books: Options, with_readers: Recipe
) -> None:
    """Speech Commands knows no genders."""
    style = PrepareSettings(style="recording")
    untaught = replace(with_readers, traits=("gender",), prepare=style)
    assert words_of(training.gather_recipe(untaught, books)[0]) == set()
    recipe = replace(untaught, teacher=TeacherSettings("voice_embedding"))
    manifest, parts = training.gather_recipe(recipe, books)
    assert words_of(manifest) == {"one", "two", "bed"}
    index = np.zeros(len(manifest), INDEX)
    index["utterance"] = np.arange(len(manifest))
    index["part"] = [parts[row.speaker_id] for row in manifest]
    index["material"] = -1
    rows = np.array([row.corpus for row in manifest])
    found = list(folds(recipe, 3, books))
    for fold in [*found, *speaker_folds(recipe, "librispeech", books)]:
        made = Prepared(manifest, index, [], [])
        trains, validates = selected(made, recipe, fold.sides, ())
        assert {"speech_commands", "librispeech"} <= set(rows[trains])
        aside = {*fold.sides.validation, *fold.sides.test}
        assert aside.isdisjoint(index["part"][trains])
        assert "speech_commands" not in rows[validates]
        assert not words_of(fold.test)
    tested = {row.path for fold in found for row in fold.test if row.kind == "speech"}
    assert tested == {row.path for row in manifest if row.corpus == "librispeech"}
    with pytest.raises(SplitError, match="speech_commands has 0 known speakers"):
        next(speaker_folds(recipe, "speech_commands", books))
    with pytest.raises(SplitError, match="0 of its recordings"):
        corpus_fold(recipe, "speech_commands", books)


def words_of(rows: Iterable[Utterance]) -> set[str]:
    return {row.word for row in rows if row.word}


def test_folds_that_a_later_test_leaves_nobody_for_are_refused(
    books: Options, with_readers: Recipe
) -> None:
    recipe = with_readers
    with pytest.raises(SplitError, match="2 parts of speakers cannot be cut into 2 folds"):
        next(folds(kept_for_later(recipe, 0, 1), 2, books))
    parts = training.gather_recipe(kept_for_later(recipe, parts=5), books)[1]
    readers = {part for speaker, part in parts.items() if speaker.startswith("librispeech/")}
    (other,) = {*range(5)} - readers
    recipe = kept_for_later(recipe, *readers, parts=5, validation=(other,))
    said = r"split\.test keeps every known speaker of librispeech"
    with pytest.raises(SplitError, match=said):
        next(speaker_folds(recipe, "librispeech", books))
    with pytest.raises(SplitError, match=said):
        corpus_fold(recipe, "librispeech", books)
