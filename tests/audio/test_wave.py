"""Every encoding of WAVE files."""

from __future__ import annotations

import io
import struct
import warnings

import numpy as np
import pytest
import soundfile

from voxtrait import audio
from voxtrait.errors import AudioOutOfBounds, UnreadableAudio


@pytest.mark.parametrize("kind", ["WAV", "WAVEX", "RF64"])
@pytest.mark.parametrize(
    "subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAW", "ULAW"]
)
def test_uncompressed_encodings_are_read_as_libsndfile_reads_them(sound, written, kind, subtype):
    data = written(np.stack([sound, -sound / 3], 1), kind, subtype)
    expected, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    waveform, found_rate = audio.read(data, channel=1)
    assert found_rate == rate
    np.testing.assert_array_equal(waveform, expected[:, 1])


@pytest.mark.parametrize("subtype", ["GSM610", "IMA_ADPCM", "MS_ADPCM", "G721_32", "NMS_ADPCM_16"])
def test_compressed_encodings_are_decoded_whole(sound, written, subtype):
    data = written(sound, "WAV", subtype)
    waveform, _ = audio.read(data)
    # Some encoders fill up their last block of up to 1017 samples.
    assert len(sound) <= len(waveform) < len(sound) + 1024
    assert np.corrcoef(waveform[: len(sound)], sound)[0, 1] > 0.8


def test_mp3_in_a_wav_is_decoded_as_mp3(sound, written, riff):
    wave_file, chunk, wave_format = riff
    mp3 = written(sound, "MP3")
    data = wave_file(chunk(b"fmt ", wave_format(0x55, bits=0, align=1)), chunk(b"data", mp3))
    np.testing.assert_array_equal(audio.read(data)[0], audio.read(mp3)[0])


@pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize("order", ["<", ">"])
def test_integers_of_8_to_64_bits_of_either_byte_order_mean_the_same(width, order):
    values = [0.0, 0.5, -0.5, 0.25, -1.0]
    integers = [int(v * 2 ** (8 * width - 1)) for v in values]
    if width == 1:
        raw = bytes(i + 128 for i in integers)
    else:
        name = "little" if order == "<" else "big"
        raw = b"".join(i.to_bytes(width, name, signed=True) for i in integers)
    pack = struct.Struct(order + "4sI4s4sIHHIIHH4sI").pack
    magic = b"RIFF" if order == "<" else b"RIFX"
    head = pack(
        magic,
        0,
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        8000,
        8000 * width,
        width,
        8 * width,
        b"data",
        len(raw),
    )
    np.testing.assert_array_equal(audio.read(head + raw)[0], np.float32(values))


def test_twelve_bits_in_sixteen_are_scaled_by_the_sixteen(riff):
    wave_file, chunk, wave_format = riff
    form = wave_format(bits=12, align=2)
    data = wave_file(chunk(b"fmt ", form), chunk(b"data", struct.pack("<2h", 16384, -32768)))
    assert audio.read(data)[0].tolist() == [0.5, -1.0]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"align": 0}, "contradicts itself"),
        ({"align": 1}, "contradicts itself: 1 channels of 16 bits in frames of 1 bytes"),
        ({"bits": 0, "align": 2}, "contradicts itself"),
        ({"channels": 2, "align": 5}, "2 channels of 16 bits in frames of 5 bytes"),
        ({"tag": 3, "bits": 16}, "floats of 16 bits"),
    ],
)
def test_a_format_that_contradicts_itself_is_refused(riff, form, words):
    wave_file, chunk, wave_format = riff
    data = wave_file(chunk(b"fmt ", wave_format(**form)), chunk(b"data", bytes(60)))
    with pytest.raises(UnreadableAudio, match=words):
        audio.read(data)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"rate": 1}, "sample rate of 1 Hz; 4000 to 384000"),
        ({"rate": 2**31 - 1}, r"sample rate of 2\.14748e\+09 Hz"),
        ({"channels": 0, "align": 2}, "0 channels; 1 to 32"),
        ({"channels": 1024}, "1024 channels; 1 to 32"),
    ],
)
def test_rates_and_channels_out_of_range_are_refused(riff, form, words):
    wave_file, chunk, wave_format = riff
    data = wave_file(chunk(b"fmt ", wave_format(**form)), chunk(b"data", bytes(4096)))
    with pytest.raises(AudioOutOfBounds, match=words):
        audio.read(data)


@pytest.mark.parametrize("subtype", ["PCM_16", "GSM610", "IMA_ADPCM"])
def test_a_wav_cut_short_gives_its_part_and_a_warning(sound, written, subtype):
    data = written(sound, "WAV", subtype)
    with pytest.warns(audio.AudioWarning, match=r"are missing|cut short"):
        waveform, _ = audio.read(data[: len(data) // 2])
    assert 0.4 * len(sound) < len(waveform) < 0.6 * len(sound)


def test_one_sample_is_a_recording_and_none_is_not(riff):
    wave_file, chunk, wave_format = riff
    one = wave_file(chunk(b"fmt ", wave_format()), chunk(b"data", struct.pack("<h", 8192)))
    assert audio.read(one)[0].tolist() == [0.25]
    with pytest.raises(UnreadableAudio, match="holds no samples"):
        audio.read(one[:-2])
    with pytest.raises(UnreadableAudio, match="holds no samples"):
        audio.read(wave_file(chunk(b"fmt ", wave_format()), chunk(b"data", b"")))


def test_a_good_wav_is_read_without_a_word(sound, written):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        waveform, _ = audio.read(written(sound, "WAV", "FLOAT"))
    np.testing.assert_array_equal(waveform, sound)


def test_a_warning_shows_the_line_that_asked_for_the_recording(sound, written):
    data = written(sound, "WAV", "PCM_16")
    with pytest.warns(audio.AudioWarning, match="are missing") as caught:
        audio.read(data[: len(data) // 2])
    assert {warning.filename for warning in caught} == {__file__}
