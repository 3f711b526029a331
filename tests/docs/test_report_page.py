"""Every key of a report stands on its page, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from voxtrait.corpora import Utterance
from voxtrait.evaluation.report import build
from voxtrait.evaluation.scored import Scored
from voxtrait.traits import TRAITS

PAGE = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
TOP, ONE_RESULT = PAGE.split("\n## One of the results\n")


def rows(part: str) -> list[tuple[str, str]]:
    """First and second cell of each row of a table on the page."""
    return re.findall(r"^\| (`.*?) \| (.*) \|$", part, flags=re.MULTILINE)


def keys(part: str) -> list[str]:
    """What the rows are about."""
    return [key for cell, _ in rows(part) for key in re.findall(r"`(\w+)`", cell)]


def meaning(part: str, key: str) -> str:
    return next(text for cell, text in rows(part) if f"`{key}`" in cell)


def answer(trait: str, number: int, condition: str) -> Scored:
    """A right answer to a made-up recording."""
    labels = TRAITS[trait].labels
    truth = labels[number % len(labels)]
    return Scored(
        Utterance(
            Path(f"/{trait}{number}.wav"),
            "made_up",
            f"made_up/{number}",
            {trait: truth},
            word="cat" if truth == "not_a_digit" else "",
            age_years=30.0 if trait == "age" else None,
        ),
        condition=condition,
        label={trait: truth},
        probabilities={trait: tuple(float(label == truth) for label in labels)},
        models={trait: "made-up-tiny"},
        years=31.0 if trait == "age" else None,
        interval=(20.0, 40.0) if trait == "age" else None,
    )


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """Of every trait, under two conditions."""
    asked = [(trait, number) for trait in TRAITS for number in range(22)]
    spoken = [answer(*one, condition) for condition in ("clean", "room") for one in asked]
    return build(spoken, split="test", median_years=35.0, draws=10)


def test_the_page_has_every_key_of_the_report_in_its_order(report: dict[str, Any]) -> None:
    assert keys(TOP) == list(report)


def test_the_page_has_every_key_of_a_result(report: dict[str, Any]) -> None:
    found = {key for result in report["results"] for key in result}
    assert {"years", "digits"} < found
    assert sorted(keys(ONE_RESULT)) == sorted(found)


@pytest.mark.parametrize("key", ["corpora", "answering", "changes", "groups", "worst_group"])
def test_what_a_key_holds_is_named_beside_it(report: dict[str, Any], key: str) -> None:
    held = report[key]
    first = next(filter(None, held.values())) if isinstance(held, dict) else held[0]
    inner = first[0] if isinstance(first, list) else first
    told = meaning(TOP, key)
    known = {"trait", "corpus", "condition", "kind", "speakers", "clips"}
    assert [name for name in inner if name not in known and f"`{name}`" not in told] == []


@pytest.mark.parametrize("key", ["recall", "calibration", "coverage_risk", "years", "digits"])
def test_what_a_figure_holds_is_named_beside_it(report: dict[str, Any], key: str) -> None:
    held = next(result[key] for result in report["results"] if key in result)
    inner = held[0] if isinstance(held, list) else held
    inner = next(iter(inner.values())) if key == "recall" else inner
    told = meaning(ONE_RESULT, key)
    names = {name.removesuffix("_with_refusals_wrong") or name for name in inner}
    assert [name for name in sorted(names) if f"`{name}`" not in told] == []
