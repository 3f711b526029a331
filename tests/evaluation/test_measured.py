from __future__ import annotations

from dataclasses import replace

import pytest

from voxtrait.evaluation.measured import in_order, measured
from voxtrait.evaluation.report import build
from voxtrait.evaluation.ways import folds, rank, some_of, without_corpus, without_speakers


@pytest.fixture(scope="module")
def report(voices):
    silent = {"label": {}, "probabilities": {}, "unsure": {}, "error": "NoSpeech"}
    rows = [replace(v, **silent) if i < 20 else v for i, v in enumerate(voices)]
    return build(rows, split=folds(5), draws=50)


@pytest.fixture(scope="module")
def without(voices):
    far = [v for v in voices if v.utterance.corpus == "far"]
    return build(far, split=without_corpus("far"), draws=50)


def test_what_a_card_says_is_taken_from_the_report_with_refusals_as_errors(report) -> None:
    card = measured(report)["gender"]
    assert list(card) == ["all", "near", "far"]
    result = next(r for r in report["results"] if r["corpus"] == "near" and r["by"] == "clip")
    near = card["near"]
    assert near["split"] == "5 speaker folds, pooled"
    assert (near["speakers"], near["clips"], near["refused"]) == (40, 200, result["refused"])
    assert near["uar"] == round(result["uar_with_refusals_wrong"]["value"], 4)
    assert near["uar_answered"] == round(result["uar"]["value"], 4)
    assert near["uar"] < near["uar_answered"]
    assert near["uar_95"][0] < near["uar"] < near["uar_95"][1]


def test_a_corpus_left_out_stands_first_and_beside_its_figures_of_the_folds(
    report, without
) -> None:
    card = measured(report, without)["gender"]
    assert list(card) == ["far (left out of training)", "all", "near", "far"]
    assert card["far (left out of training)"]["split"] == "trained without far"
    assert card["far"]["split"] == "5 speaker folds, pooled"


def test_strangers_come_first_however_the_reports_are_given() -> None:
    wanted = [without_corpus("near"), without_speakers("far"), folds(5)]
    for given in (wanted, wanted[::-1], [wanted[1], wanted[2], wanted[0]]):
        found = in_order([{"split": split} for split in given])
        assert [report["split"] for report in found] == wanted


def test_some_trainings_of_a_way_keep_its_place() -> None:
    some = some_of(["without far a", "without far b"], without_speakers("far"))
    assert some == "without far a, without far b of each speaker of far left out in turn"
    assert rank(some) == rank(without_speakers("far")) == 1
    assert some_of(["fold 0"], folds(5)) == "fold 0 of 5 speaker folds"
    assert rank("test; 3 of 9 speakers may have been heard in training") == 2
