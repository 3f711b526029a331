from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from voxtrait.corpora import Dropped
from voxtrait.corpora.common_voice import read
from voxtrait.errors import CorpusError

TONE = "a tone"
Plant = Callable[[dict[str, str]], Path]
OLD = "client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccent\tlocale\tsegment\n"
NEW = "client_id\tpath\tsentence_id\tsentence\tage\tgender\taccents\tvariant\tlocale\tsegment\n"


def old(client: str, clip: str, age: str, gender: str, language: str = "en") -> str:
    return f"{client}\t{clip}\ttext\t2\t0\t{age}\t{gender}\tus\t{language}\t\n"


def new(client: str, clip: str, age: str, gender: str, language: str = "en") -> str:
    return f"{client}\t{clip}\t77\ttext\t{age}\t{gender}\tUnited States English\t\t{language}\t\n"


def test_a_speaker_of_two_releases_and_languages_is_one_and_each_row_keeps_its_age(
    plant: Plant,
) -> None:
    root = plant(
        {
            "cv-6.1/en/validated.tsv": OLD + old("ann", "en_1.mp3", "fourties", "female"),
            "cv-6.1/en/clips/en_1.mp3": TONE,
            "cv-13.0/fa/validated.tsv": NEW + new("ann", "fa_2.mp3", "fifties", "female", "fa"),
            "cv-13.0/fa/clips/fa_2.mp3": TONE,
        }
    )
    rows = list(read(root))
    assert {row.speaker_id for row in rows} == {"common_voice/ann"}
    assert [(r.language, r.age_years, r.accent) for r in rows] == [
        ("fa", 55, "United States English"),
        ("en", 45, "us"),
    ]


def test_a_speaker_with_both_genders_loses_the_label_everywhere_and_keeps_the_rows(
    plant: Plant,
) -> None:
    root = plant(
        {
            "cv-6.1/en/validated.tsv": OLD
            + old("ann", "1.mp3", "teens", "female")
            + old("bob", "2.mp3", "teens", "male"),
            "cv-6.1/en/clips/1.mp3": TONE,
            "cv-6.1/en/clips/2.mp3": TONE,
            "cv-18.0/en/validated.tsv": NEW + new("ann", "3.mp3", "teens", "male_masculine"),
            "cv-18.0/en/clips/3.mp3": TONE,
        }
    )
    dropped = Dropped()
    rows = {row.path.stem: row.labels for row in read(root, dropped)}
    assert rows == {
        "1": {"age": "teens"},
        "2": {"age": "teens", "gender": "male"},
        "3": {"age": "teens"},
    }
    assert dropped.labels == {"gender: the speaker has both in other rows": 2}


def test_a_clip_in_several_tables_and_releases_counts_once(plant: Plant) -> None:
    row = old("ann", "en_1.mp3", "teens", "female")
    root = plant(
        {
            "cv-6.1/en/validated.tsv": OLD + row,
            "cv-6.1/en/train.tsv": OLD + row,
            "cv-6.1/en/other.tsv": OLD + old("bob", "en_2.mp3", "", ""),
            "cv-6.1/en/invalidated.tsv": OLD + old("eve", "en_3.mp3", "", ""),
            "cv-6.1/en/clips/en_1.mp3": TONE,
            "cv-6.1/en/clips/en_2.mp3": TONE,
            "cv-6.1/en/clips/en_3.mp3": TONE,
            "cv-7.0/en/validated.tsv": OLD + row,
            "cv-7.0/en/clips/en_1.mp3": TONE,
        }
    )
    dropped = Dropped()
    assert [row.path.name for row in read(root, dropped)] == ["en_1.mp3", "en_2.mp3"]
    assert dropped.rows == {"clip is already listed": 2}


@pytest.mark.parametrize("inner", [".", "cv-6.1", "cv-6.1/en"])
def test_any_folder_above_the_table_is_a_root(plant: Plant, inner: str) -> None:
    root = plant(
        {
            "cv-6.1/en/validated.tsv": OLD + old("ann", "1.mp3", "teens", "female"),
            "cv-6.1/en/clips/1.mp3": TONE,
        }
    )
    assert [row.speaker_id for row in read(root / inner)] == ["common_voice/ann"]


def test_without_a_locale_column_the_folder_names_the_language(plant: Plant) -> None:
    root = plant(
        {
            "cv-2/kab/validated.tsv": "client_id\tpath\tage\tgender\nann\tclip\ttwenties\tmale\n",
            "cv-2/kab/clips/clip.wav": TONE,
        }
    )
    (row,) = read(root)
    assert (row.language, row.path.name) == ("kab", "clip.wav")


def test_version_1_has_unknown_speakers_even_where_clips_share_a_number(plant: Plant) -> None:
    head = "filename,text,up_votes,down_votes,age,gender,accent,duration\n"
    root = plant(
        {
            "cv-valid-dev.csv": f"{head}cv-valid-dev/sample-1.mp3,a,1,0,fourties,female,us,\n",
            "cv-valid-dev/sample-1.mp3": TONE,
            "cv-valid-train.csv": f'{head}cv-valid-train/sample-1.mp3,"a, b",1,0,,other,,\n',
            "cv-valid-train/sample-1.mp3": TONE,
        }
    )
    rows = list(read(root))
    assert len({row.speaker_id for row in rows}) == 2
    assert not any(row.speaker_known for row in rows)
    assert [(row.labels, row.language) for row in rows] == [
        ({}, "en"),
        ({"gender": "female", "age": "40s"}, "en"),
    ]


def test_a_path_that_leads_out_of_the_corpus_finds_only_a_clip_of_that_name(plant: Plant) -> None:
    root = plant(
        {
            "en/validated.tsv": OLD
            + old("ann", "../../secret.wav", "teens", "female")
            + old("bob", "1.mp3", "teens", "male"),
            "en/clips/1.mp3": TONE,
            "secret.wav": TONE,
        }
    )
    dropped = Dropped()
    assert [row.speaker_id for row in read(root, dropped)] == ["common_voice/bob"]
    assert dropped.rows == {"no recording of this name": 1}


def test_clips_without_a_table_beside_others_are_counted(plant: Plant) -> None:
    root = plant(
        {
            "en/validated.tsv": OLD + old("ann", "1.mp3", "teens", "female"),
            "en/clips/1.mp3": TONE,
            "de/clips/2.mp3": TONE,
        }
    )
    dropped = Dropped()
    assert len(list(read(root, dropped))) == 1
    assert dropped.rows == {"folder of clips without a table": 1}


def test_a_broken_line_is_counted_once(plant: Plant) -> None:
    table = OLD + "cut off\n" + old("ann", "1.mp3", "teens", "female")
    root = plant({"en/validated.tsv": table, "en/clips/1.mp3": TONE})
    dropped = Dropped()
    assert len(list(read(root, dropped))) == 1
    assert dropped.rows == {"row with too few cells": 1}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"client_id\tclip\n", "no column path or filename"),
        (b"", "no column path or filename"),
        (b"path\tage\n\xff\xfe\t1\n", "not a table of UTF-8"),
    ],
)
def test_a_table_that_is_none_is_named(plant: Plant, content: bytes, message: str) -> None:
    root = plant({"en/clips/1.mp3": TONE})
    (root / "en" / "validated.tsv").write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        list(read(root))


def test_contradictions_are_found_in_any_spelling_of_a_table(plant: Plant) -> None:
    root = plant(
        {
            "en/train.tsv": "client_id\tpath\tage\tsex\n"
            "ann\t1.mp3\ttwenties\tmale\n ann\t2.mp3\ttwenties\tfemale\n",
            "en/clips/1.mp3": TONE,
            "en/clips/2.mp3": TONE,
        }
    )
    dropped = Dropped()
    assert [row.labels for row in read(root, dropped)] == [{"age": "20s"}, {"age": "20s"}]
    assert dropped.labels == {"gender: the speaker has both in other rows": 2}
