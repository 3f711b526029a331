"""The models that ship: found by name, checked against their checksums."""

from __future__ import annotations

import json
import threading
from functools import partial
from pathlib import Path

import pytest

from voxtrait.errors import MissingModel, UsageError, WrongModel
from voxtrait.model_file import ModelFile
from voxtrait.runtime import load, loading, predict
from voxtrait.runtime.registry import FOLDER, find, models, shipped_traits, write_checksums
from voxtrait.speech import SpeechDetector
from voxtrait.testing import fake_detector, fake_model
from voxtrait.traits import TRAITS, Trait

FILES = {
    "voice-small": fake_model(("gender", "age")),
    "voice-tiny": fake_model(("gender", "age"), seed=1),
    "digit-small": fake_model(("digit",)),
    "speech": fake_detector(),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / f"{name}.onnx").write_bytes(content)
    write_checksums(tmp_path)
    return tmp_path


@pytest.fixture
def shipping(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the package ship the fake models."""
    monkeypatch.setattr(loading, "find", partial(find, folder=folder))
    monkeypatch.setattr(loading, "models", partial(models, folder))
    monkeypatch.setattr(loading, "shipped_traits", partial(shipped_traits, folder))
    loading._default.cache_clear()
    yield folder
    loading._default.cache_clear()


def test_models_are_listed_by_family_and_size_and_the_detector_last(folder: Path) -> None:
    found = models(folder)
    assert [each.name for each in found] == ["digit-small", "voice-tiny", "voice-small", "speech"]
    assert [each.size for each in found] == [len(FILES[each.name]) for each in found]
    assert list(found[2].card.traits) == ["gender", "age"]


def test_every_file_that_ships_has_its_checksum_and_loads() -> None:
    shipped = models()
    assert {each.path.name for each in shipped} == {
        file.name for file in Path(FOLDER).glob("*.onnx")
    }
    for each in shipped:
        assert each.load().card.name == each.name
        assert (each.card.kind == "frames") == (each.name == "speech")


@pytest.mark.parametrize(
    ("which", "size", "name"),
    [
        ("gender", "small", "voice-small"),
        ("age", "tiny", "voice-tiny"),
        ("digit", "small", "digit-small"),
        ("voice", "tiny", "voice-tiny"),
        ("voice-tiny", "small", "voice-tiny"),
        ("speech", "small", "speech"),
    ],
)
def test_a_trait_a_family_and_a_name_are_found(
    folder: Path, which: str, size: str, name: str
) -> None:
    assert find(which, size, folder).name == name


def test_what_does_not_ship_lists_what_does(folder: Path) -> None:
    with pytest.raises(MissingModel, match="No model 'digit-tiny'") as caught:
        find("digit", "tiny", folder)
    assert caught.value.hint == "There are: digit-small, voice-tiny, voice-small, speech."


def test_a_changed_byte_in_a_shipped_file_is_found(folder: Path) -> None:
    path = folder / "voice-small.onnx"
    content = bytearray(path.read_bytes())
    content[content.index(b"gender_bias") + 30] ^= 1
    path.write_bytes(content)
    with pytest.raises(WrongModel, match=r"was changed: its SHA-256 is") as caught:
        find("voice-small", folder=folder).load()
    assert "Install voxtrait again" in caught.value.hint


def test_a_file_that_is_gone_is_named(folder: Path) -> None:
    (folder / "speech.onnx").unlink()
    with pytest.raises(MissingModel, match="speech is missing from the package"):
        models(folder)


def test_a_folder_without_models_has_none(tmp_path: Path) -> None:
    assert models(tmp_path) == []


def test_names_and_checksums_alone_are_written(folder: Path) -> None:
    sums = json.loads((folder / "checksums.json").read_text())
    assert list(sums) == sorted(FILES)
    assert all(len(value) == 64 for value in sums.values())
    assert not list(folder.glob(".*"))


def test_nothing_asked_is_every_trait(shipping: Path) -> None:
    predictor = load()
    assert predictor.traits == ("digit", "gender", "age")
    assert len(predictor.cards) == 2  # gender and age share a model


def test_a_trait_is_answered_alone(shipping: Path) -> None:
    assert load("gender").traits == ("gender",)
    assert load(["age", "digit"]).traits == ("digit", "age")


def test_a_model_by_name_path_bytes_or_object_is_answered_whole(shipping: Path) -> None:
    path = shipping / "voice-small.onnx"
    for which in ("voice-small", str(path), path, path.read_bytes(), ModelFile.load(path)):
        assert load(which).traits == ("gender", "age")
    assert load([path, "digit"]).traits == ("digit", "gender", "age")


def test_speech_detection_can_be_left_out(shipping: Path) -> None:
    assert load("gender", detect_speech=False).detector is None
    assert isinstance(load("gender").detector, SpeechDetector)


def test_threads_reach_networks_and_detector(shipping: Path) -> None:
    predictor = load(threads=2)
    assert predictor.threads == 2
    assert predictor.detector is not None
    assert predictor.detector.threads == 2


def test_the_first_answer_makes_all_sessions_and_leaves_no_thread(
    shipping: Path, clips: list[Path]
) -> None:
    files = [find(name, folder=shipping).load() for name in ("voice-small", "digit-small")]
    predictor = load(files)
    assert not any(file.started() for file in files)
    predictor.predict(clips[3])
    assert all(file.started() for file in files)
    assert not [t for t in threading.enumerate() if t.name.startswith("voxtrait")]


def test_an_unknown_name_lists_the_known_ones(shipping: Path) -> None:
    with pytest.raises(MissingModel, match="There is no model gendr") as caught:
        load("gendr")
    assert "digit, gender, age, digit-small, voice-tiny, voice-small" in caught.value.hint


def test_a_new_trait_is_answered_from_the_day_that_a_model_of_it_ships(
    shipping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TRAITS, "accent", Trait("accent", ("north", "south"), title="accent"))
    assert load().traits == ("digit", "gender", "age")
    with pytest.raises(MissingModel, match="No model 'accent-small' ships"):
        load("accent")
    (shipping / "accent-small.onnx").write_bytes(fake_model(("accent",)))
    write_checksums(shipping)
    assert load().traits == ("digit", "gender", "age", "accent")
    assert load("accent").traits == ("accent",)


def test_an_unknown_size_lists_the_known_ones(shipping: Path) -> None:
    for size in ("huge", "base"):
        with pytest.raises(UsageError, match=f"No models of size '{size}' ship") as caught:
            load("gender", size=size)
        assert caught.value.hint == "There are: tiny, small."


def test_the_same_trait_twice_is_refused(shipping: Path) -> None:
    with pytest.raises(UsageError, match="gender is answered by two models"):
        load(["voice-small", "voice-tiny"])


def test_predict_loads_once_and_answers_all(
    shipping: Path, clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = predict(clips[3])
    assert list(first.traits) == ["digit", "gender", "age"]
    monkeypatch.setattr(loading, "find", None)
    assert predict(clips[3]) == first
