"""Calibration on the answers that validation speakers were given, of one run or of several."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from voxtrait.corpora import Utterance
from voxtrait.errors import RunError
from voxtrait.model_file import ModelFile
from voxtrait.runtime import Predictor, calibration
from voxtrait.testing import fake_model
from voxtrait.training.calibrate import Shares, calibrate, natural_prior, recalibrated
from voxtrait.training.cross_validate import calibrate_fold, measure_fold
from voxtrait.training.run import VALIDATION
from voxtrait.training.train import Options
from voxtrait.training.validation import Validated, dump_validated, read_validated, validated
from voxtrait.traits import TRAITS

GENDERS = ("female", "male")
TRAITS_OF_GENDER = ModelFile.load(fake_model(["gender"])).card.traits


def answers(speakers: range, confidence: float, wrong_every: int) -> list[Validated]:
    """One answer a speaker, of this confidence, every so many wrong."""
    found = []
    for speaker in speakers:
        heard = speaker % 2
        true = 1 - heard if speaker % wrong_every == 0 else heard
        z = np.log([1 - confidence, confidence] if heard else [confidence, 1 - confidence])
        found.append(Validated("gender", f"c/{speaker}", GENDERS[true], tuple(z.tolist())))
    return found


def test_the_temperature_makes_the_confidence_the_share_of_right_answers() -> None:
    card = ModelFile.load(calibrate(fake_model(["gender"]), answers(range(500), 0.99, 5), {})).card
    trait = card.traits["gender"]
    logit = np.log(0.99 / 0.01) / trait.temperature
    assert 1 / (1 + np.exp(-logit)) == pytest.approx(0.8, abs=0.01)


def test_a_speaker_with_many_answers_counts_as_any_other() -> None:
    rows = answers(range(100), 0.9, 10)
    one = next(row for row in rows if int(row.speaker_id[2:]) % 10 == 0)  # a wrong answer
    few, many = (
        ModelFile.load(calibrate(fake_model(["gender"]), [*rows, *[one] * n], {})).card
        for n in (1, 300)
    )
    assert many.traits["gender"].temperature == few.traits["gender"].temperature


def test_the_threshold_counts_speakers_and_not_their_answers() -> None:
    """Thirteen errors in a thousand answers: of as many speakers, or all of one."""
    sure = np.linspace(0.99, 0.6, 1000)
    rows = [
        Validated("gender", f"c/{n}", GENDERS[900 <= n < 913], (np.log(p), np.log(1 - p)))
        for n, p in enumerate(sure)
    ]
    together = [row._replace(speaker_id=f"c/{n // 100}") for n, row in enumerate(rows)]
    alone, few = (
        ModelFile.load(calibrate(fake_model(["gender"]), some, {})).card.traits["gender"]
        for some in (rows, together)
    )
    assert alone.temperature == few.temperature
    assert alone.unsure_below < few.unsure_below


def test_too_few_answers_fit_no_temperature_but_mark_the_least_probable_fifth() -> None:
    data = fake_model(["gender"])
    rows = [
        Validated("gender", f"c/{n}", "female", (float(np.log(p)), float(np.log(1 - p))))
        for n, p in enumerate(np.linspace(0.8, 0.98, 10))
    ]
    trait = ModelFile.load(calibrate(data, rows, {})).card.traits["gender"]
    assert trait.temperature == 1
    assert 0.82 < trait.unsure_below <= 0.84
    for count in (2, 3):
        few = ModelFile.load(calibrate(data, rows[:count], {})).card.traits["gender"]
        marked = [bool(np.exp(max(one.z)) < few.unsure_below) for one in rows[:count]]
        assert sum(marked) == 1
    nobody = ModelFile.load(calibrate(data, [], {})).card.traits["gender"]
    assert (nobody.temperature, nobody.unsure_below) == (1, 0)


def test_the_natural_shares_count_each_known_speaker_once() -> None:
    rows = [
        Utterance(Path(f"{n}.wav"), "c", f"c/{n % 4}", {"age": "20s" if n % 4 else "60+"})
        for n in range(8)
    ]
    rows.append(Utterance(Path("x.wav"), "c", "c/unknown:x", {"age": "teens"}))
    assert natural_prior(rows, "age") == pytest.approx([0.1, 0.4, 0.1, 0.1, 0.1, 0.2])


SEEN = (0.1, 0.3, 0.2, 0.2, 0.1, 0.1)
NATURAL = (0.1, 0.5, 0.1, 0.1, 0.1, 0.1)


def test_a_network_that_knows_nothing_gives_everybody_the_natural_shares() -> None:
    """It answers what it met in training, whatever it hears."""
    groups = TRAITS["age"].labels
    z = tuple(np.log(SEEN).tolist())
    rows = [Validated("age", f"c/{n}", groups[n % 6 if n % 10 else 1], z) for n in range(60)]
    fitted = calibrate(fake_model(["age"]), rows, {"age": Shares(SEEN, NATURAL)})
    trait = ModelFile.load(fitted).card.traits["age"]
    _, chances = calibration.calibrate(z, trait)
    assert chances == pytest.approx(NATURAL, abs=1e-3)


def test_the_label_is_what_the_voice_speaks_for_and_not_what_is_common() -> None:
    z = np.log(SEEN)
    z[4] += 1.0  # twice and a half as likely to be in the fifties as the training met them
    rows = [Validated("age", f"c/{n}", "50s" if n % 2 else "20s", tuple(z)) for n in range(40)]
    fitted = calibrate(fake_model(["age"]), rows, {"age": Shares(SEEN, NATURAL)})
    label, chances = calibration.calibrate(z, ModelFile.load(fitted).card.traits["age"])
    assert TRAITS["age"].labels[label] == "50s"
    assert chances[4] == pytest.approx(0.5, abs=0.1)


def ages(count: int, wrong_every: int) -> list[Validated]:
    """Answers in their twenties, every so many wrong."""
    z = tuple(np.log([0.1, 0.5, 0.1, 0.1, 0.1, 0.1]).tolist())
    return [
        Validated("age", f"c/{n}", "20s" if n % wrong_every else "60+", z) for n in range(count)
    ]


def test_calibrating_again_keeps_the_shares() -> None:
    shares, data = {"age": Shares(SEEN, NATURAL)}, fake_model(["age"])
    once = calibrate(data, ages(60, 2), shares)
    assert recalibrated(once, ages(60, 2)) == once
    again, anew = (
        ModelFile.load(model).card.traits["age"]
        for model in (recalibrated(once, ages(60, 20)), calibrate(data, ages(60, 20), shares))
    )
    assert again.prior == anew.prior == NATURAL
    assert again.temperature == pytest.approx(anew.temperature, abs=2e-4)
    assert again.temperature < ModelFile.load(once).card.traits["age"].temperature / 1.5
    # Six decimals of the bias, at a temperature of some units.
    np.testing.assert_allclose(again.bias, anew.bias, atol=1e-4)


def words(digits: int, others: int, *, each: int = 1) -> list[Validated]:
    """So many speakers of each kind with so many answers each, all alike: hardly a digit.

    Of 38 digits 20 are a three, as the answers say.
    """
    labels = TRAITS["digit"].labels
    chances = np.full(11, 0.02)
    chances[3], chances[10] = 0.2, 0.62
    z = tuple(np.log(chances).tolist())
    said = [labels[3]] * 20 + [label for label in labels[:10] if label != "3"] * 2
    return [
        Validated("digit", f"c/{n}", said[n % 38] if n < digits else labels[10], z)
        for n in range(digits + others)
        for _ in range(each)
    ]


def test_not_a_digit_is_as_common_as_one_of_ten_digits_whatever_training_met() -> None:
    data, rows = fake_model(["digit"]), words(76, 30)
    once = calibrate(data, rows, {})
    trait = ModelFile.load(once).card.traits["digit"]
    assert trait.bias[:10] == (0,) * 10
    assert trait.temperature == pytest.approx(1, abs=0.01)
    # Of answers that are all alike one in eleven is no digit.
    _, chances = calibration.calibrate(rows[0].z, trait)
    assert chances[10] == pytest.approx(1 / 11, abs=0.01)
    assert recalibrated(once, rows) == once


def test_one_speaker_s_digit_does_not_decide_the_shift() -> None:
    rows = words(76, 30)
    rare = rows[0]._replace(label=TRAITS["digit"].labels[7])
    one, other = (
        ModelFile.load(calibrate(fake_model(["digit"]), [first, *rows[1:]], {})).card.traits
        for first in (rows[0], rare)
    )
    assert one["digit"].bias[10] == pytest.approx(other["digit"].bias[10], abs=0.1)
    assert one["digit"].temperature == pytest.approx(other["digit"].temperature, rel=0.1)


@pytest.mark.parametrize(("digits", "others"), [(100, 19), (19, 100)])
def test_few_answers_of_either_kind_shift_nothing(digits: int, others: int) -> None:
    fitted = calibrate(fake_model(["digit"]), words(digits, others, each=3), {})
    assert ModelFile.load(fitted).card.traits["digit"].bias == ()


def test_too_few_answers_of_its_own_cost_a_model_no_shares() -> None:
    """A fold with few speakers is calibrated on the answers of all folds later."""
    shares, data = {"age": Shares(SEEN, NATURAL)}, fake_model(["age"])
    few = calibrate(data, ages(3, 2), shares)
    trait = ModelFile.load(few).card.traits["age"]
    assert (trait.temperature, trait.prior) == (1, NATURAL)
    assert trait.unsure_below > 0
    _, chances = calibration.calibrate(np.log(SEEN), trait)
    assert chances == pytest.approx(NATURAL, abs=1e-5)
    pooled, whole = (
        ModelFile.load(model).card.traits["age"]
        for model in (recalibrated(few, ages(60, 5)), calibrate(data, ages(60, 5), shares))
    )
    assert pooled.temperature == pytest.approx(whole.temperature, abs=2e-4)
    np.testing.assert_allclose(pooled.bias, whole.bias, atol=1e-4)
    # And what many answers fitted is not undone by few.
    assert recalibrated(recalibrated(few, ages(60, 5)), ages(3, 2)) == recalibrated(
        few, ages(60, 5)
    )


def fold(folder: Path, name: str, tested: range, heard: list[Validated]) -> Any:
    """A trained fold: its model, and what its validation speakers were answered."""
    (folder / name).mkdir()
    (folder / name / "model.onnx").write_bytes(fake_model(["gender"]))
    (folder / name / VALIDATION).write_text(dump_validated(heard))
    split = {"parts": {"c/0": 0}, "validation": [1], "test": [], "exclude": [], "unheard": []}
    (folder / name / "split.json").write_text(json.dumps(split))
    test = tuple(Utterance(Path("a.wav"), "c", f"c/{n}", {}) for n in tested)
    return SimpleNamespace(name=name, test=test)


def test_a_fold_is_calibrated_on_all_validation_but_for_whom_it_is_tested_on(
    tmp_path: Path,
) -> None:
    right, wrong = answers(range(100), 0.9, 10), answers(range(100, 200), 0.9, 2)
    first = fold(tmp_path, "fold_0", range(500, 501), right)
    second = fold(tmp_path, "fold_1", range(100), wrong)
    for one in (first, second):
        calibrate_fold(one, [first, second], tmp_path)
    cards = [ModelFile.load(tmp_path / name / "model.onnx").card for name in ("fold_0", "fold_1")]
    alone = ModelFile.load(calibrate(fake_model(["gender"]), wrong, {})).card
    both = ModelFile.load(calibrate(fake_model(["gender"]), right + wrong, {})).card
    assert [card.traits["gender"] for card in cards] == [
        both.traits["gender"],
        alone.traits["gender"],  # the first fold's validation speakers are tested here
    ]
    before = (tmp_path / "fold_0" / "model.onnx").stat().st_mtime_ns
    calibrate_fold(first, [second, first], tmp_path)
    assert (tmp_path / "fold_0" / "model.onnx").stat().st_mtime_ns == before


def test_no_answer_of_a_former_calibration_is_reported(
    tmp_path: Path, recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = fold(tmp_path, "fold_0", range(0), answers(range(100), 0.99, 5))
    files = sorted(recordings.glob("*.flac"))[:2]
    one.test = tuple(Utterance(file, "c", "c/500", {"gender": "male"}) for file in files)
    one.measured = ("gender",)
    measured = [measure_fold(one, tmp_path, Options())]
    calibrate_fold(one, [one], tmp_path)
    measured.append(measure_fold(one, tmp_path, Options()))
    former, now = ({row.fingerprint for row in rows} for rows in measured)
    assert former.isdisjoint(now)
    chances = [[row.probabilities["gender"] for row in rows] for rows in measured]
    assert chances[0] != chances[1]
    # And what the model as it is was asked is not asked again.
    monkeypatch.setattr(Predictor, "predict_many", lambda *_, **__: iter(()))
    assert measure_fold(one, tmp_path, Options()) == measured[1]


def test_of_digits_single_words_are_validated_where_there_are_any(
    recordings: Path,
) -> None:
    files = sorted(recordings.glob("*.flac"))
    data = fake_model(["digit"])
    rows = [
        Utterance(path, "c", f"c/{n}", {"digit": "3"}, word="three" if n < 2 else "")
        for n, path in enumerate(files)
    ]
    assert {row.speaker_id for row in validated(data, rows)} == {"c/0", "c/1"}
    assert validated(data, rows[2:]) != []


def test_answers_are_kept_and_read_again(tmp_path: Path) -> None:
    rows = answers(range(3), 0.9, 2)
    (tmp_path / "v").write_text(dump_validated(rows))
    again = read_validated(tmp_path / "v", TRAITS_OF_GENDER)
    assert [row[:3] for row in again] == [row[:3] for row in rows]
    np.testing.assert_allclose([r.z for r in again], [r.z for r in rows], atol=1e-5)


@pytest.mark.parametrize("content", ["{", '["gender"]\n', '["gender","s","male",["x"]]\n', None])
def test_what_is_no_validation_is_said(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "v").write_text(content)
    with pytest.raises(RunError, match="does not hold the answers of a run's validation"):
        read_validated(tmp_path / "v", TRAITS_OF_GENDER)


@pytest.mark.parametrize(
    "content",
    [
        '["gender","s","male",[-1.0,-1.0]]\n["gender","s","man",[-1.0,-1.0]]\n',
        '["gender","s","male",[-1.0,-1.0]]\n["gender","s","male",[-1.0,-1.0,-1.0]]\n',
        '["gender","s","male",[-1.0,-1.0]]\n["age","s","20s",[-1.0,-1.0]]\n',
    ],
)
def test_answers_of_another_model_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "v").write_text(content)
    with pytest.raises(RunError, match=r"line 2: .* is no answer of this model") as raised:
        read_validated(tmp_path / "v", TRAITS_OF_GENDER)
    assert raised.value.exit_code == 4
