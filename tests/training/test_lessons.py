"""Lessons: asked once, kept beside the examples, taught beside the labels."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import soundfile
import torch
from numpy.typing import NDArray

from voxtrait.corpora import Manifest
from voxtrait.errors import MissingRequirement, RecipeError, SplitError, UsageError
from voxtrait.model_file import ModelFile
from voxtrait.training import materials
from voxtrait.training.augment import AugmentSettings
from voxtrait.training.batches import TrainingBatches, ValidationBatches
from voxtrait.training.draws import draws
from voxtrait.training.example_reader import Batch, ExampleReader
from voxtrait.training.examples import make_recording
from voxtrait.training.lessons import lesson_table
from voxtrait.training.module import TrainingModule
from voxtrait.training.prepare import prepare
from voxtrait.training.prepared import INDEX, Prepared
from voxtrait.training.recipe import Recipe, load_recipe
from voxtrait.training.settings import FitSettings, PrepareSettings, TeacherSettings
from voxtrait.training.shards import Job
from voxtrait.training.sides import Sides
from voxtrait.training.teachers import TEACHERS, Teacher
from voxtrait.training.train import Options, prepare_recipe, train

CHANGES = ("narrow", "trim", "surround", "splice", "reverberate", "mix")
RECIPES = Path(__file__).parents[2] / "recipes"


class Ears(Teacher):
    """Eight bands of a sound's spectrum, and its length."""

    style: ClassVar[str] = "word"
    width: ClassVar[int] = 9
    files: ClassVar[dict[str, str]] = {}
    asked: ClassVar[list[int]] = []

    def lesson(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        self.asked.append(len(waveform))
        power = np.abs(np.fft.rfft(waveform, 16_000)[:1600]).reshape(8, -1).mean(axis=1)
        return np.append(np.log(power + 1e-3), len(waveform) / 16_000).astype(np.float32)


@pytest.fixture(autouse=True)
def ears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TEACHERS, "ears", Ears)
    monkeypatch.setattr(Ears, "asked", [])


@pytest.fixture
def taught(quick_recipe: Recipe) -> Recipe:
    return replace(quick_recipe, teacher=TeacherSettings("ears", weight=2.0, numbers=4))


def test_a_word_is_asked_about_once_and_a_noise_never(
    taught: Recipe, options: Options, tmp_path: Path
) -> None:
    prepared, _ = prepare_recipe(taught, replace(options, teachers=tmp_path))
    rows = list(prepared.manifest)
    lessons = np.concatenate(prepared.lessons)
    assert lessons.shape == (len(prepared.index), Ears.width)
    assert len(Ears.asked) == sum(row.kind == "speech" for row in rows) == 36
    for number in np.unique(prepared.index["utterance"]):
        mine = lessons[prepared.index["utterance"] == number]
        assert len(mine) == 2
        np.testing.assert_array_equal(mine[0], mine[1])
        assert np.isnan(mine).all() == (rows[number].kind != "speech")
    prepare_recipe(taught, options)
    assert len(Ears.asked) == 36  # not asked again, nor where its files lie


def test_pieces_of_sentences_are_asked_about_as_they_are_cut(
    taught: Recipe, options: Options, material: Any, tmp_path: Path
) -> None:
    prepared, parts = material
    rows = [replace(row, word="") for row in prepared.manifest if row.kind == "speech"][:2]
    rows[1] = replace(rows[1], speaker_id="nobody knows")  # other draws come first for such
    still = AugmentSettings(**{f.name: 0.0 for f in fields(AugmentSettings) if f.type == "float"})
    recipe = replace(taught, prepare=replace(taught.prepare, copies=3), augment=still)
    made = prepare(recipe, Manifest(rows), parts, tmp_path, teachers=tmp_path)
    assert len(Ears.asked) == len(made.index) == 8
    assert sorted(set(made.index["part"])) == [-1, parts[rows[0].speaker_id]]
    # Nothing is changed in any copy: its frames are those of what the teacher was given.
    seconds = np.concatenate(made.lessons)[:, -1]
    np.testing.assert_allclose(made.index["frames"] / 100, seconds, atol=0.02)
    assert len(set(Ears.asked)) > 4


def test_a_voice_is_asked_about_once_and_again_where_its_pitch_is_moved(
    taught: Recipe, material: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ears, "style", "recording")
    prepared, parts = material
    rows = [row for row in prepared.manifest if row.kind == "speech"][:3]
    settings = PrepareSettings(style="recording", copies=2, pitch_copies=2, seconds=0.3)
    recipe = replace(taught, prepare=settings)
    made_of = Job(recipe, rows, parts, tmp_path)
    made = prepare(recipe, Manifest(rows), parts, tmp_path, teachers=tmp_path)
    assert len(Ears.asked) == 3 * (1 + 2)
    lessons, index = np.concatenate(made.lessons), made.index
    for number, row in enumerate(rows):
        mine = lessons[index["utterance"] == number]
        assert len(mine) == 5
        moved = index["pitch"][index["utterance"] == number]
        assert sorted(moved) == [False, False, False, True, True]
        # The whole recording's length behind the bands, and the cut example's where it was moved.
        np.testing.assert_allclose(mine[~moved, -1], soundfile.info(row.path).duration, rtol=0.01)
        np.testing.assert_allclose(mine[moved, -1], 0.3, rtol=0.01)
        waveform = materials.read_16k(row.path)
        again = {
            draw.copy: Ears(tmp_path).lesson(
                make_recording(waveform, draw.rng, None, settings, recipe.augment, pitch=draw.pitch)
                if draw.pitch
                else waveform
            )
            for draw in draws(row, made_of)
        }
        copies = index["copy"][index["utterance"] == number]
        np.testing.assert_allclose(mine, [again[copy] for copy in copies], atol=0.01, rtol=0.001)
        assert np.abs(mine[moved][0] - mine[moved][1]).max() > 0.1


def test_lessons_that_were_killed_go_on_and_leave_the_examples_alone(
    taught: Recipe, options: Options, tmp_path: Path
) -> None:
    here = replace(options, cache=tmp_path / "cache", teachers=tmp_path)
    prepare_recipe(replace(taught, teacher=TeacherSettings()), here)
    stamps = {file: file.stat().st_mtime_ns for file in here.cache.rglob("*.npy")}
    assert not Ears.asked
    prepare_recipe(taught, here)
    assert stamps.items() <= {f: f.stat().st_mtime_ns for f in here.cache.rglob("*.npy")}.items()
    (file,) = here.cache.rglob("*.lessons-ears-*.npy")
    file.unlink()
    Ears.asked.clear()
    prepare_recipe(taught, here)
    assert len(Ears.asked) == 36


@pytest.mark.parametrize("processes", [1, 2])
def test_a_teacher_that_is_not_there_is_said_before_the_work(
    taught: Recipe, material: Any, tmp_path: Path, processes: int
) -> None:
    """In a pool its absence would stop every new process, for ever."""
    prepared, parts = material
    manifest = Manifest([*prepared.manifest] * 3)  # enough for two shards
    real = replace(taught, teacher=TeacherSettings("speech_embedding"))
    for folder, error in ((None, UsageError), (tmp_path, MissingRequirement)):
        with pytest.raises(error, match=r"teacher|learns from"):
            prepare(real, manifest, parts, tmp_path / "cache", processes=processes, teachers=folder)
    assert not list(tmp_path.rglob("*.npy"))


def test_another_form_of_a_teacher_is_asked_anew(
    taught: Recipe, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = replace(options, cache=tmp_path / "cache", teachers=tmp_path)
    prepare_recipe(taught, here)
    monkeypatch.setattr(Ears, "form", 2)
    prepare_recipe(taught, here)
    assert len(Ears.asked) == 72


def test_what_is_no_number_is_no_lesson(
    taught: Recipe, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lesson(self: Ears, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        self.asked.append(len(waveform))
        bad = (np.nan, np.inf, 1e6, 1.0)[len(self.asked) % 4]
        return np.array([*np.ones(8), bad], np.float32)

    monkeypatch.setattr(Ears, "lesson", lesson)
    here = replace(options, cache=tmp_path / "cache", teachers=tmp_path)
    prepared, _ = prepare_recipe(taught, here)
    lessons = np.concatenate(prepared.lessons)
    taught_rows = ~np.isnan(lessons).any(axis=1)
    assert taught_rows.sum() == 18  # a quarter of 36 words, each with its copy
    assert np.isnan(lessons[~taught_rows]).all()


def test_nobody_to_learn_from_is_told(taught: Recipe) -> None:
    silent = lessons_of(np.full((8, 4), np.nan, np.float16))
    with pytest.raises(SplitError, match="Nobody speaks"):
        lesson_table(silent, np.ones(8, bool), 2)


def lessons_of(values: NDArray[np.float16]) -> Prepared:
    index = np.zeros(len(values), INDEX)
    half = len(values) // 2
    return Prepared(Manifest([]), index, [], [], [values[:half], values[half:]])


def test_the_main_directions_hold_the_most_and_are_of_one_size() -> None:
    rng = np.random.default_rng(0)
    sources = rng.standard_normal((400, 3)) * (5, 2, 0.1)
    values = (sources @ rng.standard_normal((3, 12)) + 7).astype(np.float16)
    values[::10] = np.nan
    chosen = np.arange(400) < 300
    table = lesson_table(lessons_of(values), chosen, 2)
    assert table.shape == (400, 2)
    np.testing.assert_array_equal(np.isnan(table[:, 0]), np.isnan(values[:, 0]))
    known = table[chosen & ~np.isnan(table[:, 0])]
    np.testing.assert_allclose(known.mean(axis=0), 0, atol=0.01)
    np.testing.assert_allclose(np.square(known).mean(), 1, rtol=0.01)
    assert abs(np.corrcoef(known.T)[0, 1]) < 0.01
    rest = np.linalg.lstsq(
        np.column_stack([known, np.ones(len(known))]),
        values[chosen & ~np.isnan(table[:, 0])].astype(np.float64),
        rcond=None,
    )[1]
    assert rest.sum() / np.nanvar(values.astype(np.float64), axis=0).sum() / len(known) < 0.01


def test_only_those_that_train_say_which_directions_are_main() -> None:
    values = np.random.default_rng(0).standard_normal((40, 6)).astype(np.float16)
    chosen = np.arange(40) < 20
    before = lesson_table(lessons_of(values), chosen, 3)
    changed = values.copy()
    changed[30:] *= 50
    after = lesson_table(lessons_of(changed), chosen, 3)
    np.testing.assert_array_equal(before[:30], after[:30])


def test_a_batch_holds_the_lessons_of_its_examples_but_of_no_spliced_one(
    taught: Recipe, options: Options, tmp_path: Path
) -> None:
    prepared, _ = prepare_recipe(taught, replace(options, teachers=tmp_path))
    chosen = prepared.index["part"] != 3
    # One column of numbers that say which example it is.
    numbered = np.arange(len(chosen), dtype=np.float32)[:, None]
    reader = ExampleReader(prepared, taught, chosen)

    def of(features: torch.Tensor, frames: int) -> int:
        """The number of the example that these are the first bands and frames of."""
        found = [
            number
            for number in range(len(reader.index))
            if reader.index["frames"][number] == frames
            and np.array_equal(reader.levels(reader.whole(number)).T, features[:, :frames])
        ]
        assert len(found) == 1
        return int(np.flatnonzero(chosen)[found[0]])

    still = {f.name: 0.0 for f in fields(FitSettings) if f.type == "float" and f.name in CHANGES}
    fit = replace(taught.fit, **still, mask_bands=0, mask_frames=0, steps=6)
    spliced = replace(fit, splice=0.5, steps=20)

    def taught_by(fit: FitSettings) -> ExampleReader:
        return ExampleReader(prepared, replace(taught, fit=fit), chosen, numbered)

    for batch in TrainingBatches(taught_by(fit)):
        assert batch.lessons is not None
        for features, mask, lesson in zip(*batch[:2], batch.lessons[:, 0], strict=True):
            assert of(features, int(mask.sum())) == int(lesson)
    batches = list(TrainingBatches(taught_by(spliced)))
    empty = torch.cat([batch.lessons for batch in batches if batch.lessons is not None]).isnan()
    assert 0.2 < float(empty.float().mean()) < 0.6
    heard = [batch.lessons for batch in ValidationBatches(taught_by(taught.fit))]
    expected = np.concatenate([numbered[chosen][order] for order in reader.by_length(16)])
    np.testing.assert_array_equal(np.concatenate(heard), expected)
    assert next(iter(ValidationBatches(reader))).lessons is None


def test_the_lesson_is_learnt_and_leaves_nothing_in_the_model_file(
    taught: Recipe, options: Options, tmp_path: Path
) -> None:
    here = replace(options, teachers=tmp_path)
    prepared, parts = prepare_recipe(taught, here)
    run = train(taught, prepared, parts, Sides([3]), tmp_path / "run", here)
    lines = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    shares = [json.loads(line)["train/unexplained"] for line in lines]
    assert shares[-1] < 0.9 * shares[0]
    assert "validation/unexplained" in json.loads(lines[-1])
    without = replace(taught, teacher=TeacherSettings())
    plain = train(without, prepared, parts, Sides([3]), tmp_path / "plain", here)
    parameters = [
        ModelFile.load(made.model_file.read_bytes()).card.parameters for made in (run, plain)
    ]
    assert parameters[0] == parameters[1]


def test_what_validation_is_best_at_is_the_traits_alone(taught: Recipe) -> None:
    module = TrainingModule(taught, 10)
    module.log = lambda *args, **kwargs: None  # type: ignore[method-assign]
    assert module.lesson_head is not None
    rng = torch.Generator().manual_seed(0)
    features = torch.randn(4, 40, 60, generator=rng)
    targets = {"digit": torch.tensor([1, 2, 10, 10])}
    batch = Batch(features, torch.ones(4, 1, 60), targets, torch.randn(4, 4, generator=rng))
    module.eval()
    with torch.no_grad():
        losses = {stage: float(module._loss(batch, stage)) for stage in ("validation", "train")}
        silent = batch._replace(lessons=torch.full((4, 4), float("nan")))
        assert float(module._loss(silent, "validation")) == losses["validation"]
        untaught = float(module._loss(silent, "train"))
    assert losses["train"] > untaught + 0.5
    assert np.isfinite(untaught)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('teacher.name="nobody"', "unknown teacher 'nobody'"),
        ("teacher.numbers=10", "says 9 numbers"),
        ("teacher.weight=0", "teacher.weight is 0"),
        ("teacher.numbers=0", "teacher.numbers is 0"),
        ("teacher={weight=2.0}", "lacks teacher.name"),
        ('prepare.style="recording"', "teaches the style 'word'"),
    ],
)
def test_a_teacher_that_cannot_teach_this_is_refused(change: str, message: str) -> None:
    changes = ['teacher.name="ears"', "teacher.numbers=4"]
    if "recording" in change:
        changes += [f"fit.{name}=0" for name in ("trim", "surround", "splice", "mix")]
    with pytest.raises(RecipeError, match=message):
        load_recipe(RECIPES / "digit_tiny.toml", [*changes, change])


@pytest.mark.parametrize("change", ["pitch", "formant"])
def test_a_teacher_of_voices_is_not_to_miss_how_a_voice_is_changed(change: str) -> None:
    path = RECIPES / "voice_tiny.toml"
    assert load_recipe(path, [f"augment.{change}=0"]).teacher.name == "voice_embedding"
    with pytest.raises(RecipeError, match=rf"augment\.{change} is 0\.5"):
        load_recipe(path, [f"augment.{change}=0.5"])
    load_recipe(path, [f"augment.{change}=0.5", 'teacher.name=""'])
