"""Whole waveforms and streams of blocks: bounds, channels, levels."""

from __future__ import annotations

import struct
import sys
import threading
import tracemalloc
import warnings

import numpy as np
import pytest

from voxtrait import audio
from voxtrait.errors import AudioOutOfBounds, MissingRequirement, UnreadableAudio, UsageError

FORMATS = [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("MP3", None), ("OGG", "VORBIS")]


@pytest.mark.parametrize(("kind", "subtype"), FORMATS)
@pytest.mark.parametrize("block_seconds", [0.037, 1.0, 100.0])
def test_blocks_joined_are_the_whole(long_sound, written, kind, subtype, block_seconds):
    data = written(np.tile(long_sound, 4), kind, subtype)
    whole, rate = audio.read(data)
    with audio.open_stream(data, block_seconds=block_seconds) as stream:
        assert stream.sample_rate == rate
        blocks = list(stream)
    np.testing.assert_array_equal(np.concatenate(blocks), whole)
    size = round(block_seconds * rate)
    assert {len(block) for block in blocks[:-1]} <= {size}
    assert 0 < len(blocks[-1]) <= size
    pairs = list(audio.stream(data, block_seconds=block_seconds))
    np.testing.assert_array_equal(np.concatenate([block for block, _ in pairs]), whole)
    assert {found for _, found in pairs} == {rate}


def test_an_hour_never_sits_in_memory(tmp_path):
    path = tmp_path / "hour.wav"
    rate, seconds = 8000, 3600
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 0, b"WAVE", b"fmt ", 16, 1, 1, rate,
                         2 * rate, 2, 16, b"data", 2 * rate * seconds)  # fmt: skip
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + 2 * rate * seconds)
    tracemalloc.start()
    total = sum(len(block) for block, _ in audio.stream(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == rate * seconds
    assert peak < 30e6


def test_a_stream_left_early_closes_its_file(tmp_path, long_sound, written):
    path = tmp_path / "a.flac"
    path.write_bytes(written(np.tile(long_sound, 40), "WAV", "DOUBLE"))
    with audio.open_stream(path, block_seconds=0.1) as stream:
        next(iter(stream))
        file = stream._source.file
    assert file is not None
    assert file.closed


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "MP3", "OGG", "AIFF"])
def test_longer_than_allowed_is_refused(sound, written, kind):
    data = written(sound, kind)
    with pytest.raises(AudioOutOfBounds, match=r"longer than the allowed 0\.4 s"):
        audio.read(data, max_seconds=0.4)
    assert len(audio.read(data, max_seconds=float("inf"))[0]) >= 8000


def test_read_keeps_no_more_than_96_khz_would_have(riff):
    wave_file, chunk, wave_format = riff
    body = chunk(b"data", bytes(100_000))
    data = wave_file(chunk(b"fmt ", wave_format(rate=384_000, bits=8)), body)
    with pytest.raises(AudioOutOfBounds, match=r"more than 25\d\d\d samples"):
        audio.read(data, max_seconds=0.2656)
    assert sum(len(b) for b, _ in audio.stream(data, max_seconds=0.2656)) == 100_000


def test_channels_are_mixed_or_chosen(sound, written):
    parts = np.stack([sound, -sound, sound / 2], 1)
    data = written(parts, "WAV", "FLOAT")
    np.testing.assert_allclose(audio.read(data)[0], sound / 6, atol=1e-7)
    for number in range(3):
        np.testing.assert_array_equal(audio.read(data, channel=number)[0], parts[:, number])
    np.testing.assert_array_equal(audio.read(data, channel=np.int64(1))[0], -sound)


@pytest.mark.parametrize("read", [audio.read, lambda data: list(audio.stream(data))])
def test_channels_that_cancel_each_other_are_warned_of(sound, written, read):
    data = written(np.stack([sound, -sound], 1), "WAV", "FLOAT")
    with pytest.warns(audio.AudioWarning, match="cancel each other out; choose one"):
        read(data)
    assert audio.read(data, channel=0)[0].any()
    silent = written(np.zeros((800, 2)), "WAV", "FLOAT")
    assert not audio.read(silent)[0].any()  # without a warning


@pytest.mark.parametrize("channel", [3, -1, True, "left", 1.0, None])
def test_a_channel_that_is_not_there_is_a_wrong_call(sound, written, channel):
    data = written(np.stack([sound, sound, sound], 1), "WAV", "PCM_16")
    with pytest.raises(UsageError, match="channel"):
        audio.read(data, channel=channel)


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_bounds_that_make_no_sense_are_wrong_calls(sound, written, seconds):
    data = written(sound, "WAV")
    with pytest.raises(UsageError, match="max_seconds"):
        audio.read(data, max_seconds=seconds)
    with pytest.raises(UsageError, match="block_seconds"):
        audio.open_stream(data, block_seconds=seconds)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.nan, "not finite"),
        (np.inf, "not finite"),
        (-np.inf, "not finite"),
        (1e30, r"absurd samples of up to 1e\+30"),
        (12_345.0, "look scaled as 16-bit integers"),
        (-300.0, "look scaled as 16-bit integers"),
    ],
)
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_levels_that_no_sound_has_are_refused(sound, written, value, words, subtype):
    samples = sound.astype(np.float64)
    samples[5000] = value
    with pytest.raises(AudioOutOfBounds, match=words):
        audio.read(written(samples, "WAV", subtype))


def test_a_double_beyond_float32_is_refused(sound, written):
    with pytest.raises(AudioOutOfBounds, match="not finite"):
        audio.read(written(np.float64([0.0, 1e300]), "WAV", "DOUBLE"))


def test_a_little_over_full_scale_is_kept(sound, written):
    loud = 4 * sound
    assert np.abs(loud).max() > 1.2
    np.testing.assert_array_equal(audio.read(written(loud, "WAV", "FLOAT"))[0], loud)


def test_threads_read_side_by_side(long_sound, written):
    files = [written(long_sound, kind, subtype) for kind, subtype in FORMATS]
    expected = [audio.read(data)[0] for data in files]
    wrong: list[int] = []

    def work() -> None:
        for number, data in enumerate(files):
            if not np.array_equal(audio.read(data)[0], expected[number]):
                wrong.append(number)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_probe_believes_no_header_that_lies(sound, written):
    data = written(sound, "WAV", "PCM_16")
    assert audio.probe(data[:8044]) == (4000 / 16_000, 16_000)
    with pytest.raises(UnreadableAudio):
        audio.probe(b"no sound at all")


def test_a_soundfile_that_does_not_load_is_named(sound, written, monkeypatch):
    data = written(sound, "FLAC")
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(MissingRequirement, match="package soundfile does not load") as caught:
        audio.read(data)
    assert "install the system's" in caught.value.hint


def test_real_recordings_are_decoded_as_libsndfile_decodes_them_from_their_path(corpora):
    import soundfile

    patterns = ("speech_commands/*/*.flac", "librispeech/**/*.flac", "noise/**/*.opus",
                "common_voice/**/*.mp3", "common_voice_1/**/*.mp3", "fsdd/**/*.wav")  # fmt: skip
    for pattern in patterns:
        found = sorted(corpora.glob(pattern))
        assert found, pattern
        for path in found[:: len(found) // 3]:
            expected, rate = soundfile.read(path, dtype="float32")
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                waveform, found_rate = audio.read(path)
            assert found_rate == rate
            np.testing.assert_allclose(waveform, expected, atol=1e-5)
