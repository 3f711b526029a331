"""Formats are told by their content, whatever a file is called."""

from __future__ import annotations

import gzip
import io
import struct
import subprocess
import sys
import warnings
import zipfile

import numpy as np
import pytest
import soundfile

from voxtrait import audio
from voxtrait.errors import UnreadableAudio

FORMATS = [
    ("WAV", "PCM_16"),
    ("RF64", "PCM_24"),
    ("FLAC", "PCM_16"),
    ("MP3", "MPEG_LAYER_III"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    *(("AIFF", s) for s in ("PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32")),
    *(("AIFF", s) for s in ("FLOAT", "DOUBLE", "ALAW", "ULAW")),
    *(("AU", s) for s in ("PCM_S8", "PCM_16", "PCM_24", "PCM_32")),
    *(("AU", s) for s in ("FLOAT", "DOUBLE", "ALAW", "ULAW")),
    *(("CAF", s) for s in ("PCM_S8", "PCM_16", "PCM_24", "PCM_32")),
    *(("CAF", s) for s in ("FLOAT", "DOUBLE", "ALAW", "ULAW", "ALAC_16", "ALAC_24")),
]


@pytest.mark.parametrize(("kind", "subtype"), FORMATS)
@pytest.mark.parametrize("name", ["recording", "a.raw", "b.wav", "c.mp3", "d.ogg"])
def test_any_name_and_the_bytes_give_what_libsndfile_gives(
    long_sound, written, tmp_path, kind, subtype, name
):
    data = written(long_sound, kind, subtype)
    expected, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    path = tmp_path / name
    path.write_bytes(data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for source in (path, str(path), data, io.BytesIO(data)):
            waveform, found_rate = audio.read(source)
            assert (found_rate, waveform.dtype, waveform.ndim) == (rate, np.float32, 1)
            # libmpg123 rounds the last bit by how many samples it is asked for at a time.
            np.testing.assert_allclose(waveform, expected, atol=2e-7 if kind == "MP3" else 0)
            np.testing.assert_array_equal(waveform, audio.read(data)[0])
        assert audio.probe(path) == (len(expected) / rate, rate)


@pytest.mark.parametrize("endian", ["LITTLE", "BIG"])
@pytest.mark.parametrize(
    ("kind", "subtype"), [("AIFF", "PCM_24"), ("AU", "FLOAT"), ("CAF", "FLOAT")]
)
def test_either_byte_order_is_read(sound, written, kind, subtype, endian):
    data = written(sound, kind, subtype, endian=endian)
    np.testing.assert_allclose(audio.read(data)[0], sound, atol=2e-7)


@pytest.mark.parametrize(
    ("kind", "subtype"),
    [("AIFF", "PCM_16"), ("AIFF", "FLOAT"), ("AU", "PCM_16"), ("CAF", "PCM_16"), ("CAF", "ALAW")],
)
def test_a_file_cut_short_gives_its_part_and_a_warning(sound, written, kind, subtype):
    data = written(sound, kind, subtype)
    with pytest.warns(audio.AudioWarning, match=r"hold 0\.50 s, only .* are missing"):
        waveform, _ = audio.read(data[: 2 * len(data) // 3])
    whole = audio.read(data)[0]
    np.testing.assert_array_equal(waveform, whole[: len(waveform)])
    assert 0 < len(waveform) < len(whole)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_an_au_of_unknown_length_is_read_to_its_end(sound, written, size):
    data = written(sound, "AU", "PCM_16")
    streamed = data[:8] + struct.pack(">I", size) + data[12:]
    np.testing.assert_array_equal(audio.read(streamed)[0], audio.read(data)[0])


def test_a_caf_of_unknown_length_is_read_to_its_end(sound, written):
    data = written(sound, "CAF", "PCM_16")
    at = data.index(b"data") + 4
    streamed = data[:at] + b"\xff" * 8 + data[at + 8 :]
    np.testing.assert_array_equal(audio.read(streamed)[0], audio.read(data)[0])


@pytest.mark.parametrize("size", [0, 0x7FFFFFFF])
def test_an_aiff_of_unknown_length_is_read_to_its_end(sound, written, size):
    data = written(sound, "AIFF", "PCM_16")
    at = data.index(b"SSND") + 4
    frames = data.index(b"COMM") + 10
    streamed = data[:at] + struct.pack(">I", size) + data[at + 4 :]
    streamed = streamed[:frames] + bytes(4) + streamed[frames + 4 :]
    np.testing.assert_array_equal(audio.read(streamed)[0], audio.read(data)[0])


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "a")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "is a PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "is a JPEG image"),
        (b"%PDF-1.7\n" + bytes(100), "is a PDF document"),
        (zipped(), "is a ZIP archive"),
        (gzip.compress(b"sound", mtime=0), "is a gzip archive"),
        (b"Dear Sir or Madam,\nno sound.\n" * 50, "is text, not audio"),
        ("Grüße, 你好\n".encode() * 99, "is text, not audio"),
        (b"#EXTM3U\nhttp://example.org/a.ts\n", "is text, not audio"),
        (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(24), "is not audio of a known format"),
        (bytes(1000), "is not audio of a known format"),
        (b"R", "is text|is not audio"),
        (b"\0", "is not audio"),
        (b"RIFF", "is text|is not audio"),
    ],
)
def test_what_is_no_audio_is_called_by_its_name(data, words, tmp_path):
    path = tmp_path / "talk.wav"
    path.write_bytes(data)
    with pytest.raises(UnreadableAudio, match=words) as caught:
        audio.read(path)
    assert "talk.wav" in caught.value.message
    assert caught.value.hint
    assert "ffmpeg" not in caught.value.hint or "of a known format" in words


def test_sound_that_is_not_read_may_be_converted(tmp_path):
    with pytest.raises(UnreadableAudio, match="Wave64 file, which is not read") as caught:
        audio.read(b"riff\x2e\x91\xcf\x11" + bytes(99))
    assert "ffmpeg" in caught.value.hint


def test_random_bytes_are_refused():
    with pytest.raises(UnreadableAudio, match="is not audio of a known format"):
        audio.read(np.random.default_rng(3).bytes(200_000))


def test_suffixes_are_lower_case_and_hold_what_is_promised():
    assert {".wav", ".flac", ".mp3", ".ogg", ".opus", ".aiff", ".au", ".caf", ".m4a", ".webm"} <= (
        audio.AUDIO_SUFFIXES
    )
    assert all(s == s.lower() and s.startswith(".") for s in audio.AUDIO_SUFFIXES)


def test_decoders_are_imported_when_the_first_recording_needs_them():
    code = (
        "import sys; from voxtrait import audio; import struct;"
        "audio.read(struct.pack('<4sI4s4sIHHIIHH4sIh', b'RIFF', 38, b'WAVE', b'fmt ', 16, 1, 1,"
        " 8000, 16000, 2, 16, b'data', 2, 7));"
        "print({'av', 'soundfile', 'soxr', 'onnxruntime', 'torch'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"


@pytest.mark.parametrize(("kind", "subtype"), [("WAV", "PCM_16"), ("AIFF", "PCM_16")])
def test_a_tag_in_front_of_what_has_none_is_named(sound, written, kind, subtype):
    tag = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10)
    with pytest.raises(UnreadableAudio, match="ID3 tag in front of") as caught:
        audio.read(tag + written(sound, kind, subtype))
    assert "Take it off" in caught.value.hint
