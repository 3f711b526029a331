"""Answers are read by people, notebooks and programs."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxtrait.errors import MissingAudio, NoAnswer, NoSpeech, VoxtraitError
from voxtrait.runtime import AgeAnswer, Answer, DigitAnswer, Failure, Prediction, WordAnswer
from voxtrait.runtime.answer import with_years
from voxtrait.runtime.years import quantiles, typical_years
from voxtrait.traits import AGE

GENDER = Answer("gender", "female", 0.97, {"female": 0.97, "male": 0.03}, False, "voice-small")
AGES = dict(zip(AGE.labels, (0.1, 0.2, 0.4, 0.2, 0.05, 0.05), strict=True))
AGE_ANSWER = with_years(Answer("age", "30s", 0.4, AGES, True, "voice-small"), AGE.edges)
WORDS = tuple(
    WordAnswer(start, start + 0.5, label, 0.9, {label: 0.9, "not_a_digit": 0.1}, False)
    for start, label in ((0.25, "7"), (1.0, "3"))
)
DIGITS = DigitAnswer(
    "digit", "not_a_digit", 0.999, {"7": 0.001, "not_a_digit": 0.999}, False, "digit-small", WORDS
)
ONE = DigitAnswer("digit", "7", 0.9, {"7": 0.9, "3": 0.1}, False, "digit-small", WORDS[:1])
PREDICTION = Prediction(
    "a.wav", 2.1, 1.4444444, {"digit": DIGITS, "gender": GENDER, "age": AGE_ANSWER}
)


def test_years_are_those_of_the_median_group_and_the_interval_holds_80_percent() -> None:
    # By hand: 10 % lie below 20, the median in the thirties, 90 % below 50.
    assert isinstance(AGE_ANSWER, AgeAnswer)
    assert AGE_ANSWER.years == pytest.approx(35)
    assert AGE_ANSWER.interval_years == pytest.approx((20, 50))


@pytest.mark.parametrize("share", [0.346, 0.3455, 0.3449])
def test_years_are_rounded_once_so_every_place_says_the_same(share: float) -> None:
    # A tenth lies below 20 + 10 * share: 23.46 must not be 23 here and, by 23.5, 24 there.
    ages = dict.fromkeys(AGE.labels, 0.0) | {"20s": 0.1 / share, "60+": 1 - 0.1 / share}
    answer = with_years(Answer("age", "60+", 0.5, ages, False, "m"), AGE.edges)
    low, high = answer.interval_years
    assert low == round(20 + 10 * share, 1)
    assert repr(answer).startswith(f"<age: {answer.years:.0f} years ({low:.0f} to {high:.0f})")
    assert answer.to_dict()["interval_years"] == [low, high]
    assert answer.to_dict()["years"] == answer.years


@pytest.mark.parametrize(
    ("chances", "years"),
    [
        ((1, 0, 0, 0, 0, 0), 15),
        ((0.3, 0.3, 0.4, 0, 0, 0), 25),
        ((0.2, 0.2, 0.1, 0.2, 0.2, 0.1), 35),  # half lies below 40
        ((0.2, 0.2, 0.09, 0.21, 0.2, 0.1), 45),
        ((0, 0, 0, 0, 0.49, 0.51), 65),
    ],
)
def test_years_are_the_median_of_the_groups_middles(
    chances: tuple[float, ...], years: float
) -> None:
    assert typical_years(chances, AGE.edges) == years


def test_two_open_groups_have_their_own_middles() -> None:
    assert typical_years((0.4, 0.6), (0, 18, 90)) == 54


@given(
    st.lists(st.integers(0, 9), min_size=6, max_size=6).filter(any),
    st.lists(st.floats(0, 1), min_size=1, max_size=3),
)
def test_quantiles_lie_on_the_line_through_the_groups(
    counts: list[int], shares: list[float]
) -> None:
    chances = np.array(counts) / sum(counts)
    below = np.concatenate([[0.0], np.cumsum(chances)])
    expected = np.interp(shares, below / below[-1], AGE.edges)
    np.testing.assert_allclose(quantiles(chances.tolist(), AGE.edges, shares), expected)


def test_what_is_missing_of_a_recording_is_told_wherever_it_is_shown() -> None:
    cut = Prediction("a.wav", 1.0, 0.8, {"gender": GENDER}, ("<b> is missing.",))
    assert cut.to_dict()["warnings"] == ["<b> is missing."]
    assert repr(cut).endswith("; warning: <b> is missing.>")
    assert "Warning: &lt;b&gt; is missing." in cut._repr_html_()
    failure = Failure("a.wav", MissingAudio("Gone."), ("Half is missing.",))
    assert failure.to_dict()["warnings"] == ["Half is missing."]
    whole = (PREDICTION.to_dict(), Failure("a.wav", MissingAudio("Gone.")).to_dict())
    assert not any("warnings" in line for line in whole)


def test_what_was_withheld_is_told_wherever_it_is_shown() -> None:
    reason = "too little speech: 0.20 s of 0.30 s needed"
    short = Prediction("a.wav", 1.0, 0.2, {"gender": GENDER}, withheld={"age": reason})
    assert short.to_dict()["withheld"] == {"age": reason}
    assert repr(short).endswith(f"; age: {reason}>")
    assert f"<td>age</td><td>{reason}</td>" in short._repr_html_()
    with pytest.raises(KeyError, match=r"no answer for age: too little speech: 0\.20 s of"):
        short["age"]
    assert "withheld" not in PREDICTION.to_dict()


def test_a_certain_group_spreads_its_years_evenly() -> None:
    certain = dict.fromkeys(AGE.labels, 0.0) | {"60+": 1.0}
    answer = with_years(Answer("age", "60+", 1.0, certain, False, "m"), AGE.edges)
    assert answer.years == 65
    assert answer.interval_years == pytest.approx((63.5, 91.5))


def test_a_prediction_is_the_json_line_of_the_command() -> None:
    assert PREDICTION.to_dict() == {
        "path": "a.wav",
        "duration_s": 2.1,
        "speech_s": 1.444,
        "traits": {
            "digit": {
                "label": "not_a_digit",
                "probability": 0.999,
                "probabilities": {"7": 0.001, "not_a_digit": 0.999},
                "unsure": False,
                "model": "digit-small",
                "segments": [
                    {
                        "start_s": start,
                        "end_s": start + 0.5,
                        "label": label,
                        "probability": 0.9,
                        "probabilities": {label: 0.9, "not_a_digit": 0.1},
                        "unsure": False,
                    }
                    for start, label in ((0.25, "7"), (1.0, "3"))
                ],
            },
            "gender": {
                "label": "female",
                "probability": 0.97,
                "probabilities": {"female": 0.97, "male": 0.03},
                "unsure": False,
                "model": "voice-small",
            },
            "age": {
                "label": "30s",
                "probability": 0.4,
                "probabilities": AGES,
                "unsure": True,
                "model": "voice-small",
                "years": 35.0,
                "interval_years": [20.0, 50.0],
            },
        },
    }
    assert json.loads(json.dumps(PREDICTION.to_dict())) == PREDICTION.to_dict()


def test_one_word_has_no_segments_in_json() -> None:
    assert "segments" not in ONE.to_dict()
    assert ONE.segments == WORDS[:1]


def test_answers_are_reached_by_name_and_by_key() -> None:
    assert PREDICTION.gender is PREDICTION["gender"] is GENDER
    assert PREDICTION.age is AGE_ANSWER


def test_a_trait_that_was_not_asked_for_says_how_to_ask() -> None:
    only = Prediction("a.wav", 1.0, 0.8, {"gender": GENDER})
    for kind in (VoxtraitError, AttributeError):
        with pytest.raises(kind, match=r"asked for were gender; .* 'age' in predic"):
            _ = only.age
    for kind in (VoxtraitError, KeyError):
        with pytest.raises(kind, match="There is no answer for age"):
            only["age"]
    assert not hasattr(only, "age")
    assert ("gender" in only, "age" in only, 0 in only) == (True, False, False)
    with pytest.raises(KeyError, match="'height' is no trait"):
        only["height"]
    assert getattr(only, "age", None) is None
    again = pickle.loads(pickle.dumps(NoAnswer("No age.", "Ask before.")))
    assert (str(again), again.hint) == ("No age. Ask before.", "Ask before.")
    with pytest.raises(AttributeError, match="no attribute 'height'"):
        _ = only.height


@pytest.mark.parametrize(
    ("thing", "says"),
    [
        (GENDER, "<perceived gender: female 97 %>"),
        (AGE_ANSWER, "<age: 35 years (20 to 50), unsure>"),
        (ONE, "<digit: 7 90 %>"),
        (DIGITS, "<digit: not_a_digit > 99 % (2 words: 7, 3)>"),
        (WORDS[0], "<0.25 to 0.75 s: 7 90 %>"),
        (
            Prediction(None, 2.0, 1.0, {"gender": GENDER}),
            "<Prediction 2.00 s, 1.00 s of speech: perceived gender: female 97 %>",
        ),
        (Failure("b.wav", MissingAudio("Gone.")), "<Failure 'b.wav': MissingAudio: Gone.>"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_representation_is_a_sentence(thing: object, says: str) -> None:
    assert repr(thing) == says


def test_html_names_every_label_and_runs_nothing() -> None:
    hostile = Answer("gender", "<b>", 1.0, {"<b>": 1.0}, False, "<script>alert(1)</script>")
    for page in (hostile._repr_html_(), Prediction("<i>", 1.0, 1.0, {"a": hostile})._repr_html_()):
        assert "<script" not in page
        assert "&lt;b&gt;" in page
    assert all(label in AGE_ANSWER._repr_html_() for label in ("teens", "60+", "40.0%"))


def test_a_failure_has_its_type_message_and_hint() -> None:
    failure = Failure("a.wav", MissingAudio("There is no file.", "Check the path."))
    assert failure.to_dict() == {
        "path": "a.wav",
        "error": {
            "type": "MissingAudio",
            "message": "There is no file.",
            "hint": "Check the path.",
        },
    }


@pytest.mark.parametrize(
    ("speech_s", "says"), [(0.0, "No speech: 0.00 s"), (0.05, "Too little speech: 0.05 s")]
)
def test_no_speech_says_how_much_there_was_and_how_much_is_needed(
    speech_s: float, says: str
) -> None:
    message = NoSpeech(2.0, speech_s, 0.3).message
    assert message == f"{says} of the 2.00 s sound like speech; an answer needs 0.30 s."


def test_of_a_recording_too_short_for_any_answer_the_length_is_blamed() -> None:
    assert "shorter than that" in NoSpeech(0.08, 0.0, 0.1).hint
    assert "closer" in NoSpeech(0.1, 0.0, 0.1).hint


def test_no_speech_is_a_failure_with_both_durations() -> None:
    error = Failure("a.wav", NoSpeech(2.0, 0.05, 0.3)).to_dict()["error"]
    assert (error["type"], error["duration_s"], error["speech_s"]) == ("NoSpeech", 2.0, 0.05)


@pytest.mark.parametrize("thing", [PREDICTION, Failure("a.wav", NoSpeech(2.0, 0.05, 0.3))])
def test_answers_can_be_pickled(thing: Prediction | Failure) -> None:
    assert pickle.loads(pickle.dumps(thing)).to_dict() == thing.to_dict()
