"""Every reader of the table is held to the same promises; a new one needs no new test."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from voxtrait.corpora import CORPUS_FOLDERS, READERS, Dropped, Manifest, Utterance
from voxtrait.corpora.sheet import sheet_of
from voxtrait.errors import CorpusError

EXPECTED = {
    "audiomnist": [
        ("audiomnist/01", {"digit": "0", "gender": "male", "age": "30s"}, "zero", 30.0, "en"),
        ("audiomnist/12", {"digit": "7", "gender": "female", "age": "20s"}, "seven", 26.0, "en"),
    ],
    "common_voice": [
        ("common_voice/ab12", {"gender": "female", "age": "40s"}, "", 45.0, "en"),
        (
            "common_voice/unknown:cv-valid-dev/sample-000004",
            {"gender": "male", "age": "teens"},
            "",
            16.0,
            "en",
        ),
    ],
    "folders": [
        ("folders/ann", {"gender": "female"}, "", None, ""),
        ("folders/unknown:male/b.flac", {"gender": "male"}, "", None, ""),
    ],
    "fsdd": [
        ("fsdd/jackson", {"digit": "0", "gender": "male"}, "zero", None, "en"),
        ("fsdd/george", {"digit": "7", "gender": "male"}, "seven", None, "en"),
    ],
    "librispeech": [
        ("librispeech/84", {"gender": "female"}, "", None, "en"),
        ("librispeech/60", {"gender": "male"}, "", None, "en"),
    ],
    "noise": [
        ("noise/esc10_rain/17367", {"digit": "not_a_digit"}, "", None, ""),
        ("noise/hall/a", {}, "", None, ""),
    ],
    "speech_commands": [
        ("speech_commands/bb22", {"digit": "not_a_digit"}, "bed", None, "en"),
        ("speech_commands/aa11", {"digit": "7"}, "seven", None, "en"),
    ],
    "synthetic": [
        ("synthetic/unknown:en+f1_s170_p50", {"digit": "7"}, "seven", None, "en"),
        ("synthetic/unknown:en-us_s120_p30", {"digit": "not_a_digit"}, "tree", None, "en"),
    ],
    "table": [
        ("table/ann", {"gender": "female", "age": "30s"}, "", 33.0, ""),
        ("table/unknown:b.flac", {"gender": "male", "age": "60+"}, "", None, ""),
    ],
}


def rows_of(name: str, corpora: Path, dropped: Dropped | None = None) -> list[Utterance]:
    folders = CORPUS_FOLDERS.get(name, (name,))
    return [row for folder in folders for row in READERS[name](corpora / folder, dropped)]


@pytest.mark.parametrize("name", READERS)
def test_two_recordings_give_two_rows_with_all_that_is_known(
    name: str, fixture_corpora: Path
) -> None:
    dropped = Dropped()
    rows = rows_of(name, fixture_corpora, dropped)
    found = [(r.speaker_id, r.labels, r.word, r.age_years, r.language) for r in rows]
    assert found == EXPECTED[name]
    assert {row.corpus for row in rows} == {name}
    assert not dropped.rows
    Manifest(rows).check_files()


@pytest.mark.parametrize("name", READERS)
def test_a_second_reading_gives_the_same_rows_in_the_same_order(
    name: str, fixture_corpora: Path
) -> None:
    assert rows_of(name, fixture_corpora) == rows_of(name, fixture_corpora)


@pytest.mark.parametrize("name", READERS)
def test_a_missing_folder_is_named_with_a_hint(name: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nowhere") as raised:
        list(READERS[name](tmp_path / "nowhere"))
    assert raised.value.hint.endswith(".")


@pytest.mark.parametrize("name", READERS)
def test_an_empty_folder_is_an_error_with_a_hint(name: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=str(tmp_path)) as raised:
        list(READERS[name](tmp_path))
    assert raised.value.hint.endswith(".")


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("audiomnist", "data/audioMNIST_meta.txt"),
        ("common_voice", "cv-corpus-18.0/en/validated.tsv"),
        ("librispeech", "LibriSpeech/SPEAKERS.TXT"),
        ("noise", "files.csv"),
        ("table", "recordings.csv"),
    ],
)
def test_a_missing_table_is_an_error_with_a_hint(
    name: str, table: str, fixture_corpora: Path
) -> None:
    (fixture_corpora / name / table).unlink()
    with pytest.raises(CorpusError) as raised:
        list(READERS[name](fixture_corpora / name))
    assert len(raised.value.hint) > 10


@pytest.mark.parametrize("name", ["audiomnist", "common_voice", "librispeech", "noise", "table"])
def test_a_recording_that_is_gone_is_left_out(name: str, fixture_corpora: Path) -> None:
    before = rows_of(name, fixture_corpora)
    before[0].path.unlink()
    if name == "common_voice":  # its other recording is in a folder of its own
        with pytest.raises(CorpusError, match="No recording"):
            list(READERS[name](fixture_corpora / name))
    else:
        assert rows_of(name, fixture_corpora) == before[1:]


@pytest.mark.parametrize("name", ["common_voice", "noise", "table"])
def test_a_row_whose_recording_is_gone_is_counted(name: str, fixture_corpora: Path) -> None:
    rows_of(name, fixture_corpora)[0].path.unlink()
    dropped = Dropped()
    with pytest.raises(CorpusError) if name == "common_voice" else nullcontext():
        list(READERS[name](fixture_corpora / name, dropped))
    assert dropped.rows == {"no recording of this name": 1}
    assert dropped.examples["no recording of this name"].endswith(":2")


@pytest.mark.parametrize("name", READERS)
def test_a_data_sheet_tells_what_licence_layout_faults_and_cleaning(name: str) -> None:
    sheet = sheet_of(name)
    for heading in ("What", "Licence", "Layout", "Known faults", "Cleaning"):
        assert f"* **{heading}**: " in sheet.text
    assert sheet.licence.split()[0] in {"CC", "CC0,", "CC0;", "MIT", "yours"}


@pytest.mark.parametrize("name", READERS)
def test_a_folder_that_may_not_be_entered_is_an_error(
    name: str, fixture_corpora: Path, unprivileged: None
) -> None:
    before = Manifest(rows_of(name, fixture_corpora))
    fixture_corpora.chmod(0)
    try:
        with pytest.raises(CorpusError, match=r"may not be entered|cannot be read"):
            list(READERS[name](fixture_corpora / name))
        with pytest.raises(CorpusError, match="2 of 2 recordings"):
            before.check_files()
    finally:
        fixture_corpora.chmod(0o700)


def test_a_folder_that_may_not_be_listed_is_an_error(
    fixture_corpora: Path, unprivileged: None
) -> None:
    hidden = fixture_corpora / "common_voice" / "cv-corpus-18.0"
    hidden.chmod(0)
    try:
        with pytest.raises(CorpusError, match="cannot be listed"):
            list(READERS["common_voice"](hidden.parent))
    finally:
        hidden.chmod(0o700)
