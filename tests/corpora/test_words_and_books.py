"""Rules of FSDD, Speech Commands, LibriSpeech, the noise folder and the made voices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from voxtrait.corpora import Dropped, fsdd, librispeech, noise, speech_commands, synthetic

TONE = "a tone"
Plant = Callable[[dict[str, str]], Path]


def test_fsdd_a_speaker_outside_the_metadata_keeps_the_digit(plant: Plant) -> None:
    dropped = Dropped()
    (row,) = fsdd.read(plant({"recordings/8_zoe_0.wav": TONE}), dropped)
    assert row.labels == {"digit": "8"}
    assert dropped.labels == {"gender: speaker is not in FSDD's metadata": 1}


def test_fsdd_a_file_with_another_name_is_counted(plant: Plant) -> None:
    dropped = Dropped()
    tree = {"recordings/8_theo_0.wav": TONE, "recordings/take.wav": TONE, "recordings/a.txt": ""}
    assert len(list(fsdd.read(plant(tree), dropped))) == 1
    assert dropped.rows == {"name is not DIGIT_SPEAKER_TAKE (fsdd)": 1}


def test_speech_commands_background_noise_and_odd_names_are_counted(plant: Plant) -> None:
    dropped = Dropped()
    tree = {
        "six/aa_nohash_0.wav": TONE,
        "six/noname.wav": TONE,
        "_background_noise_/pink_noise.wav": TONE,
    }
    assert [row.labels for row in speech_commands.read(plant(tree), dropped)] == [{"digit": "6"}]
    assert dropped.rows == {
        "background noise, nobody speaks": 1,
        "name is not SPEAKER_nohash_TAKE (speech_commands)": 1,
    }


def test_librispeech_a_line_without_recording_and_a_reader_without_line_are_counted(
    plant: Plant,
) -> None:
    dropped = Dropped()
    tree = {
        "LibriSpeech/SPEAKERS.TXT": "84 | F | dev-clean | 8.02 | Christie Nowak\n",
        "LibriSpeech/dev-clean/84/2/84-2-0000.flac": TONE,
        "LibriSpeech/dev-clean/84/2/84-2.trans.txt": "84-2-0000 ONE\n84-2-0001 TWO\n",
        "LibriSpeech/dev-clean/99/2/99-2-0000.flac": TONE,
    }
    rows = list(librispeech.read(plant(tree), dropped))
    assert [row.labels for row in rows] == [{"gender": "female"}, {}]
    assert dropped.rows == {"no recording of this name": 1}
    assert dropped.labels == {"gender: reader is not in SPEAKERS.TXT": 1}


def test_noise_takes_of_one_recording_share_a_source(plant: Plant) -> None:
    tree = {
        "files.csv": "path,kind\nrain/1-22-A.wav,noise\nrain/1-22-B.wav,noise\nmusic/p.wav,music\n",
        "rain/1-22-A.wav": TONE,
        "rain/1-22-B.wav": TONE,
        "music/p.wav": TONE,
    }
    rows = list(noise.read(plant(tree)))
    assert [row.speaker_id for row in rows] == ["noise/rain/22", "noise/rain/22", "noise/music/p"]
    assert [row.kind for row in rows] == ["noise", "noise", "music"]


def test_sounds_of_ones_own_need_no_table(plant: Plant) -> None:
    tree = {
        "noise/fan.wav": TONE,
        "noise/rain/roof.wav": TONE,
        "Room/hall.flac": TONE,
        "speech/ann.wav": TONE,
        "loose.wav": TONE,
    }
    dropped = Dropped()
    rows = list(noise.read(plant(tree), dropped))
    assert [(row.kind, row.category, row.speaker_id, row.labels) for row in rows] == [
        ("room", "", "noise/Room/hall", {}),
        ("noise", "", "noise/noise/fan", {"digit": "not_a_digit"}),
        ("noise", "rain", "noise/noise/rain/roof", {"digit": "not_a_digit"}),
    ]
    assert dropped.rows == {"folder is none of noise, music, babble, room": 2}


def test_noise_of_an_unknown_kind_is_counted(plant: Plant) -> None:
    dropped = Dropped()
    tree = {"files.csv": "path,kind\na.wav,room\nb.wav,smell\n", "a.wav": TONE, "b.wav": TONE}
    assert [row.labels for row in noise.read(plant(tree), dropped)] == [{}]
    assert dropped.rows == {"kind 'smell' is none of noise, music, babble, room": 1}


def test_made_voices_are_read_as_their_table_lists_them(plant: Plant) -> None:
    """What a stopped run, or one of another seed, left there is no part of the corpus."""
    dropped = Dropped()
    tree = {
        "clips.csv": "path,word\nseven/en_s170_p50.flac,seven\nten/en_s1_p1.flac,ten\n",
        "seven/en_s170_p50.wav": TONE,  # converted since
        "seven/en_s171_p50.flac": TONE,
        "ten/en_s170_p50.flac": TONE,
    }
    rows = list(synthetic.read(plant(tree), dropped))
    assert [row.path.name for row in rows] == ["en_s170_p50.wav"]
    assert dropped.rows == {"recording is not in clips.csv": 2}
