"""``export --folds``: whose answers calibrate the model that ships."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from voxtrait.corpora import Manifest, Utterance
from voxtrait.errors import RunError
from voxtrait.model_file import ModelFile
from voxtrait.training.build import build_model
from voxtrait.training.calibrate import recalibrated
from voxtrait.training.checkpoint import write_checkpoint
from voxtrait.training.cross_validate import calibrate_fold
from voxtrait.training.export import export_model
from voxtrait.training.recipe import Recipe, load_recipe
from voxtrait.training.reexport import reexport
from voxtrait.training.run import VALIDATION, Run
from voxtrait.training.train import Options, gather_recipe
from voxtrait.training.validation import Validated, dump_validated
from voxtrait.traits import TRAITS

RECIPE = Path(__file__).parents[2] / "recipes" / "digit_tiny.toml"
DIGITS = TRAITS["digit"].labels


def answers(corpus: str, count: int, confidence: float, wrong_every: int) -> list[Validated]:
    """One answer a speaker, of this confidence, every so many wrong."""
    chances = np.full(len(DIGITS), (1 - confidence) / (len(DIGITS) - 1))
    found = []
    for n in range(count):
        heard = n % len(DIGITS)
        z = chances.copy()
        z[heard] = confidence
        true = (heard + 1) % len(DIGITS) if n % wrong_every == 0 else heard
        z = np.log(z).round(5)
        found.append(Validated("digit", f"{corpus}/{n}", DIGITS[true], tuple(z.tolist())))
    return found


OWN, FIRST, SECOND = answers("c", 60, 0.99, 9), answers("d", 80, 0.9, 3), answers("e", 70, 0.9, 2)
SPLIT = {
    "validation": [3],
    "test": [0],
    "unheard": [],
    "exclude": [],
    "parts": {row.speaker_id: 0 if row.speaker_id < "d/5" else 1 for row in FIRST},
}


def write_run(run: Run, recipe: Recipe, kept: Sequence[Validated]) -> None:
    run.describe(recipe, Manifest([]), SPLIT)
    run.write(VALIDATION, dump_validated(kept))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, tiny_corpora: Path) -> Path:
    """A run that nobody trained, with all that its export needs, and two folds beside it."""
    folder = tmp_path_factory.mktemp("runs")
    changes = ['corpora=["speech_commands"]', "network.channels=16", "network.blocks=2"]
    recipe = load_recipe(RECIPE, changes)
    run, model = Run(folder / "run"), build_model(recipe).eval()
    manifest, _ = gather_recipe(recipe, Options(corpora=tiny_corpora))
    run.describe(recipe, Manifest([*manifest][:2]), SPLIT)
    run.write(VALIDATION, dump_validated(OWN))
    write_checkpoint(run.checkpoint, {"model": dict(model.state_dict())})
    run.model_file.write_bytes(export_model(recipe, model))
    for name, kept in (("fold_0", FIRST), ("fold_1", SECOND)):
        # Kept aside others, with which its network has to do, and not this one's recipe.
        other = load_recipe(RECIPE, [*changes, "split.validation=[2]"])
        write_run(Run(folder / "folds" / name), other, kept)
    return folder


@pytest.fixture
def runs(trained: Path, tmp_path: Path) -> Path:
    shutil.copytree(trained, tmp_path / "runs")
    return tmp_path / "runs"


def test_all_folds_calibrate_but_for_whom_the_run_is_tested_on(runs: Path) -> None:
    model, output = runs / "run" / "model.onnx", runs / "m.onnx"
    reexport(runs / "run", output, folds=runs / "folds")
    heard = [row for row in FIRST if SPLIT["parts"][row.speaker_id] == 1]  # type: ignore[index]
    assert 0 < len(heard) < len(FIRST)
    wanted = ModelFile.load(recalibrated(model.read_bytes(), [*OWN, *heard, *SECOND])).card
    assert ModelFile.load(output).card.traits == wanted.traits
    alone = ModelFile.load(recalibrated(model.read_bytes(), OWN)).card
    assert wanted.traits != alone.traits


def test_a_run_left_out_speakers_or_corpora_is_not_calibrated_on_them(runs: Path) -> None:
    run, output = Run(runs / "run"), runs / "m.onnx"
    split = {**SPLIT, "test": [], "exclude": ["d", "e/3"]}
    run.describe(run.recipe(), Manifest.read_jsonl(run.manifest_file), split)
    reexport(run.folder, output, folds=runs / "folds")
    kept = [*OWN, *(row for row in SECOND if row.speaker_id != "e/3")]
    wanted = ModelFile.load(recalibrated(run.model_file.read_bytes(), kept)).card
    assert ModelFile.load(output).card.traits == wanted.traits


def test_folds_elsewhere_calibrate_a_fold_but_for_whom_it_is_tested_on(runs: Path) -> None:
    file = runs / "run" / "model.onnx"
    before, tested = file.read_bytes(), FIRST[0].speaker_id
    test = (Utterance(Path("a.wav"), "c", tested, {}),)
    calibrate_fold(SimpleNamespace(name="run", test=test), [], runs, runs / "folds")
    # Nor on whom the recipe keeps for tests of its own, whatever the folds elsewhere did.
    aside = {tested, *(who for who, part in SPLIT["parts"].items() if part in SPLIT["test"])}  # type: ignore[attr-defined, operator]
    kept = [row for row in (*OWN, *FIRST, *SECOND) if row.speaker_id not in aside]
    assert len(kept) < len([*OWN, *FIRST, *SECOND]) - 1
    assert file.read_bytes() == recalibrated(before, kept)
    with pytest.raises(RunError, match="holds no fold"):
        calibrate_fold(SimpleNamespace(name="run", test=test), [], runs, runs / "nowhere")


def test_a_run_among_the_folds_counts_once(runs: Path) -> None:
    first, second = runs / "m.onnx", runs / "n.onnx"
    reexport(runs / "run", first, folds=runs / "folds")
    moved = shutil.move(runs / "run", runs / "folds" / "fold_2")
    reexport(moved, second, folds=runs / "folds")
    assert ModelFile.load(first).card == ModelFile.load(second).card
    # Nothing else there: then there are no folds.
    for fold in ("fold_0", "fold_1"):
        shutil.rmtree(runs / "folds" / fold)
    with pytest.raises(RunError, match="holds no fold"):
        reexport(moved, second, folds=runs / "folds")


def test_a_folder_without_folds_is_refused(runs: Path) -> None:
    with pytest.raises(RunError, match=r"nowhere holds no fold: .*validation\.jsonl") as raised:
        reexport(runs / "run", runs / "m.onnx", folds=runs / "nowhere")
    assert raised.value.exit_code == 4
    assert not (runs / "m.onnx").exists()


def test_folds_of_another_recipe_are_refused(runs: Path) -> None:
    other = load_recipe(runs / "run" / "recipe.toml", ["fit.rate=0.5"])
    write_run(Run(runs / "folds" / "fold_2"), other, FIRST)
    with pytest.raises(RunError, match=r"fold_2 was trained by another recipe than .*run"):
        reexport(runs / "run", runs / "m.onnx", folds=runs / "folds")


def test_answers_of_another_width_are_refused(runs: Path) -> None:
    narrow = [row._replace(z=row.z[:-1]) for row in FIRST]
    (runs / "folds" / "fold_1" / VALIDATION).write_text(dump_validated(narrow))
    with pytest.raises(RunError, match=r"fold_1.*line 1: .* is no answer of this model"):
        reexport(runs / "run", runs / "m.onnx", folds=runs / "folds")
