"""The real recordings, where they are: counts as their README gives them."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from voxtrait.corpora import CORPUS_FOLDERS, READERS, Dropped, Manifest
from voxtrait.corpora.collection import collect
from voxtrait.corpora.splits import fold_of_speaker, folds


@pytest.fixture(scope="module")
def dropped() -> dict[str, Dropped]:
    return {name: Dropped() for name in CORPUS_FOLDERS}


@pytest.fixture(scope="module")
def everything(corpora: Path, dropped: dict[str, Dropped]) -> Manifest:
    """Every corpus of people; made voices lie where somebody made them."""
    roots = {
        name: [corpora / folder for folder in folders]
        for name, folders in CORPUS_FOLDERS.items()
        if name != "synthetic"
    }
    return collect(roots, dropped=dropped)


@pytest.mark.parametrize(
    ("folder", "clips", "speakers"),
    [
        ("common_voice", 1512, 1199),
        ("common_voice_1", 483, 0),
        ("librispeech", 93, 82),
        ("speech_commands", 2324, 1216),
        ("fsdd", 1300, 5),
        ("audiomnist", 233, 14),
        ("noise", 144, 0),
    ],
)
def test_clips_and_speakers_are_as_many_as_counted(
    corpora: Path, folder: str, clips: int, speakers: int
) -> None:
    (name,) = (name for name, folders in CORPUS_FOLDERS.items() if folder in folders)
    total = Manifest(READERS[name](corpora / folder)).describe().total
    assert (total.recordings, total.speakers) == (clips, speakers)


def test_every_listed_recording_is_there(everything: Manifest) -> None:
    everything.check_files()
    assert len({row.path for row in everything}) == len(everything) == 6089


def test_common_voice_speakers_by_age_and_gender(everything: Manifest) -> None:
    rows = [row for row in everything if row.corpus == "common_voice" and row.speaker_known]
    ages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        if "gender" in row.labels:
            ages[row.labels["gender"], row.labels["age"]].add(row.speaker_id)
    groups = ("teens", "20s", "30s", "40s", "50s", "60+")
    women = [len(ages["female", group]) for group in groups]
    men = [len(ages["male", group]) for group in groups]
    assert women == [31, 162, 71, 49, 26, 20]
    # One man wrote "fourties" in 6.1 and "fifties" in 13.0: he counts under both.
    assert men == [85, 197, 262, 116 + 1, 61, 36]
    assert len(ages["male", "40s"] & ages["male", "50s"]) == 1
    assert len({row.language for row in rows}) == 58


def test_version_1_clips_by_age_and_gender(everything: Manifest) -> None:
    counts = Counter(
        (row.labels["gender"], row.labels["age"])
        for row in everything
        if row.corpus == "common_voice" and not row.speaker_known
    )
    groups = ("teens", "20s", "30s", "40s", "50s", "60+")
    assert [counts["female", group] for group in groups] == [28, 30, 30, 35, 55, 36]
    assert [counts["male", group] for group in groups] == [60, 30, 30, 35, 55, 59]


def test_librispeech_has_40_women_and_42_men(everything: Manifest) -> None:
    gender = {r.speaker_id: r.labels["gender"] for r in everything if r.corpus == "librispeech"}
    assert Counter(gender.values()) == {"female": 40, "male": 42}


def test_speech_commands_speakers_by_digit(everything: Manifest) -> None:
    rows = [row for row in everything if row.corpus == "speech_commands"]
    says = Counter(digit for _, digit in {(r.speaker_id, r.labels["digit"]) for r in rows})
    assert [says[digit] for digit in "0123456789"] == [
        252,
        268,
        275,
        276,
        277,
        261,
        32,
        24,
        267,
        28,
    ]
    assert len({row.word for row in rows if row.labels["digit"] == "not_a_digit"}) == 25


def test_noise_by_kind(everything: Manifest) -> None:
    kinds = Counter(row.kind for row in everything if row.corpus == "noise")
    assert kinds == {"noise": 129, "room": 11, "music": 3, "babble": 1}


def test_what_is_left_out_is_counted(everything: Manifest, dropped: dict[str, Dropped]) -> None:
    # Transcripts name eight lines whose recordings are not among the selection.
    assert {name: d.rows for name, d in dropped.items() if d.rows} == {
        "librispeech": {"no recording of this name": 8}
    }
    assert dropped["common_voice"].labels == {
        "gender: 'other' has no label here": 32,
        "gender: 'non-binary' has no label here": 7,
        "gender: 'transgender' has no label here": 2,
    }


def test_folds_are_balanced_in_every_corpus_and_class(everything: Manifest) -> None:
    fold = fold_of_speaker(everything, 5)
    cells: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    for row in everything:
        if fold[row.speaker_id] >= 0:
            gender, age = row.labels.get("gender", ""), row.labels.get("age", "")
            cells[row.corpus, gender, age][row.speaker_id] = fold[row.speaker_id]
    for speakers in cells.values():
        sizes = Counter(speakers.values())
        assert max(sizes.values()) - min(sizes[i] for i in range(5)) <= 2
    for digit in "679":
        rare = {
            row.speaker_id
            for row in everything
            if row.corpus == "speech_commands" and row.labels["digit"] == digit
        }
        assert min(Counter(fold[speaker] for speaker in rare).values()) >= 3


def test_folds_share_no_speaker_and_keep_version_1_for_training(everything: Manifest) -> None:
    for split in folds(everything):
        parts = [{r.speaker_id for r in p} for p in (split.train, split.validation, split.test)]
        assert sum(map(len, parts)) == len(set.union(*parts))
        assert sum(not row.speaker_known for row in split.train) == 483
