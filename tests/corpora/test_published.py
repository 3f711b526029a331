from __future__ import annotations

from pathlib import Path

import pytest

from voxtrait.corpora import Manifest, Utterance
from voxtrait.corpora.published import published
from voxtrait.errors import SplitError

EVERYBODY = {f"audiomnist/{i:02d}" for i in range(1, 61)}


def whole_corpus() -> Manifest:
    return Manifest(Utterance(Path("a.wav"), "audiomnist", s) for s in sorted(EVERYBODY))


def test_the_digit_folds_test_each_of_sixty_speakers_once() -> None:
    folds = published("audiomnist", "digit")
    assert [len(f.train) for f in folds] == [36] * 5
    assert sorted(s for f in folds for s in f.test) == sorted(EVERYBODY)
    for fold in folds:
        assert fold.train | fold.validation | fold.test == EVERYBODY


def test_the_first_digit_fold_is_the_papers() -> None:
    fold = published("audiomnist", "digit")[0]
    assert {"audiomnist/28", "audiomnist/54", "audiomnist/43"} <= fold.train
    assert {"audiomnist/12", "audiomnist/50"} <= fold.validation
    assert {"audiomnist/26", "audiomnist/51"} <= fold.test


def test_the_gender_folds_hold_24_speakers_each_tested_once() -> None:
    folds = published("audiomnist", "gender")
    assert [(len(f.train), len(f.validation), len(f.test)) for f in folds] == [(12, 6, 6)] * 4
    assert len({s for f in folds for s in f.test}) == 24
    assert folds[0].validation == folds[3].test
    assert folds[2].validation == folds[1].test
    for fold in folds:
        assert len(fold.train | fold.validation | fold.test) == 24


def test_rows_of_speakers_outside_a_fold_are_in_no_part() -> None:
    split = published("audiomnist", "gender")[1].split(whole_corpus())
    assert {row.speaker_id for row in split.test} == {
        f"audiomnist/{i:02d}" for i in (36, 47, 56, 2, 44, 50)
    }
    assert (len(split.train), len(split.validation)) == (12, 6)


def test_a_fold_without_its_speakers_is_an_error() -> None:
    few = whole_corpus()[:1]
    with pytest.raises(SplitError, match="test speakers"):
        published("audiomnist", "digit")[0].split(few)


def test_folds_that_nobody_published_are_an_error() -> None:
    with pytest.raises(SplitError, match="No folds of fsdd for digit"):
        published("fsdd", "digit")
