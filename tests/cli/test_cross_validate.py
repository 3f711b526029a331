"""What `voxtrait cross-validate` says before it trains; trainings are in tests/training."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

from voxtrait.cli import cross_validation as steps
from voxtrait.cli.app import main
from voxtrait.cli.evaluation import Passes
from voxtrait.corpora import Manifest
from voxtrait.corpora.utterance import Utterance
from voxtrait.errors import BrokenPackage, MissingExtra, OutOfSpace, UsageError
from voxtrait.evaluation import ways
from voxtrait.training.folds import Fold
from voxtrait.training.prepared import Prepared
from voxtrait.training.recipe import load_recipe
from voxtrait.training.sides import Sides

RECIPE = str(Path(__file__).parents[2] / "recipes" / "digit_tiny.toml")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--seconds", "0"), "A cut to 0.0 s is not measured."),
        (("--noise-snr", "nan"), "A noise ratio of nan dB is not measured."),
        (("--room",), "Rooms were asked for, but there are no impulse responses."),
    ],
)
def test_what_cannot_be_measured_is_said_before_anything_is_prepared(
    fixture_corpora: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    said: str,
) -> None:
    table = fixture_corpora / "noise" / "files.csv"
    table.write_text(table.read_text().replace("hall/a.flac,room\n", ""))
    cache, runs = tmp_path / "cache", tmp_path / "runs"
    monkeypatch.setenv("VOXTRAIT_CORPORA", str(fixture_corpora))  # as --corpora, of each command
    few = ('corpora=["speech_commands"]', "split.parts=3", "split.validation=[2]")
    recipe = [RECIPE, *(word for change in few for word in ("--set", change))]
    places = ["--cache", str(cache), "--output", str(runs)]
    assert main(["cross-validate", *recipe, "--folds", "2", *places, *options]) == 2
    assert said in capsys.readouterr().err
    assert not cache.exists()
    assert not runs.exists()


def test_a_condition_that_is_given_twice_is_measured_once() -> None:
    passes = Passes(noise_snr=(10, 10.0, 0), seconds=(1, 1.0), room=True, codec="telephone")
    (found,) = steps.distortions(passes, [fold("noise", "room")])
    assert [distortion.name for distortion in found] == [
        "clean", "1 s", "room", "noise 10 dB", "noise 0 dB", "telephone",
    ]  # fmt: skip


def fold(*kinds: str) -> Fold:
    """A fold that is tested with part 0, in which there are recordings of these kinds."""
    rows = [Utterance(Path(f"{k}.wav"), "noise", f"noise/{k}", kind=k) for k in kinds]
    parts = {row.speaker_id: 0 for row in rows}
    for kind in ("noise", "room"):
        rows.append(Utterance(Path(f"{kind}_1.wav"), "noise", f"noise/{kind}_1", kind=kind))
        parts[f"noise/{kind}_1"] = 1
    sides = Sides(validation={1}, test={0})
    recipe = load_recipe(Path(RECIPE))
    return Fold("fold_0", recipe, sides, (), Manifest(rows), parts, prepare=untouched)


def untouched() -> Prepared:
    """What is checked before the work must not do it."""
    raise AssertionError("the examples were prepared")


@pytest.mark.parametrize("passes", [Passes(room=True), Passes(noise_snr=(10.0,))])
def test_a_fold_whose_part_has_no_noise_or_room_of_its_own_is_named(passes: Passes) -> None:
    ((_, measured),) = steps.distortions(passes, [fold("noise", "room")])
    heard = {row.path.name for row in (*measured.noise, *measured.room)}
    assert heard
    assert heard <= {"noise.wav", "room.wav"}  # those of part 1 were there in training
    assert len(steps.distortions(Passes(seconds=(1.0,)), [fold()])[0]) == 2
    with pytest.raises(UsageError, match=r"fold_0: .*Training heard all"):
        steps.distortions(passes, [fold("noise", "room"), fold("speech")])


@pytest.mark.parametrize(
    "error", [MissingExtra("A picture", "evaluate"), BrokenPackage("matplotlib", ImportError())]
)
def test_a_report_goes_without_pictures_where_nothing_can_draw(
    error, monkeypatch, tmp_path, capsys
) -> None:
    write_without_drawing(monkeypatch, tmp_path, error)
    assert "note: no pictures: " in capsys.readouterr().err


def test_a_disk_that_is_full_when_pictures_are_drawn_is_no_note(monkeypatch, tmp_path) -> None:
    with pytest.raises(OutOfSpace):
        write_without_drawing(monkeypatch, tmp_path, OutOfSpace("The disk is full.", "Make room."))


def write_without_drawing(monkeypatch, folder, error) -> None:
    def refuse(*_) -> None:
        raise error

    monkeypatch.setattr(steps, "draw", refuse)
    monkeypatch.setattr(steps.report, "build", lambda *_, **__: {})
    monkeypatch.setattr(steps.report, "write", lambda *_: None)
    steps.write(folder, [], "5 folds")


def test_a_report_says_which_folds_it_is_of_and_what_calibrated_them(tmp_path: Path) -> None:
    whole = ways.folds(5)
    assert steps.said(whole, [], None) == "5 speaker folds, pooled"
    assert steps.said(whole, ["fold_0", "fold_3"], None) == "fold 0, fold 3 of 5 speaker folds"
    split = steps.said(ways.without_speakers("fsdd"), [], tmp_path)
    assert split.endswith("pooled, calibrated on the validation of folds")
    assert ways.options(split) == ("each-of-fsdd", ["--leave-one-speaker-out", "fsdd"])
    assert ways.suffix(split) == " (each speaker left out)"


def test_folds_that_heard_a_corpus_calibrate_nothing_that_leaves_it_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--leave-corpus-out", "fsdd", "--calibration", str(tmp_path)]
    assert main(["cross-validate", RECIPE, *options]) == 2
    assert "heard the corpus" in capsys.readouterr().err
