from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from voxtrait.corpora import Dropped
from voxtrait.corpora.folders import read

TONE = "a tone"
Plant = Callable[[dict[str, str]], Path]


@pytest.mark.parametrize(
    ("label", "labels", "word", "years"),
    [
        ("7", {"digit": "7"}, "seven", None),
        ("seven", {"digit": "7"}, "seven", None),
        ("not_a_digit", {"digit": "not_a_digit"}, "", None),
        ("Female", {"gender": "female"}, "", None),
        ("m", {"gender": "male"}, "", None),
        ("fourties", {"age": "40s"}, "", 45),
        ("30s", {"age": "30s"}, "", 35),
        ("60+", {"age": "60+"}, "", None),
        ("42", {"age": "40s"}, "", 42),
    ],
)
def test_the_folder_is_the_label(
    plant: Plant, label: str, labels: dict[str, str], word: str, years: float | None
) -> None:
    (row,) = read(plant({f"{label}/a.wav": TONE}))
    assert (row.labels, row.word, row.age_years) == (labels, word, years)


def test_a_folder_in_the_folder_is_the_speaker(plant: Plant) -> None:
    root = plant({"male/bob/a.wav": TONE, "male/bob/more/b.wav": TONE, "male/c.wav": TONE})
    rows = {row.path.stem: row.speaker_id for row in read(root)}
    assert rows == {
        "a": "folders/bob",
        "b": "folders/bob",
        "c": "folders/unknown:male/c.wav",
    }


def test_links_upwards_and_in_circles_end_and_every_folder_is_read_once(plant: Plant) -> None:
    root = plant({"male/bob/a.wav": TONE})
    (root / "male/bob/up").symlink_to(root / "male")
    (root / "male/round").symlink_to(root / "male/round")
    (row,) = read(root)
    assert row.speaker_id == "folders/bob"


def test_other_folders_and_files_are_counted_and_hidden_ones_passed_over(plant: Plant) -> None:
    root = plant({"male/a.wav": TONE, "robots/b.wav": TONE, "c.wav": TONE, "male/.d.wav": "x"})
    dropped = Dropped()
    assert [row.path.stem for row in read(root, dropped)] == ["a"]
    assert dropped.rows == {"folder is no label": 2}


def test_a_speaker_under_both_genders_loses_the_label(plant: Plant) -> None:
    root = plant({"male/kim/a.wav": TONE, "female/kim/b.wav": TONE, "20s/kim/c.wav": TONE})
    dropped = Dropped()
    rows = {row.path.stem: row.labels for row in read(root, dropped)}
    assert rows == {"a": {}, "b": {}, "c": {"age": "20s"}}
    assert dropped.labels == {"gender: the speaker has both in other rows": 2}
