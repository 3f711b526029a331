from __future__ import annotations

import csv
import json
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from voxtrait.corpora import READERS

SCRIPT = "natural_words"
SYMBOLS = "ˈ.?!,ɹθtfwnzsvkxaeioʊɪʌɛiːɔəɚ"
VOICES = ("af_one", "bm_two", "jf_three")

needs_espeak = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
)


@pytest.fixture
def kokoro(script, tmp_path, monkeypatch):
    """A folder as `kokoro.py` fills it, and a network that hums and remembers what it is asked."""
    folder = tmp_path / "kokoro"
    (folder / "voices").mkdir(parents=True)
    (folder / "kokoro.onnx").write_bytes(b"a graph")
    symbols = {symbol: number for number, symbol in enumerate(SYMBOLS, start=1)}
    (folder / "vocab.json").write_text(json.dumps({"vocab": symbols}), encoding="utf-8")
    for number, voice in enumerate(VOICES, start=1):
        styles = np.full((510, 256), number, "<f4") + np.arange(510, dtype="<f4")[:, None] / 1000
        styles.tofile(folder / "voices" / f"{voice}.bin")
    asked = []

    def run(_, inputs):
        asked.append(inputs)
        hum = np.sin(np.arange(12_000) / 20).astype(np.float32)
        return (np.concatenate([np.zeros(9000, np.float32), 3 * hum, np.zeros(9000, np.float32)]),)

    monkeypatch.setattr(script, "start_session", lambda *a, **k: SimpleNamespace(run=run))
    script.kokoro.cache_clear()
    yield SimpleNamespace(folder=folder, asked=asked)
    script.kokoro.cache_clear()


def arguments(kokoro, output, *more):
    return ["--kokoro", str(kokoro.folder), "--output", str(output), *more]


@needs_espeak
def test_folders_hold_16_khz_words_and_a_table_of_them_that_the_corpus_reads(
    script, kokoro, tmp_path
):
    output = tmp_path / "words"
    assert script.main(arguments(kokoro, output, "--clips", "48")) == 0
    with (output / "clips.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["word"] for row in rows[::4]] == [*script.DIGITS, "zero", "one"]
    others = [row["word"] for row in rows if int(row["number"]) % 4]
    assert others == script.WORDS[:36]
    for row in rows:
        sound, rate = soundfile.read(output / row["path"])
        assert rate == 16_000
        assert sound.size / rate == pytest.approx(0.5 + 2 * 0.05, abs=0.01)
        assert np.abs(sound).max() == pytest.approx(float(row["peak"]), abs=0.01)
    read = {(row.word, row.labels["digit"]) for row in READERS["synthetic"](output)}
    assert {("zero", "0"), ("nine", "9"), ("tree", "not_a_digit")} <= read


@needs_espeak
def test_what_the_network_is_asked_is_what_the_table_says(script, kokoro, tmp_path):
    clip = script.Clip(7, "two", "two", "en-us", "af_one", "jf_three", 0.25, 0.75, "!", 1.25, 0.5)
    sound = script.Kokoro(kokoro.folder).say(clip)
    assert sound.dtype == np.int16
    (inputs,) = kokoro.asked
    letters = [SYMBOLS[token - 1] for token in inputs["tokens"][0, 1:-1]]
    assert "".join(letters).replace("ː", "").replace("ˈ", "")[0] == "t"
    assert letters[-1] == "!"
    assert inputs["tokens"][0, 0] == inputs["tokens"][0, -1] == 0
    assert inputs["speed"].tolist() == [1.25]
    style = inputs["style"][0] - (len(letters) - 1) / 1000  # there is one for each length
    assert style[:128] == pytest.approx(0.75 * 1 + 0.25 * 3)
    assert style[128:] == pytest.approx(0.25 * 1 + 0.75 * 3)


@needs_espeak
def test_a_second_run_makes_only_what_is_missing(script, kokoro, tmp_path):
    options = arguments(kokoro, tmp_path / "words", "--clips", "6")
    assert script.main(options) == 0
    clips = sorted((tmp_path / "words").rglob("*.flac"))
    before = [clip.read_bytes() for clip in clips]
    assert len(kokoro.asked) == len(clips) == 6
    clips[2].unlink()
    assert script.main(options) == 0
    assert len(kokoro.asked) == 7
    assert [clip.read_bytes() for clip in clips] == before


def test_a_clip_depends_on_the_seed_and_its_number_alone(script):
    clips = [script.drawn(number, 0, VOICES) for number in range(400)]
    assert clips[9] == script.drawn(9, 0, VOICES)
    assert clips[9] != script.drawn(9, 1, VOICES)
    assert len({clip.path for clip in clips}) == 400
    assert {clip.voice for clip in clips} == set(VOICES)
    for clip in clips:
        if clip.text == clip.word:
            assert clip.accent == {"a": "en-us", "b": "en-gb"}.get(clip.voice[0], clip.accent)
            assert clip.accent in ("en-us", "en-gb")
    english = [clip for clip in clips if {clip.voice, clip.second} <= {"af_one", "bm_two"}]
    assert 0.6 < len(english) / 400 < 0.9


def test_some_digits_are_said_as_other_languages_would_by_their_own_voices(script):
    clips = [script.drawn(number, 0, VOICES) for number in range(0, 4000, 4)]
    foreign = [clip for clip in clips if clip.text != clip.word]
    assert 0.2 < len(foreign) / 1000 < 0.4
    for clip in foreign:
        assert clip.text in script.FOREIGN[clip.accent].split()
        assert clip.voice == "jf_three" or clip.accent != "ja"
    assert {clip.accent for clip in foreign} == set(script.FOREIGN)


@needs_espeak
def test_words_are_pronounced_in_the_letters_that_kokoro_knows(script):
    assert script.pronounced("tree", "en-us") == "tɹˈiː"
    assert "r" in script.pronounced("sri", "es")
    assert "ä" not in script.pronounced("ワン", "ja")


def test_no_other_word_is_a_digit_and_none_comes_twice(script):
    near = script.NEAR_WORDS.split()
    assert not set(near) & {*script.DIGITS, *script.OTHERS, "won", "to", "too", "for", "ate"}
    assert len(set(near)) == len(near) > 80


def test_without_kokoro_or_espeak_the_exit_code_is_five_and_the_error_says_why(
    script, kokoro, tmp_path, monkeypatch, capsys
):
    missing = ["--kokoro", str(tmp_path / "none"), "--output", str(tmp_path / "words")]
    monkeypatch.setattr(script, "check_espeak", lambda: None)
    assert script.main(missing) == 5
    assert f"python recipes/kokoro.py --output {tmp_path / 'none'}" in capsys.readouterr().err
    (kokoro.folder / "vocab.json").unlink()
    assert script.main(arguments(kokoro, tmp_path / "words")) == 5
    assert "vocab.json cannot be read" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert script.main(arguments(kokoro, tmp_path / "words")) == 5
    assert "apt-get install espeak-ng" in capsys.readouterr().err
    assert not (tmp_path / "words").exists()
