from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from voxtrait.corpora import Dropped
from voxtrait.corpora.audiomnist import read
from voxtrait.errors import CorpusError

TONE = "a tone"
Plant = Callable[[dict[str, str]], Path]
META = "data/audioMNIST_meta.txt"


def test_the_age_1234_is_dropped_and_the_rest_of_the_row_kept(plant: Plant) -> None:
    root = plant({META: '{"45": {"age": "1234", "gender": "male"}}', "data/45/3_45_7.wav": TONE})
    dropped = Dropped()
    (row,) = read(root, dropped)
    assert row.labels == {"digit": "3", "gender": "male"}
    assert row.age_years is None
    assert dropped.labels.total() == 1


def test_the_data_folder_itself_is_a_root(plant: Plant) -> None:
    root = plant({META: "{}", "data/45/3_45_7.wav": TONE})
    assert list(read(root / "data", Dropped())) == list(read(root, Dropped()))


def test_a_speaker_without_metadata_keeps_the_digit(plant: Plant) -> None:
    dropped = Dropped()
    (row,) = read(plant({META: "{}", "data/61/3_61_7.wav": TONE}), dropped)
    assert row.labels == {"digit": "3"}
    assert dropped.labels.total() == 1


def test_a_clip_in_another_speakers_folder_is_left_out(plant: Plant) -> None:
    tree = {META: "{}", "data/01/3_01_7.wav": TONE, "data/01/3_02_7.wav": TONE}
    dropped = Dropped()
    assert len(list(read(plant(tree), dropped))) == 1
    assert dropped.rows.total() == 1


def test_the_same_clip_with_two_suffixes_counts_once(plant: Plant) -> None:
    tree = {META: "{}", "data/01/3_01_7.wav": TONE, "data/01/3_01_7.flac": TONE}
    dropped = Dropped()
    assert [row.path.suffix for row in read(plant(tree), dropped)] == [".flac"]
    assert dropped.rows == {"the same recording with another suffix": 1}


@pytest.mark.parametrize("meta", ["{", "[]", '{"01": 3}'])
def test_a_broken_meta_file_is_named(plant: Plant, meta: str) -> None:
    with pytest.raises(CorpusError, match="audioMNIST_meta"):
        list(read(plant({META: meta, "data/01/3_01_7.wav": TONE})))
