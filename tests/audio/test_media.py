"""What only PyAV reads."""

from __future__ import annotations

import contextlib
import importlib.util
import struct
import warnings

import numpy as np
import pytest

from voxtrait import audio
from voxtrait.audio.flac import crc8
from voxtrait.errors import AudioOutOfBounds, MissingExtra, UnreadableAudio, VoxtraitError

CASES = {  # container, codec, sample format, what a message calls it
    "m4a": ("ipod", "aac", "fltp", "an m4a, mp4 or 3gp file"),
    "aac": ("adts", "aac", "fltp", "an AAC file"),
    "webm": ("webm", "libopus", "s16", "a webm or Matroska file"),
    "ogg flac": ("ogg", "flac", "s16", "an Ogg file of FLAC"),
    "wavpack": ("wv", "wavpack", "fltp", "a WavPack file"),
    "ac3": ("ac3", "ac3", "fltp", "an AC-3 file"),
    "avi": ("avi", "pcm_s16le", "s16", "an AVI film"),
    "alac": ("caf", "alac", "s16p", "a CAF file of encoding alac"),
}


@pytest.fixture(scope="session", params=CASES)
def case(request, long_sound, converted) -> tuple[str, bytes]:
    container, codec, form, _ = CASES[request.param]
    rate = 48_000 if codec in ("libopus", "ac3") else 16_000
    return request.param, converted(long_sound, container, codec, form, rate)


def test_other_formats_are_decoded_whole(case, long_sound):
    _, data = case
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        waveform, rate = audio.read(data)
    assert rate in (16_000, 48_000)
    assert abs(len(waveform) - len(long_sound)) <= 0.15 * rate
    levels = [np.std(part) for part in np.array_split(waveform, 24)]
    expected = [np.std(part) for part in np.array_split(long_sound, 24)]
    assert np.corrcoef(levels, expected)[0, 1] > 0.9


def test_a_flash_film_cut_short_says_what_is_missing(long_sound, converted):
    data = converted(long_sound, "flv", "libmp3lame", "fltp", 44_100)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert abs(len(audio.read(data)[0]) - len(long_sound)) <= 6600
    with pytest.warns(audio.AudioWarning, match=r"hold 2\.\d\d s, only"):
        audio.read(data[: len(data) // 2])


@pytest.mark.parametrize(("tracks", "said"), [(2, "another sound track"), (3, "2 more sound")])
def test_sound_tracks_that_are_not_listened_to_are_told(long_sound, converted, tracks, said):
    data = converted(long_sound, "matroska", "aac", "fltp", 16_000, tracks)
    with pytest.warns(audio.AudioWarning, match=f"{said}.*only the first was listened to"):
        waveform, rate = audio.read(data)
    assert abs(len(waveform) - len(long_sound)) <= 0.15 * rate


def test_without_pyav_the_extra_is_named(case, monkeypatch):
    name, data = case
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda n: None if n == "av" else found(n))
    with pytest.raises(MissingExtra, match=CASES[name][3]) as caught:
        audio.read(data)
    assert "pip install 'av>=" in caught.value.hint


def flac(values: list[int], bits: int) -> bytes:
    """A FLAC file of one frame that holds its samples as they are (RFC 9639)."""
    info = struct.pack(">HH6x", 4096, 4096)
    info += (16_000 << 44 | bits - 1 << 36 | len(values)).to_bytes(8, "big") + bytes(16)
    code = {12: 2, 20: 5, 32: 7}[bits]
    head = bytes([0xFF, 0xF8, 7 << 4 | 5, code << 1, 0]) + struct.pack(">H", len(values) - 1)
    packed = 0b00000010  # the head of a subframe whose samples follow as they are
    for value in values:
        packed = packed << bits | value % (1 << bits)
    spare = -len(values) * bits % 8
    body = (packed << spare).to_bytes(1 + (len(values) * bits + spare) // 8, "big")
    frame = head + bytes([crc8(head)]) + body
    crc = 0
    for byte in frame:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x8005) & 0xFFFF if crc & 0x8000 else crc << 1
    return b"fLaC\x80\0\0\x22" + info + frame + crc.to_bytes(2, "big")


@pytest.mark.parametrize("bits", [12, 20, 32])
def test_flac_of_a_depth_that_libsndfile_lacks_is_exact(bits):
    top = 1 << bits - 1
    values = [0, 1, -1, top // 2, -top, top - 1, *range(0, top, top // 500)]
    found, rate = audio.read(flac(values, bits))
    assert rate == 16_000
    np.testing.assert_allclose(found, np.float32(values) / np.float32(top), atol=1e-7)


def test_without_pyav_unknown_bytes_are_no_audio_and_the_hint_names_the_extra(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda n: None)
    with pytest.raises(UnreadableAudio, match="is not audio of a known format") as caught:
        audio.read(bytes(100))
    assert "pip install 'av>=" in caught.value.hint


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_file_cut_short_is_an_error_or_told(case, share):
    name, data = case
    cut = data[: int(len(data) * share)]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            waveform, rate = audio.read(cut)
        except VoxtraitError:
            return
    if name in ("aac", "wavpack"):  # nothing in these says how long they should be
        assert len(waveform) < 6 * rate
    else:
        assert {w.category for w in told} == {audio.AudioWarning}


def test_long_recordings_are_stopped_while_decoding(case):
    with pytest.raises(AudioOutOfBounds, match="longer than the allowed 1 s"):
        audio.read(case[1], max_seconds=1)


def test_playlists_are_never_followed(tmp_path, converted, sound):
    (tmp_path / "a.aac").write_bytes(converted(sound, "adts", "aac", "fltp"))
    target = tmp_path / "a.aac"
    for text in (f"#EXTM3U\n#EXTINF:1,\n{target}\n", f"ffconcat version 1.0\nfile '{target}'\n"):
        path = tmp_path / "list.wav"
        path.write_bytes(text.encode())
        with pytest.raises(UnreadableAudio, match="is text"):
            audio.read(path)
        with pytest.raises(UnreadableAudio, match="known format"):
            audio.read(text.encode() + bytes([0, 1, 2]))


def test_nothing_is_printed_about_damage(case, capfd):
    _, data = case
    damaged = bytearray(data)
    for place in range(len(data) // 3, len(data), 53):
        damaged[place] ^= 0x3C
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", audio.AudioWarning)
        with contextlib.suppress(VoxtraitError):
            audio.read(bytes(damaged))
    assert capfd.readouterr() == ("", "")


def test_more_channels_than_pyav_has_planes_are_read() -> None:
    """``to_ndarray`` of such a frame ends the process."""
    import av

    from voxtrait.audio.media import as_float

    packed = np.linspace(-1, 1, 16 * 480, dtype=np.float32)[None]
    frame = av.AudioFrame.from_ndarray(packed, format="flt", layout="hexadecagonal")
    frame.sample_rate = 48_000
    (planar,) = av.AudioResampler(format="fltp").resample(frame)
    assert planar.format.is_planar
    np.testing.assert_array_equal(as_float(planar), packed.reshape(480, 16))


@pytest.mark.parametrize("codec", ["wavpack", "tta"])
def test_a_damaged_block_with_a_checksum_is_no_sound_and_the_others_are(
    converted, long_sound, codec
) -> None:
    container, form = {"wavpack": ("wv", "fltp"), "tta": ("tta", "s16")}[codec]
    data = bytearray(converted(np.tile(long_sound, 3), container, codec, form))
    whole = len(audio.read(bytes(data))[0])
    place = len(data) // 12
    data[place : place + 20] = bytes(20)
    with pytest.warns(audio.AudioWarning, match="damaged|missing"):
        found, _ = audio.read(bytes(data))
    assert 0.7 * whole < len(found) < whole


def test_what_stands_in_an_aiff_header_of_packets_is_no_promise(sound, written) -> None:
    data = written(sound, "AIFF", "GSM610")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, rate = audio.read(data)
    assert abs(len(found) - len(sound)) <= 0.15 * rate
    with pytest.warns(audio.AudioWarning) as caught:
        audio.read(data[: len(data) * 2 // 3])
    assert any("cut short" in str(warning.message) for warning in caught)
