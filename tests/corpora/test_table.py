from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from voxtrait.corpora import Dropped
from voxtrait.corpora.table import read
from voxtrait.errors import CorpusError

TONE = "a tone"
Plant = Callable[[dict[str, str]], Path]


def test_columns_may_have_any_of_their_names_and_the_file_any_name(plant: Plant) -> None:
    root = plant(
        {
            "mine.csv": "\ufeffFile,Client_ID,Sex,Age_Group,Locale,Accents,Word\n"
            '"in, side/a.wav",ann,F,fourties,de,Wien,Seven\n',
            "in, side/a.flac": TONE,
        }
    )
    (row,) = read(root / "mine.csv")
    assert row.path == root / "in, side" / "a.flac"
    assert row.labels == {"gender": "female", "age": "40s", "digit": "7"}
    assert (row.word, row.language, row.accent) == ("seven", "de", "Wien")


@pytest.mark.parametrize(
    ("first", "message", "hint"),
    [
        ("path;speaker", "has no column path or", "separated by ';'"),
        ("path\tspeaker", "has no column path or", "separated by '\\t'"),
        ("name,speaker", "has no column path or", "these columns: name, speaker"),
        ("path,gender,Gender", "two columns named gender", "Rename one"),
    ],
)
def test_a_first_line_that_will_not_do_is_told_with_what_is_wrong(
    plant: Plant, first: str, message: str, hint: str
) -> None:
    root = plant({"mine.csv": f"{first}\na.wav,ann,m\n", "a.wav": TONE})
    with pytest.raises(CorpusError, match=message) as caught:
        list(read(root / "mine.csv"))
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("digit", "word", "labels"),
    [
        ("7", "", {"digit": "7"}),
        ("seven", "", {"digit": "7"}),
        ("not_a_digit", "tree", {"digit": "not_a_digit"}),
        ("", "tree", {"digit": "not_a_digit"}),
        ("", "", {}),
        ("17", "", {}),
    ],
)
def test_a_digit_is_taken_from_its_column_or_from_the_word(
    plant: Plant, digit: str, word: str, labels: dict[str, str]
) -> None:
    root = plant({"t.csv": f"path,digit,word\na.wav,{digit},{word}\n", "a.wav": TONE})
    dropped = Dropped()
    (row,) = read(root, dropped)
    assert row.labels == labels
    assert dropped.labels.total() == (digit == "17")


def test_contradictions_and_doubles_are_counted(plant: Plant) -> None:
    root = plant(
        {
            "t.csv": "path,speaker,gender\na.wav,ann,f\nb.wav,ann,m\na.wav,ann,f\n",
            "a.wav": TONE,
            "b.wav": TONE,
        }
    )
    dropped = Dropped()
    assert [row.labels for row in read(root, dropped)] == [{}, {}]
    assert dropped.rows == {"recording is already listed": 1}
    assert dropped.labels == {"gender: the speaker has both in other rows": 2}


def test_an_absolute_path_is_taken_as_it_is(plant: Plant) -> None:
    root = plant({"far/a.wav": TONE})
    table = plant({"near/t.csv": f"path\n{root / 'far' / 'a.wav'}\n"}) / "near" / "t.csv"
    (row,) = read(table)
    assert row.path == root / "far" / "a.wav"
    assert not row.speaker_known


def test_of_several_tables_none_is_guessed(plant: Plant) -> None:
    root = plant({"a.csv": "path\n", "b.csv": "path\n"})
    with pytest.raises(CorpusError, match="2 CSV tables"):
        list(read(root))


def test_the_file_that_a_row_names_is_taken_whatever_stands_beside_it(plant: Plant) -> None:
    root = plant(
        {
            "t.csv": "path,digit\na/take.wav,6\na/take.flac,3\na/take.ogg,5\n",
            "a/take.flac": TONE,
            "a/take.wav": TONE,
            "a/unnamed.flac": TONE,
            "a/unnamed.wav": TONE,
        }
    )
    dropped = Dropped()
    assert [(row.path.name, row.labels["digit"]) for row in read(root, dropped)] == [
        ("take.wav", "6"),
        ("take.flac", "3"),
    ]
    assert dropped.rows == {"recording is already listed": 1}


def test_a_row_without_a_recording_contradicts_nobody(plant: Plant) -> None:
    root = plant({"t.csv": "path,speaker,gender\na.wav,ann,f\ngone.wav,ann,m\n", "a.wav": TONE})
    assert [row.labels for row in read(root)] == [{"gender": "female"}]
