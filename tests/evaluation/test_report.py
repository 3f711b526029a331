from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from voxtrait.evaluation.report import build, write


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
    for name in ("uar", "accuracy"):
        assert noisy[f"{name}_with_refusals_wrong"]["value"] < noisy[name]["value"]
    lost = noisy["recall"]["female"]
    assert lost["clips"] + lost["refused"] == 200
    assert lost["with_refusals_wrong"] == pytest.approx(lost["value"] * lost["clips"] / 200)
    # No answer is no sure one.
    assert noisy["sure_share"]["value"] == pytest.approx(
        (1 - noisy["unsure_share"]["value"]) * 380 / 400
    )
    cells = {(a["corpus"], a["condition"]): a["no_speech"] for a in report["answering"]}
    assert cells["near", "noise 10 dB"] + cells["far", "noise 10 dB"] == 20


def test_a_condition_is_compared_with_the_first(report) -> None:
    change = report["changes"][0]
    assert (change["condition"], change["against"]) == ("noise 10 dB", "clean")
    assert change["metric"] == "accuracy"
    assert -0.05 <= change["change"] < 0


def test_the_keys_of_the_report_stay_as_they_are(report) -> None:
    assert list(report) == [
        "schema", "split", "models", "machine", "corpora", "pools", "answering", "results",
        "changes", "groups", "worst_group",
    ]  # fmt: skip
    assert list(report["results"][0]) == [
        "trait", "corpus", "condition", "by", "clips", "speakers", "refused", "speakers_asked",
        "accuracy", "uar", "accuracy_with_refusals_wrong", "uar_with_refusals_wrong", "recall",
        "confusion", "calibration", "coverage_risk", "unsure_share", "sure_share",
        "error_among_sure",
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
    assert digit["digits"]["least_recall"] == {"label": "0", "value": 1.0}
    text = write(found, tmp_path)[1].read_text()
    assert "| ratio of the two | 0.200 (0.200 to 0.200) |" in text
    assert "Found by word: cat 100.0 %." in text


def test_the_page_counts_refusals_as_wrong_first_and_says_so(tmp_path: Path, report) -> None:
    text = write(report, tmp_path)[1].read_text()
    noisy = next(r for r in report["results"] if r["condition"] == "noise 10 dB")
    wrong, answered = noisy["uar_with_refusals_wrong"], noisy["uar"]["value"]
    line = next(x for x in text.splitlines() if "gender, all, noise 10 dB, by clip" in x)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1:4] == ["80", "400", "20"]
    assert cells[4].startswith(f"{wrong['value']:.3f} (")
    assert cells[6] == f"{answered:.3f}"
    below = text[text.index(line) : text.index("## Recordings without an answer")]
    assert "a *refused* clip, one that is" in below
    for column in ("UAR", "accuracy", "UAR of answers", "ECE", "Sure", "errors"):
        assert f"*{column}" in below


def test_noise_and_rooms_are_groups_too(report) -> None:
    cells = [g for g in report["groups"]["gender"] if "condition" in g["cell"]]
    assert [g["cell"] for g in cells] == [
        {"condition": "noise 10 dB"},
        {"gender": "female", "condition": "noise 10 dB"},
        {"gender": "male", "condition": "noise 10 dB"},
    ]
    assert (cells[0]["clips"], cells[0]["refused"]) == (400, 20)
    assert "condition" not in report["worst_group"]["gender"]["cell"]


@pytest.fixture
def words(row):
    """Digits and other words of two corpora, and sentences, which are easy, of a third."""
    rows = [row("digit", "3", {"3": 1.0}, corpus=c, word="three") for c in ("near", "far")] * 5
    rows += [
        row("digit", "not_a_digit", {"3": 1 - p, "not_a_digit": p}, corpus="near", word=word)
        for p, word in [(0.9, "cat"), (0.0, "dog"), (0.0, "tree"), (0.9, "tree")]
    ]
    return rows + [row("digit", "not_a_digit", {"not_a_digit": 1.0}, corpus="books")] * 20


def test_digits_lead_with_corpora_of_words_and_end_with_all(words, tmp_path: Path) -> None:
    found = build(words, split="test", draws=10)
    assert [r["corpus"] for r in found["results"]] == ["words", "near", "far", "books", "all"]
    assert found["pools"]["digit"] == {"words": ["far", "near"], "all": ["books", "far", "near"]}
    pooled = found["results"][0]
    assert (pooled["clips"], pooled["recall"]["3"]["clips"]) == (14, 10)
    text = write(found, tmp_path)[1].read_text()
    assert "*words*: the corpora of single words together (far, near)" in text
    assert "books hold no digit, so that it flatters." in text


def test_other_words_are_counted_without_sentences_and_apart_where_unheard(
    words, tmp_path: Path
) -> None:
    trees = [r.utterance.path for r in words if r.utterance.word == "tree"]
    found = build(words, split="test", unheard=trees, draws=10)
    by_corpus = {r["corpus"]: r["digits"]["detection"] for r in found["results"]}
    for name in ("words", "near", "all"):
        others, unheard = (by_corpus[name][key] for key in ("others", "unheard"))
        assert (others["value"], others["clips"], others["words"]) == (0.5, 4, 3)
        assert (unheard["value"], unheard["clips"], unheard["words"]) == (0.5, 2, 1)
    assert by_corpus["books"] is None
    assert by_corpus["far"]["others"] is None
    text = write(found, tmp_path)[1].read_text()
    assert re.search(r"never heard alone \| 50.0 % \(.* to .*\), 2 clips of 1 words \|", text)
    assert "| not known |" in write(build(words, split="test", draws=10), tmp_path)[1].read_text()


def test_noises_answered_under_other_conditions_each_are_not_compared(voices) -> None:
    noises = [
        replace(v, utterance=replace(v.utterance, kind="noise", corpus="noise")) for v in voices[:4]
    ]
    silent = {"label": {}, "probabilities": {}, "unsure": {}, "error": "NoSpeech"}
    clean = [replace(v, **silent) if i < 2 else v for i, v in enumerate(noises)]
    noisy = [v if i < 2 else replace(v, **silent) for i, v in enumerate(noises)]
    noisy = [replace(v, condition="noise 10 dB") for v in noisy]
    assert build([*clean, *noisy], split="test", draws=10)["changes"] == []
