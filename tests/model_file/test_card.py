"""A card is read strictly: what cannot be is refused, and the message names its dotted key."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from voxtrait.errors import WrongModel
from voxtrait.model_file import Card, TraitCard, Window
from voxtrait.traits import AGE, GENDER

AGE_CARD = TraitCard(
    AGE.labels,
    temperature=1.31,
    bias=(0.1, -0.2, 0.0, 0.3, 0.1, -0.3),
    prior=(0.1, 0.3, 0.2, 0.2, 0.1, 0.1),
    unsure_below=0.4,
    edges=AGE.edges,
)
CARD = Card(
    name="voice-small",
    window=Window(seconds=3.0, hop=1.5, least=0.3),
    traits={"gender": TraitCard(GENDER.labels), "age": AGE_CARD},
    trained_on=({"corpus": "common_voice", "speakers": 1199, "hours": 2.0},),
    measured={"common_voice": {"uar": 0.96, "uar_95": [0.95, 0.97]}},
    recipe='name = "voice-small"\n',
    created="2026-11-22",
    parameters=250_000,
)
DETECTOR = Card(name="speech", kind="frames", frame_seconds=0.01, threshold=0.5)


def changed(path: str, value: Any) -> str:
    """The card as JSON with one value changed, or its key removed where the value is ``...``."""
    whole = table = json.loads(CARD.to_json())
    *outer, key = path.split(".")
    for step in outer:
        table = table[step]
    if value is ...:
        del table[key]
    else:
        table[key] = value
    return json.dumps(whole)


@pytest.mark.parametrize("card", [CARD, DETECTOR], ids=lambda card: card.kind)
def test_a_card_survives_json(card: Card) -> None:
    assert Card.from_json(card.to_json()) == card


def test_the_json_of_a_card_has_the_keys_of_the_design() -> None:
    table = json.loads(CARD.to_json())
    assert table["schema"] == 1
    assert table["kind"] == "traits"
    assert table["window"] == {"seconds": 3.0, "hop": 1.5, "least": 0.3}
    assert table["traits"]["gender"] == {
        "labels": ["female", "male"],
        "temperature": 1.0,
        "unsure_below": 0.0,
    }
    assert table["traits"]["age"]["edges"] == [10, 20, 30, 40, 50, 60, 95]
    assert "threshold" not in table


@pytest.mark.parametrize("key", ["schema", "name", "version", "kind", "sample_rate"])
def test_a_missing_key_is_named(key: str) -> None:
    with pytest.raises(WrongModel, match=f"no {key}"):
        Card.from_json(changed(key, ...))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("schema", 2, "schema 2; this voxtrait reads schema 1"),
        ("schema", "1", "schema is '1'; it must be a whole number"),
        ("kind", "embedding", "kind is 'embedding'; it must be traits or frames"),
        ("name", "", "name is ''"),
        ("sample_rate", 44_100.5, "sample_rate is 44100.5; it must be a whole number"),
        ("sample_rate", 100, "sample_rate is 100; it must be from 4000 to 384000"),
        ("window.seconds", "3", r"window.seconds is '3'; it must be a number"),
        ("window.hop", 3.5, r"window.hop is 3.5; it must be from 0.01 to 3"),
        ("window.least", -1, r"window.least is -1"),
        ("window.lest", 0.3, r"window.lest is not known; did you mean window.least\?"),
        ("traits", {}, r"traits is \[\]; it must be at least one trait"),
        ("traits", {"height": {"labels": ["a", "b"]}}, r"\['height'\]; it must be made of"),
        ("traits.gender.labels", ["male", "female"], r"traits.gender.labels is \['male'"),
        ("traits.gender.labels", ["female"], r"traits.gender.labels is \['female'\]"),
        ("traits.gender.labels", ["female", 1], r"traits.gender.labels .* a list of texts"),
        ("traits.gender.edges", [1, 2, 3], r"traits.gender.edges is .*; it must be empty"),
        ("traits.age.temperature", 0, r"traits.age.temperature is 0; it must be from 0.01 to 100"),
        ("traits.age.temperature", -1.5, r"traits.age.temperature is -1.5"),
        ("traits.age.temperature", 1e9, r"traits.age.temperature is 1000000000"),
        ("traits.age.temprature", 1, r"did you mean traits.age.temperature\?"),
        ("traits.age.bias", [0.1], r"traits.age.bias is \[0.1\]; it must be 6 numbers"),
        ("traits.age.prior", [0.5] * 6, r"traits.age.prior is .* shares of 1, not of 3"),
        ("traits.age.prior", [0, 1, 0, 0, 0, 0], r"traits.age.prior is 0; it must be from 1e-09"),
        ("traits.age.unsure_below", 1.5, r"traits.age.unsure_below is 1.5; .* from 0 to 1"),
        ("traits.age.edges", [10, 20], r"traits.age.edges is \[10, 20\]; it must be 7 years"),
        ("traits.age.edges", [10, 20, 30, 40, 50, 50, 95], r"traits.age.edges .* rising"),
        ("parameters", True, "parameters is True; it must be a whole number"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_its_dotted_key(
    path: str, value: Any, says: str
) -> None:
    with pytest.raises(WrongModel, match=says) as caught:
        Card.from_json(changed(path, value))
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"schema": NaN}', "[" * 100_000])
def test_what_is_no_json_table_is_refused(text: str) -> None:
    with pytest.raises(WrongModel, match="the card's"):
        Card.from_json(text)


@pytest.mark.parametrize("threshold", [0.0, 1.0, float("nan")])
def test_a_detector_needs_a_threshold_between_0_and_1(threshold: float) -> None:
    with pytest.raises(WrongModel, match=r"threshold is .*; it must be from 0.01 to 0.99"):
        replace(DETECTOR, threshold=threshold)


@pytest.mark.parametrize("sure", [0.4, 1.0])
def test_a_detector_is_as_sure_as_its_threshold_at_least(sure: float) -> None:
    with pytest.raises(WrongModel, match=r"sure is .*; it must be from 0.5 to 0.99"):
        replace(DETECTOR, sure=sure)


def test_a_detector_answers_no_traits() -> None:
    with pytest.raises(WrongModel, match="empty for a detector"):
        replace(CARD, kind="frames", frame_seconds=0.01, threshold=0.5)


def test_labels_may_be_a_subset_in_order() -> None:
    ten = TraitCard(tuple("0123456789"))
    assert replace(CARD, traits={"digit": ten}).traits["digit"].labels == tuple("0123456789")
