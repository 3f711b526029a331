from __future__ import annotations

from types import SimpleNamespace

import pytest

import write_model_tables

FOLDS = "5 speaker folds, pooled"
LEFT_OUT = "trained without far"
IN_TURN = "each speaker of fsdd left out in turn, pooled"


def figures(uar: float, split: str = FOLDS, **more: float) -> dict:
    return {"split": split, "speakers": 20, "uar": uar, "uar_95": [uar, uar], **more}


def shipped(**measured: dict) -> SimpleNamespace:
    return SimpleNamespace(name="made-up", size=1_000_000, card=SimpleNamespace(measured=measured))


STRANGERS = {
    "far (left out of training)": figures(0.1, LEFT_OUT),
    "fsdd (each speaker left out)": figures(0.2, IN_TURN),
    "words (left out of training)": figures(0.3, LEFT_OUT),
}


@pytest.mark.parametrize(
    ("corpora", "uar"),
    [
        # As `voxtrait.evaluation.pools` orders them: words, corpora that hold digits, others, all.
        ({"words": 0.8, "fsdd": 0.7, "books": 0.9, "all": 0.99}, "80.0%"),
        ({"fsdd": 0.7, "books": 0.9, "all": 0.99}, "70.0%"),
        ({"all": 0.99, "fsdd": 0.7, "books": 0.9}, "70.0%"),
        ({"fsdd": 0.7}, "70.0%"),
    ],
)
def test_of_digits_the_readme_shows_single_words_and_not_sentences_with_them(
    corpora: dict[str, float], uar: str
) -> None:
    digit = {**STRANGERS, **{name: figures(value) for name, value in corpora.items()}}
    head, _, row, *_ = "\n".join(write_model_tables.short_table([shipped(digit=digit)])).split("\n")
    assert "| digit among single words, UAR |" in head
    assert row.startswith(f"| `made-up` | 1.00 MB | {uar} (")


def test_of_voices_it_shows_all_corpora_together() -> None:
    gender = {**STRANGERS, "all": figures(0.9), "near": figures(0.8)}
    row = "\n".join(write_model_tables.short_table([shipped(gender=gender)]))
    assert "| `made-up` | 1.00 MB |  | 90.0% (" in row
    assert f"`made-up` 20 ({FOLDS})" in row


def test_a_corpus_left_out_never_stands_for_the_folds() -> None:
    text = "\n".join(write_model_tables.short_table([shipped(digit=STRANGERS)]))
    assert "| `made-up` |" not in text
    assert "`made-up` trained without far, tested on that corpus: digit 10.0% UAR (20" in text


@pytest.mark.parametrize(
    ("speakers", "clips", "cells"),
    [
        (10, 50, ["0 of 50", "80.0% (80.0% to 80.0%)", "90.0%", "", "0.010", "", ""]),
        (5, 1300, ["0 of 1300", "80.0%", "90.0%", "", "", "", ""]),
        (6, 6, ["0 of 6", "", "", "", "", "", ""]),
    ],
)
def test_few_speakers_have_no_interval_and_few_clips_of_them_no_figure(
    speakers: int, clips: int, cells: list[str]
) -> None:
    row = figures(0.8, clips=clips, refused=0, accuracy=0.9, ece=0.01) | {"speakers": speakers}
    assert write_model_tables.numbers(row) == cells
