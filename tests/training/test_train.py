"""From a recipe to a model file, on a corpus of computed sounds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from voxtrait.errors import CorpusError, MissingDevice, RunError, UsageError
from voxtrait.model_file import ModelFile
from voxtrait.runtime import load
from voxtrait.training.checkpoint import read_checkpoint
from voxtrait.training.device import pick_device
from voxtrait.training.fit import fit
from voxtrait.training.recipe import Recipe, load_recipe
from voxtrait.training.reexport import reexport
from voxtrait.training.run import Run
from voxtrait.training.selection import select
from voxtrait.training.settings import TeacherSettings
from voxtrait.training.sides import Sides
from voxtrait.training.train import Options, prepare_recipe, train


def test_a_recipe_becomes_a_model_file_that_answers(
    quick_recipe: Recipe, options: Options, material: Any, tmp_path: Path
) -> None:
    prepared, parts = material
    recipe = replace(quick_recipe, fit=replace(quick_recipe.fit, epochs=10))
    run = train(recipe, prepared, parts, Sides({3}), tmp_path / "run", options)
    card = ModelFile.load(run.model_file).card
    assert card.name == "digit-tiny"
    assert card.traits["digit"].labels[-1] == "not_a_digit"
    assert {source["corpus"]: source["speakers"] for source in card.trained_on} == {
        "speech_commands": 9,
        "noise": 3,
    }
    predictor = load(run.model_file, detect_speech=False)
    heldout = [row for row in prepared.manifest if parts[row.speaker_id] == 3]
    words = [row for row in heldout if row.word]
    answers = [predictor.predict(row.path).digit.label for row in words]
    right = [a == row.labels["digit"] for a, row in zip(answers, words, strict=True)]
    assert np.mean(right) > 0.7


def test_the_run_says_how_it_can_be_made_again(
    quick_recipe: Recipe, options: Options, material: Any, tmp_path: Path
) -> None:
    prepared, parts = material
    run = train(quick_recipe, prepared, parts, Sides({3}, test={0}), tmp_path / "run", options)
    assert load_recipe(run.recipe_file) == run.recipe()
    split = run.split()
    assert (split["validation"], split["test"]) == ([3], [0])
    assert split["parts"] == parts
    environment = json.loads((run.folder / "environment.json").read_text())
    assert environment["packages"]["torch"] == torch.__version__
    hashes = (run.folder / "sha256.txt").read_text().splitlines()
    assert len(hashes) == len(list(prepared.manifest))
    lines = [json.loads(line) for line in (run.folder / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [0, 1, 2, 3]
    assert all(0 <= line["waiting"] < 1 and line["train/loss"] > 0 for line in lines)
    curves = EventAccumulator(str(run.folder / "tensorboard")).Reload()
    assert [event.value for event in curves.Scalars("waiting")] == pytest.approx(
        [line["waiting"] for line in lines]
    )


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


@pytest.mark.parametrize("taught", [False, True])
def test_a_killed_training_goes_on_to_the_same_weights(
    quick_recipe: Recipe, material: Any, tmp_path: Path, *, taught: bool
) -> None:
    prepared, _ = material
    if taught:
        lessons = np.random.default_rng(0).standard_normal((len(prepared.index), 9))
        prepared = replace(prepared, lessons=[lessons.astype(np.float16)])
        teacher = TeacherSettings("speech_embedding", numbers=4)
        quick_recipe = replace(quick_recipe, teacher=teacher)
    selection = select(list(prepared.manifest), prepared.index, validation={3})

    def weights(folder: Path, *, stop_after: int | None) -> dict[str, torch.Tensor]:
        def stop(done: int, total: int, figures: dict[str, float]) -> None:
            if done == stop_after:
                raise RuntimeError("killed")

        module = fit(
            quick_recipe, prepared, selection, folder, device="cpu", resume=True, progress=stop
        )
        return module.state_dict()

    whole = weights(tmp_path / "whole", stop_after=None)
    with pytest.raises(RuntimeError, match="killed"):
        weights(tmp_path / "killed", stop_after=2)
    resumed = weights(tmp_path / "killed", stop_after=None)
    for name, value in whole.items():
        torch.testing.assert_close(resumed[name], value, rtol=0, atol=0, msg=name)
    figures = [
        [json.loads(line)["train/loss"] for line in _lines(tmp_path / run / "metrics.jsonl")]
        for run in ("whole", "killed")
    ]
    assert figures[0][-1] == figures[1][-1]


def test_a_training_that_gets_worse_ends_early_with_its_best_weights(
    quick_recipe: Recipe, material: Any, tmp_path: Path
) -> None:
    prepared, _ = material
    selection = select(list(prepared.manifest), prepared.index, validation={3})
    worse = replace(quick_recipe.fit, epochs=12, patience=1, rate=0.5)
    module = fit(replace(quick_recipe, fit=worse), prepared, selection, tmp_path, device="cpu")
    losses = [json.loads(line)["validation/loss"] for line in _lines(tmp_path / "metrics.jsonl")]
    assert len(losses) < 12
    assert losses[-1] > min(losses)
    best = read_checkpoint(tmp_path / "checkpoints" / "best.safetensors")
    assert best["epoch"] == losses.index(min(losses))
    for name, value in module.state_dict().items():
        torch.testing.assert_close(value, best["state_dict"][name], msg=name)


def test_a_run_is_exported_again_as_it_was(
    quick_recipe: Recipe, options: Options, material: Any, tmp_path: Path
) -> None:
    prepared, parts = material
    run = train(quick_recipe, prepared, parts, Sides({3}), tmp_path / "run", options)
    assert reexport(run.folder, tmp_path / "again.onnx") < 1e-4
    first, again = (ModelFile.load(path) for path in (run.model_file, tmp_path / "again.onnx"))
    assert again.card.traits == first.card.traits
    assert again.card.trained_on == first.card.trained_on
    assert set(read_checkpoint(run.checkpoint)["model"]) > {"heads.digit.weight"}


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"is not a training run: it has no recipe\.toml"):
        reexport(tmp_path, tmp_path / "model.onnx")
    with pytest.raises(RunError, match=r"has no split\.json"):
        Run(tmp_path).split()


def test_a_device_that_is_not_there_is_named() -> None:
    assert pick_device("cpu") == "cpu"
    with pytest.raises(UsageError, match=r"no device 'tpu'"):
        pick_device("tpu")


def test_a_device_that_is_not_there_stops_a_training_before_it_prepares(
    quick_recipe: Recipe, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    def began(*step: Any) -> None:
        pytest.fail(f"began: {step}")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(MissingDevice, match=r"no 'cuda' device"):
        prepare_recipe(quick_recipe, replace(options, device="cuda", report=began))


def test_a_trait_that_no_recording_knows_is_not_learnt(options: Options) -> None:
    recipe = load_recipe(
        Path(__file__).parents[2] / "recipes" / "voice_tiny.toml",
        ['corpora=["speech_commands"]', 'teacher.name=""', "split={parts=4, validation=[3]}"],
    )
    with pytest.raises(CorpusError, match="No recording of speech_commands has a known gender"):
        prepare_recipe(recipe, options)
