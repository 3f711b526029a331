from __future__ import annotations

import json
import operator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voxtrait.corpora.utterance import Utterance
from voxtrait.errors import ManifestError, UsageError
from voxtrait.evaluation.asked import fingerprint
from voxtrait.evaluation.distortion import Distortion
from voxtrait.evaluation.resume import forget_others
from voxtrait.evaluation.scored import read_rows
from voxtrait.evaluation.scoring import score
from voxtrait.model_file import ModelFile, with_card
from voxtrait.runtime import Predictor
from voxtrait.speech import SpeechDetector
from voxtrait.testing import fake_detector, fake_model

PRIOR = (0.1, 0.4, 0.2, 0.1, 0.1, 0.1)


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    data = fake_model()
    card = ModelFile.load(data).card
    age = replace(card.traits["age"], prior=PRIOR)
    data = with_card(data, replace(card, traits={**card.traits, "age": age}))
    return Predictor([ModelFile.load(data)], SpeechDetector(ModelFile.load(fake_detector())))


@pytest.fixture
def utterances(tmp_path: Path) -> list[Utterance]:
    """Five voices, silence, a text file that calls itself WAV, and a room."""
    rows = []
    for number in range(8):
        path = tmp_path / f"{number}.wav"
        tone = 0.05 * (number + 1) * np.sin(np.arange(16_000) / 20)
        soundfile.write(path, np.zeros(8000) if number == 5 else tone, 8000)
        labels = {"gender": ("female", "male")[number % 2], "age": "30s"}
        rows.append(Utterance(path, "made_up", f"made_up/{number}", labels, age_years=35.0))
    rows[6].path.write_text("not a sound")
    rows[7] = replace(rows[7], labels={}, kind="room")
    return rows


def test_rows_hold_what_the_predictor_says(predictor, utterances) -> None:
    rows = score(predictor, utterances, traits=["gender", "age"])
    assert [row.utterance for row in rows] == utterances[:7]
    said = predictor.predict(utterances[2].path)
    row = rows[2]
    assert row.label == {"gender": said.gender.label, "age": said.age.label}
    assert row.probabilities["age"] == tuple(said.age.probabilities.values())
    assert (row.years, row.interval) == (said.age.years, said.age.interval_years)
    assert (row.duration, row.speech) == (said.duration_s, said.speech_s)
    assert row.priors == {"age": PRIOR}
    assert row.models == {"gender": "fake-tiny", "age": "fake-tiny"}


def test_what_cannot_be_answered_is_a_row_with_its_error(predictor, utterances) -> None:
    rows = score(predictor, utterances, traits=["gender"])
    assert [row.error for row in rows] == [""] * 5 + ["NoSpeech", "UnreadableAudio"]
    assert (rows[5].duration, rows[5].speech, rows[5].label) == (1.0, 0.0, {})
    assert "6.wav" in rows[6].message


def test_a_distorted_recording_is_answered_as_it_then_sounds(predictor, utterances) -> None:
    clean = score(predictor, utterances, traits=["gender"])
    short = score(predictor, utterances, traits=["gender"], distortion=Distortion(seconds=0.5))
    assert [row.error for row in short] == [row.error for row in clean]
    assert [row.condition for row in short] == ["0.5 s"] * 7
    assert [row.duration for row in short[:6]] == [0.5] * 6
    # Only the trait that was asked for, in the order of the manifest.
    assert [row.utterance for row in short] == utterances[:7]
    assert set(short[0].probabilities) == {"gender"}


def test_only_recordings_with_a_truth_are_asked_about(predictor, utterances) -> None:
    unknown = replace(utterances[0], labels={"digit": "3"})
    assert score(predictor, [unknown], traits=["gender"]) == []


def test_a_killed_evaluation_goes_on_where_it_stopped(
    predictor, utterances, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    whole = score(predictor, utterances, traits=["gender"], output=file)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:3]) + lines[3][:40])  # killed in the middle of a line
    seen: list[tuple[int, int]] = []
    again = score(
        predictor,
        utterances,
        traits=["gender"],
        output=file,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert again == whole
    assert seen == [(4, 7), (5, 7), (6, 7), (7, 7)]
    assert sorted(file.read_bytes().splitlines(keepends=True)) == sorted(lines)


def test_answers_under_other_conditions_are_not_mixed(predictor, utterances, tmp_path) -> None:
    file = tmp_path / "rows.jsonl"
    score(predictor, utterances[:1], traits=["gender"], output=file)
    with pytest.raises(UsageError, match="0\\.5 s"):
        score(
            predictor,
            utterances,
            traits=["gender"],
            output=file,
            distortion=Distortion(seconds=0.5),
        )
    with pytest.raises(UsageError, match="age"):
        score(predictor, utterances, traits=["gender", "age"], output=file)
    assert len(list(read_rows(file))) == 1


def recalibrated(predictor: Predictor, **values: object) -> Predictor:
    """The same network under the same name, with another card."""
    (data,) = (with_card(fake_model(), replace(card, **values)) for card in predictor.cards)
    return Predictor([ModelFile.load(data)], predictor.detector)


@pytest.mark.parametrize("change", ["temperature", "version", "recipe"])
def test_answers_of_another_model_of_the_same_name_are_not_taken_for_its_own(
    predictor, utterances, tmp_path: Path, change: str
) -> None:
    file = tmp_path / "rows.jsonl"
    score(predictor, utterances, traits=["gender"], output=file)
    before = file.read_bytes()
    (card,) = predictor.cards
    warmer = replace(card.traits["gender"], temperature=2.0)
    value = {
        "temperature": {"traits": {**card.traits, "gender": warmer}},
        "version": {"version": "9.0.0"},
        "recipe": {"recipe": "seed = 9"},
    }[change]
    other = recalibrated(predictor, **value)
    with pytest.raises(UsageError, match="answers of another fake-tiny"):
        score(other, utterances, traits=["gender"], output=file)
    assert file.read_bytes() == before
    forget_others(file, fingerprint(predictor))
    assert file.read_bytes() == before
    forget_others(file, fingerprint(other))
    rows = score(other, utterances, traits=["gender"], output=file)
    assert {row.fingerprint for row in rows} == {fingerprint(other)}


def test_other_weights_under_the_same_card_are_another_model(predictor) -> None:
    (card,) = predictor.cards
    retrained = Predictor([ModelFile.load(with_card(fake_model(seed=1), card))], predictor.detector)
    assert retrained.cards == predictor.cards
    assert fingerprint(retrained) != fingerprint(predictor)


def test_another_detector_makes_other_answers_and_figures_in_a_card_do_not(predictor) -> None:
    assert fingerprint(recalibrated(predictor, measured={"gender": {}})) == fingerprint(predictor)
    deaf = Predictor([ModelFile.load(fake_model())])
    (card,) = predictor.cards
    assert fingerprint(recalibrated(deaf, traits=card.traits)) != fingerprint(predictor)


def test_answers_without_a_fingerprint_are_of_another_model(
    predictor, utterances, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    rows = score(predictor, utterances, traits=["gender"])
    old = [row.to_dict() for row in rows]
    for row in old:
        del row["fingerprint"]
    file.write_text("".join(f"{json.dumps(row)}\n" for row in old))
    assert {row.fingerprint for row in read_rows(file)} == {""}
    with pytest.raises(UsageError, match="fingerprint missing"):
        score(predictor, utterances, traits=["gender"], output=file)


def test_labels_are_those_of_the_manifest_and_not_of_the_row_that_was_kept(
    predictor, utterances, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    before = score(predictor, utterances, traits=["gender"], output=file)
    mended = [replace(u, labels={**u.labels, "gender": "female"}) for u in utterances[:7]]
    after = score(predictor, mended, traits=["gender"], output=file)
    assert [row.utterance for row in after] == mended
    assert [row.label for row in after] == [row.label for row in before]


@pytest.mark.parametrize("content", ["dear diary\n", "dear diary", "{}"])
def test_an_output_that_is_something_else_is_left_alone(
    predictor, utterances, tmp_path, content: str
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(content)
    with pytest.raises(ManifestError, match="line 1"):
        score(predictor, utterances, traits=["gender"], output=file)
    assert file.read_text() == content


def test_a_trait_that_the_model_does_not_know_is_named(utterances) -> None:
    gender = Predictor([ModelFile.load(fake_model(("gender",)))])
    with pytest.raises(UsageError, match="'digit'"):
        score(gender, utterances, traits=["digit"])


def test_several_threads_answer_the_same(predictor, utterances) -> None:
    line = Distortion(codec="telephone")
    alone, together = (
        score(predictor, utterances, traits=["gender"], jobs=jobs, distortion=line)
        for jobs in (1, 2)
    )
    assert alone == together


def test_several_threads_are_told_how_many_recordings_come(
    predictor, utterances, monkeypatch
) -> None:
    told = []
    asked = Predictor.predict_many

    def listening(self, sources, **options):
        told.append(operator.length_hint(sources))
        return asked(self, sources, **options)

    monkeypatch.setattr(Predictor, "predict_many", listening)
    score(predictor, utterances, traits=["gender"], jobs=2)
    assert told == [7]  # the room is not asked about
