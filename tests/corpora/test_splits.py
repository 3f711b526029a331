from __future__ import annotations

import random
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from voxtrait.corpora import Manifest, Utterance
from voxtrait.corpora.splits import (
    Split,
    by_speaker,
    fold_of_speaker,
    folds,
    leaky,
    leave_corpus_out,
    leave_one_speaker_out,
)
from voxtrait.errors import SplitError

AGES = ("teens", "20s", "30s")


def voice(corpus: str, speaker: str, take: int = 0, **labels: str) -> Utterance:
    path = Path(f"{corpus}/{speaker}/{take}.wav")
    return Utterance(path, corpus, f"{corpus}/{speaker}", labels)


@pytest.fixture
def manifest() -> Manifest:
    """60 speakers of a corpus of sentences, 40 of a corpus of words, 10 noises, 5 unknown."""
    people = [
        voice(
            "common_voice",
            f"cv{i:02d}",
            take,
            gender="female" if i % 4 == 0 else "male",
            age=AGES[i % 3],
        )
        for i in range(60)
        for take in range(1 + i % 3)
    ]
    words = [
        voice("speech_commands", f"sc{i:02d}", digit=digit)
        for i in range(40)
        for digit in ("7" if i < 10 else "1", "not_a_digit", "0")
    ]
    noises = [
        Utterance(
            Path(f"{i}.ogg"), "noise", f"noise/rain/{i}", {"digit": "not_a_digit"}, kind="noise"
        )
        for i in range(10)
    ]
    unknown = [voice("common_voice", f"unknown:{i}", gender="male", age="20s") for i in range(5)]
    return Manifest([*people, *words, *noises, *unknown])


def speakers(rows: Manifest) -> set[str]:
    return {row.speaker_id for row in rows}


def known(rows: Manifest) -> set[str]:
    return {row.speaker_id for row in rows if row.speaker_known}


def assert_disjoint(split: Split) -> None:
    train, validation, test = map(speakers, (split.train, split.validation, split.test))
    assert not train & validation
    assert not train & test
    assert not validation & test
    assert speakers(split.validation) == known(split.validation)
    assert speakers(split.test) == known(split.test)


def test_a_split_shares_no_speaker_and_loses_no_row(manifest: Manifest) -> None:
    split = by_speaker(manifest)
    assert_disjoint(split)
    assert len(split.train) + len(split.validation) + len(split.test) == len(manifest)


def test_each_stratum_is_cut_at_the_shares(manifest: Manifest) -> None:
    split = by_speaker(manifest)
    # 15 women and 45 men in three age groups each: 5 and 15 speakers a stratum.
    for rows, share in ((split.validation, 0.1), (split.test, 0.1), (split.train, 0.8)):
        strata = Counter(
            (row.labels["gender"], row.labels["age"])
            for row in {r.speaker_id: r for r in rows if r.speaker_known}.values()
            if row.corpus == "common_voice"
        )
        for gender, size in (("female", 5), ("male", 15)):
            for age in AGES:
                assert abs(strata[gender, age] - share * size) <= 1


def test_the_rarest_digit_of_a_speaker_is_the_stratum(manifest: Manifest) -> None:
    fold = fold_of_speaker(manifest, 5)
    sevens = {row.speaker_id for row in manifest if row.labels.get("digit") == "7"}
    assert Counter(fold[speaker] for speaker in sevens) == dict.fromkeys(range(5), 2)


def test_folds_are_balanced_and_unknown_speakers_have_none(manifest: Manifest) -> None:
    fold = fold_of_speaker(manifest, 5)
    assert set(fold) == speakers(manifest)
    per_corpus: dict[str, Counter[int]] = defaultdict(Counter)
    for speaker, number in fold.items():
        per_corpus[speaker.partition("/")[0]][number] += 1
    assert per_corpus.pop("common_voice") == {-1: 5, **dict.fromkeys(range(5), 12)}
    assert per_corpus == {
        "speech_commands": dict.fromkeys(range(5), 8),
        "noise": dict.fromkeys(range(5), 2),
    }


@pytest.mark.parametrize("people", [2, 3, 5])
def test_a_corpus_of_few_speakers_is_spread_over_the_folds(manifest: Manifest, people: int) -> None:
    few = [voice("fsdd", f"{n}", take, digit="1") for n in range(people) for take in range(3)]
    fold = fold_of_speaker(Manifest([*manifest, *few]), 10)
    taken = sorted(fold[f"fsdd/{n}"] for n in range(people))
    gaps = [later - sooner for sooner, later in pairwise([*taken, taken[0] + 10])]
    assert min(gaps) == 10 // people


def test_the_order_of_rows_and_the_other_corpora_change_nothing(manifest: Manifest) -> None:
    fold = fold_of_speaker(manifest, 5)
    rows = list(manifest)
    random.Random(1).shuffle(rows)
    assert fold_of_speaker(Manifest(rows), 5) == fold
    alone = Manifest(row for row in manifest if row.corpus == "speech_commands")
    assert fold_of_speaker(alone, 5).items() <= fold.items()
    train = {row.path for row in by_speaker(manifest).train}
    assert {row.path for row in by_speaker(Manifest(rows)).train} == train


def test_folds_are_the_same_on_every_machine(manifest: Manifest) -> None:
    fold = fold_of_speaker(manifest, 5)
    told = [fold[f"common_voice/cv{i:02d}"] for i in range(12)]
    assert told == [2, 1, 3, 2, 3, 1, 2, 1, 2, 1, 4, 4]


def test_every_known_speaker_is_tested_once_and_the_next_fold_validates(
    manifest: Manifest,
) -> None:
    splits = folds(manifest, 5)
    tested = Counter(speaker for split in splits for speaker in speakers(split.test))
    assert tested == dict.fromkeys(known(manifest), 1)
    for split, following in zip(splits, splits[1:] + splits[:1], strict=True):
        assert_disjoint(split)
        assert split.validation == following.test
        assert len(split.train) + len(split.validation) + len(split.test) == len(manifest)


def test_two_folds_have_no_validation(manifest: Manifest) -> None:
    first, second = folds(manifest, 2)
    assert not first.validation
    assert known(first.train) == speakers(second.test)


@pytest.mark.parametrize("k", [0, 1, 111])
def test_folds_that_cannot_be_are_refused(manifest: Manifest, k: int) -> None:
    with pytest.raises(SplitError, match=f"110 known speakers cannot make {k} folds"):
        fold_of_speaker(manifest, k)


@pytest.mark.parametrize("shares", [(0.8, 0.1, 0.2), (1.2, -0.1, -0.1), (0.5, 0.5)])
def test_shares_that_are_none_are_refused(manifest: Manifest, shares: tuple[float, ...]) -> None:
    with pytest.raises(SplitError, match="not three parts of one"):
        by_speaker(manifest, shares)  # type: ignore[arg-type]


def test_too_few_speakers_are_refused() -> None:
    rows = Manifest([voice("fsdd", "theo", digit="1"), voice("fsdd", "jackson", digit="1")])
    with pytest.raises(SplitError, match="2 known speakers are too few"):
        by_speaker(rows)
    assert len(by_speaker(rows, (1.0, 0.0, 0.0)).train) == 2


def test_each_speaker_is_left_out_in_turn(manifest: Manifest) -> None:
    turns = dict(leave_one_speaker_out(manifest, "speech_commands"))
    assert set(turns) == {f"speech_commands/sc{i:02d}" for i in range(40)}
    for speaker, split in turns.items():
        assert_disjoint(split)
        assert speakers(split.test) == {speaker}
        assert len(split.train) + len(split.validation) + len(split.test) == len(manifest)


def test_leaving_one_out_needs_two(manifest: Manifest) -> None:
    with pytest.raises(SplitError, match="fsdd has 0 known speakers"):
        next(leave_one_speaker_out(manifest, "fsdd"))


def test_a_corpus_left_out_is_tested_whole_and_never_trained_on(manifest: Manifest) -> None:
    split = leave_corpus_out(manifest, "common_voice")
    assert_disjoint(split)
    assert {row.corpus for row in split.test} == {"common_voice"}
    assert len(split.test) == 120
    seen = {row.corpus for row in (*split.train, *split.validation)}
    assert seen == {"speech_commands", "noise"}


@pytest.mark.parametrize("corpus", ["fsdd", "common_voice"])
def test_a_corpus_that_is_missing_or_alone_cannot_be_left_out(
    manifest: Manifest, corpus: str
) -> None:
    alone = Manifest(row for row in manifest if row.corpus == "common_voice")
    with pytest.raises(SplitError, match=f"{corpus} cannot be left out"):
        leave_corpus_out(alone, corpus)


def test_the_leaky_split_shares_speakers_and_depends_on_its_seed(manifest: Manifest) -> None:
    split = leaky(manifest, seed=3)
    assert speakers(split.train) & speakers(split.test)
    assert len(split.test) == 25
    assert speakers(split.test) == known(split.test)
    assert leaky(manifest, seed=3) == split
    assert leaky(manifest, seed=4) != split
