from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from voxtrait.evaluation.report import build, measured, write


@pytest.fixture(scope="module")
def report(voices):
    noisy = [replace(v, condition="noise 10 dB") for v in voices]
    noisy[:20] = [
        replace(v, label={}, probabilities={}, unsure={}, error="NoSpeech") for v in noisy[:20]
    ]
    return build([*voices, *noisy], split="five speaker folds, pooled", draws=100)


def test_a_result_is_found_by_trait_corpus_condition_and_unit(report) -> None:
    found = [tuple(r[k] for k in ("trait", "corpus", "condition", "by")) for r in report["results"]]
    assert found == [
        ("gender", corpus, condition, by)
        for condition in ("clean", "noise 10 dB")
        for corpus in ("all", "near", "far")
        for by in ("clip", "speaker")
    ]


def test_every_result_says_how_many_speakers_and_has_an_interval(report) -> None:
    first = report["results"][0]
    assert (first["speakers"], first["clips"], first["refused"]) == (80, 400, 0)
    assert first["uar"]["low"] < first["uar"]["value"] < first["uar"]["high"]
    assert sum(map(sum, first["confusion"]["counts"])) == 400
    assert set(first["calibration"]["perfect"]) == {"mean", "high"}


def test_refusals_are_counted_beside_the_answers(report) -> None:
    noisy = next(r for r in report["results"] if r["condition"] == "noise 10 dB")
    assert (noisy["clips"], noisy["refused"]) == (380, 20)
    assert noisy["uar_with_refusals_wrong"]["value"] < noisy["uar"]["value"]
    cells = {(a["corpus"], a["condition"]): a["no_speech"] for a in report["answering"]}
    assert cells["near", "noise 10 dB"] + cells["far", "noise 10 dB"] == 20


def test_a_condition_is_compared_with_the_first(report) -> None:
    change = report["changes"][0]
    assert (change["condition"], change["against"]) == ("noise 10 dB", "clean")
    assert change["metric"] == "accuracy"
    assert -0.05 <= change["change"] < 0


def test_the_keys_of_the_report_stay_as_they_are(report) -> None:
    assert list(report) == [
        "schema", "split", "models", "machine", "corpora", "answering", "results", "changes",
        "groups", "worst_group",
    ]  # fmt: skip
    assert list(report["results"][0]) == [
        "trait", "corpus", "condition", "by", "clips", "speakers", "refused", "accuracy", "uar",
        "uar_with_refusals_wrong", "recall", "confusion", "calibration", "coverage_risk",
        "unsure_share", "error_among_sure",
    ]  # fmt: skip


def test_json_and_markdown_are_written_and_nothing_else(tmp_path: Path, report) -> None:
    paths = write(report, tmp_path / "new" / "folder")
    assert sorted(p.name for p in (tmp_path / "new" / "folder").iterdir()) == [
        "report.json",
        "report.md",
    ]
    assert json.loads(paths[0].read_text()) == report


def test_the_page_names_corpus_split_speakers_model_and_machine(tmp_path: Path, report) -> None:
    text = write(report, tmp_path)[1].read_text()
    assert text.startswith("# Evaluation of made-up-tiny\n")
    assert "Split: five speaker folds, pooled." in text
    assert "* near: 40 speakers, 200 clips" in text
    assert f"{report['machine']['cores']} cores" in text
    assert "perceived gender, as speakers or editors" in text
    assert "Under ten speakers, so only how many:" in text


def test_every_table_of_the_page_has_as_many_cells_in_each_row(tmp_path: Path, report) -> None:
    width = 0
    for line in write(report, tmp_path)[1].read_text().splitlines():
        cells = line.count("|")
        assert cells in ((width,) if width and cells else (cells,)), line
        width = cells


def test_a_trait_without_any_answer_has_counts_and_no_figures(row) -> None:
    found = build([row("age", "20s", None)], split="test", traits=["age"])
    assert found["results"][0]["refused"] == 1
    assert "uar" not in found["results"][0]
    assert found["worst_group"] == {"age": None}


def test_years_and_digits_have_figures_of_their_own(row, tmp_path: Path) -> None:
    rows = [
        row("age", "20s", {"20s": 1.0}, age=25, years=26.0, interval=(20.0, 30.0), speaker=str(i))
        for i in range(12)
    ]
    rows += [row("digit", str(i), {str(i): 1.0}) for i in range(10)]
    rows += [row("digit", "not_a_digit", {"not_a_digit": 1.0}, word="cat")]
    found = build(rows, split="test", median_years=30, draws=20)
    age = next(r for r in found["results"] if r["trait"] == "age" and r["by"] == "speaker")
    assert age["years"]["mae_ratio"]["value"] == pytest.approx(1 / 5)
    assert age["years"]["by_decade"][0]["bias"] == 1
    digit = next(r for r in found["results"] if r["trait"] == "digit")
    assert digit["digits"]["ten_digits"]["value"] == 1
    assert digit["digits"]["detection"]["words"] == {"cat": {"rate": 1.0, "clips": 1}}
    text = write(found, tmp_path)[1].read_text()
    assert "| ratio of the two | 0.200 (0.200 to 0.200) |" in text
    assert "Found by word: cat 100.0 %." in text


def test_what_a_card_says_is_taken_from_the_report(report) -> None:
    card = measured(report)
    near = next(r for r in report["results"] if r["corpus"] == "near")
    assert card["gender"]["near"]["uar"] == round(near["uar"]["value"], 4)
    assert card["gender"]["near"]["split"] == "five speaker folds, pooled"
    assert list(card["gender"]) == ["all", "near", "far"]


def test_noises_answered_under_other_conditions_each_are_not_compared(voices) -> None:
    noises = [
        replace(v, utterance=replace(v.utterance, kind="noise", corpus="noise")) for v in voices[:4]
    ]
    silent = {"label": {}, "probabilities": {}, "unsure": {}, "error": "NoSpeech"}
    clean = [replace(v, **silent) if i < 2 else v for i, v in enumerate(noises)]
    noisy = [v if i < 2 else replace(v, **silent) for i, v in enumerate(noises)]
    noisy = [replace(v, condition="noise 10 dB") for v in noisy]
    assert build([*clean, *noisy], split="test", draws=10)["changes"] == []
