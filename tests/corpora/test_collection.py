from __future__ import annotations

from pathlib import Path

import pytest

from voxtrait.corpora import CORPUS_FOLDERS, Dropped
from voxtrait.corpora.collection import collect, roots_of
from voxtrait.errors import CorpusError, UsageError


def test_every_corpus_below_a_folder_is_found_and_read(fixture_corpora: Path) -> None:
    roots = roots_of((), fixture_corpora, {})
    assert set(roots) == set(CORPUS_FOLDERS)
    assert len(roots["common_voice"]) == 2
    assert len(collect(roots)) == 2 * len(CORPUS_FOLDERS)


def test_a_root_of_its_own_wins(fixture_corpora: Path) -> None:
    elsewhere = fixture_corpora / "fsdd" / "recordings"
    roots = roots_of(
        ["fsdd", "table"], fixture_corpora, {"fsdd": [elsewhere], "table": [elsewhere]}
    )
    assert roots == {"fsdd": (elsewhere,), "table": (elsewhere,)}


def test_progress_tells_corpus_and_rows(fixture_corpora: Path) -> None:
    told: list[tuple[str, int]] = []
    roots = roots_of(["fsdd", "librispeech"], fixture_corpora, {})
    collect(roots, progress=lambda name, rows: told.append((name, rows)))
    assert told == [("fsdd", 1), ("fsdd", 2), ("librispeech", 3), ("librispeech", 4)]


def test_durations_are_looked_up_only_when_asked_for(fixture_corpora: Path) -> None:
    roots = roots_of(["fsdd"], fixture_corpora, {})
    assert [(row.duration, row.sample_rate) for row in collect(roots)] == [(0, 0), (0, 0)]
    probed = [(row.duration, row.sample_rate) for row in collect(roots, probe=True)]
    assert probed == [(pytest.approx(0.2), 8000)] * 2


def test_what_is_no_recording_is_dropped_when_looked_at(fixture_corpora: Path) -> None:
    (fixture_corpora / "fsdd/recordings/0_jackson_0.wav").write_text("no sound")
    dropped = {"fsdd": Dropped()}
    roots = roots_of(["fsdd"], fixture_corpora, {})
    (row,) = collect(roots, dropped=dropped, probe=True)
    assert row.speaker_id == "fsdd/george"
    assert dropped["fsdd"].rows.total() == 1


def test_a_name_that_no_reader_has_is_refused(fixture_corpora: Path) -> None:
    with pytest.raises(UsageError, match="'timit'"):
        roots_of(["timit"], fixture_corpora, {})
    with pytest.raises(UsageError, match="'timit'"):
        collect({"timit": [fixture_corpora]})


def test_a_corpus_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no folder fsdd"):
        roots_of(["fsdd"], tmp_path, {})
    with pytest.raises(CorpusError, match="No corpus was found"):
        roots_of((), tmp_path, {})
    with pytest.raises(UsageError, match="Nobody said where table lies"):
        roots_of(["table"], tmp_path, {})
