from __future__ import annotations

import csv
import re
import shutil

import numpy as np
import pytest
import soundfile

SCRIPT = "synthetic_digits"


def few(script, monkeypatch):
    """Two words and a handful of voices, one of which does not exist."""
    monkeypatch.setattr(script, "DIGITS", ("three", "seven"))
    monkeypatch.setattr(script, "OTHERS", ["tree"])
    monkeypatch.setattr(script, "ACCENTS", ["en", "en-us"])
    monkeypatch.setattr(script, "VARIANTS", ["f1", "no-such-variant"])
    monkeypatch.setattr(script, "FOREIGN_SHARE", 0.0)


needs_espeak = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
)


def test_without_espeak_the_exit_code_is_five_and_the_error_says_why(
    script, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert script.main(["--output", str(tmp_path / "out")]) == 5
    assert "apt-get install espeak-ng" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@needs_espeak
def test_an_unknown_variant_is_no_voice_of_its_own(script, monkeypatch):
    few(script, monkeypatch)
    assert script.distinct_voices() == ["en", "en+f1", "en-us", "en-us+f1"]


@needs_espeak
def test_folders_hold_16_khz_words_without_duplicates_and_a_table_of_them(
    script, tmp_path, monkeypatch
):
    few(script, monkeypatch)
    assert script.main(["--output", str(tmp_path), "--per-digit", "3", "--others", "2"]) == 0
    with (tmp_path / "clips.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["word"] for row in rows] == ["three"] * 3 + ["seven"] * 3 + ["tree"] * 2
    assert len({row["sha256"] for row in rows}) == 8
    assert {row["path"] for row in rows} == {
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.flac")
    }
    for row in rows:
        sound, rate = soundfile.read(tmp_path / row["path"])
        assert rate == 16_000
        assert 0.15 < sound.size / rate < 1.5
        assert 0.05 < np.abs(sound).max() <= 1


@needs_espeak
def test_a_second_run_makes_only_what_is_missing(script, tmp_path, monkeypatch):
    few(script, monkeypatch)
    options = ["--output", str(tmp_path), "--per-digit", "2", "--others", "1", "--seed", "4"]
    assert script.main(options) == 0
    clips = sorted(tmp_path.rglob("*.flac"))
    before = {clip: (clip.read_bytes(), clip.stat().st_mtime_ns) for clip in clips}
    clips[0].unlink()
    assert script.main(options) == 0
    assert sorted(tmp_path.rglob("*.flac")) == clips
    assert clips[0].read_bytes() == before[clips[0]][0]
    assert all(clip.stat().st_mtime_ns == before[clip][1] for clip in clips[1:])


def without_espeak(script, monkeypatch, sounds):
    """Words of so many samples, one of these lengths after the other, as espeak-ng would say."""
    few(script, monkeypatch)
    monkeypatch.setattr(script, "check_espeak", lambda: None)
    monkeypatch.setattr(script, "distinct_voices", lambda: ["en"])
    lengths = iter(sounds)
    monkeypatch.setattr(script, "spoken", lambda clip: np.full(next(lengths), 9000, np.int16))


def test_fewer_clips_than_asked_for_are_said(script, tmp_path, monkeypatch, capsys):
    without_espeak(script, monkeypatch, [4000, 4001, *[5000] * 40, 6000])
    options = ["--output", str(tmp_path), "--per-digit", "2", "--others", "1"]
    assert script.main(options) == 0
    said = capsys.readouterr().err
    assert "Only 4 of 5 clips" in said
    assert "seven (1 of 2)" in said
    assert "three" not in said


def test_an_output_that_cannot_be_written_is_five(script, tmp_path, monkeypatch, capsys):
    without_espeak(script, monkeypatch, [4000])
    (tmp_path / "out").write_bytes(b"")
    options = ["--per-digit", "1", "--others", "0"]
    assert script.main(["--output", str(tmp_path / "out"), *options]) == 5
    assert re.match(r"error: .*out/.* cannot be written: .*\nhint: ", capsys.readouterr().err)


def test_no_other_word_is_a_digit_and_none_comes_twice(script):
    assert not set(script.OTHERS) & {*script.DIGITS, "won", "to", "too", "for", "ate", "fore"}
    assert len(set(script.OTHERS)) == len(script.OTHERS) > 200
    assert {len(words.split()) for words in script.FOREIGN.values()} == {10}
