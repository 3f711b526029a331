"""MP3 files with tags, garbage, wrong headers and damage."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from voxtrait import audio
from voxtrait.audio.mpeg_frames import Form, find_runs, frame_header, id3_size
from voxtrait.audio.opening import open_source
from voxtrait.errors import UnreadableAudio


@pytest.fixture(scope="session")
def mp3(long_sound, written) -> bytes:
    return written(long_sound, "MP3", bitrate_mode="VARIABLE", compression_level=0.5)


def frames_of(data: bytes) -> list[bytes]:
    """The file's frames, its Xing frame first."""
    ((start, end),) = find_runs(open_source(data), [(0, len(data))])[0].spans
    frames = []
    while start < end:
        size = frame_header(data[start + 1], data[start + 2])[1]
        frames.append(data[start : start + size])
        start += size
    return frames


def read_quietly(data: bytes) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return audio.read(data)[0]


def test_an_mp3_with_its_header_lasts_exactly_as_long_as_the_sound(mp3, long_sound):
    found = read_quietly(mp3)
    assert len(found) == len(long_sound)
    assert np.corrcoef(found, long_sound)[0, 1] > 0.9
    assert audio.probe(mp3) == (len(long_sound) / 16_000, 16_000)


def test_without_its_xing_frame_no_sound_is_lost(mp3):
    frames = frames_of(mp3)[1:]
    assert len({len(frame) for frame in frames}) > 3  # of variable bit rate
    found = read_quietly(b"".join(frames))
    assert len(found) == 576 * len(frames)
    whole = read_quietly(mp3)
    delay = 1105  # of encoder and decoder, which only the Xing frame would tell
    np.testing.assert_allclose(found[delay : delay + len(whole)], whole, atol=1e-4)


@pytest.mark.parametrize("claimed", [1, 20, 60])
def test_a_xing_frame_that_counts_too_few_loses_nothing(mp3, claimed):
    at = mp3.find(b"Xing") if b"Xing" in mp3 else mp3.find(b"Info")
    lying = mp3[: at + 8] + claimed.to_bytes(4, "big") + mp3[at + 12 :]
    np.testing.assert_array_equal(read_quietly(lying), read_quietly(mp3))


def test_a_xing_frame_with_a_byte_changed_in_front_of_its_tag_loses_nothing(mp3):
    at = mp3.find(b"Xing") if b"Xing" in mp3 else mp3.find(b"Info")
    changed = mp3[: at - 3] + b"\x55" + mp3[at - 2 :]
    np.testing.assert_array_equal(read_quietly(changed), read_quietly(mp3))


def test_an_mp3_cut_short_says_how_much_is_missing(mp3, long_sound):
    with pytest.warns(audio.AudioWarning, match=r"hold 6\.\d\d s, only .* s are missing"):
        found, _ = audio.read(mp3[: len(mp3) // 2])
    assert 0.3 * len(long_sound) < len(found) < 0.7 * len(long_sound)


def test_an_mp3_without_header_cut_within_a_frame_says_so(mp3):
    data = b"".join(frames_of(mp3)[1:])
    with pytest.warns(audio.AudioWarning, match="within its last MP3 frame"):
        audio.read(data[:-20])


@pytest.mark.parametrize(
    "front",
    [
        b"garbage" * 1000,
        b"\0" * 5000,
        b"\xff" * 5000,
        b"ID3\4\0\0" + bytes([0, 0, 0x27, 0x10]) + b"\xff\xfb\x90" * 1000 + b"\0" * 2008,
        b"ID3\4\0\0" + bytes([0x7F, 0x7F, 0x7F, 0x7F]),
    ],
    ids=["garbage", "zeros", "ones", "a tag", "a tag of wild size"],
)
def test_tags_and_garbage_in_front_are_skipped_for_path_and_bytes_alike(mp3, front, tmp_path: Path):
    path = tmp_path / "song.dat"
    path.write_bytes(front + mp3)
    expected = read_quietly(mp3)
    np.testing.assert_array_equal(read_quietly(front + mp3), expected)
    np.testing.assert_array_equal(audio.read(path)[0], expected)


@pytest.mark.parametrize(
    "tail", [b"TAG" + b"a" * 125, b"APETAGEX" + b"\1" * 300, b"\0" * 4000], ids=["id3", "ape", "0"]
)
def test_tags_behind_the_sound_are_no_damage(mp3, tail):
    np.testing.assert_array_equal(read_quietly(mp3 + tail), read_quietly(mp3))


def test_two_files_joined_are_both_decoded(mp3):
    once, twice = read_quietly(mp3), read_quietly(mp3 + b"TAG" + b"a" * 125 + mp3)
    assert len(twice) >= 2 * len(once)
    np.testing.assert_allclose(twice[: len(once) - 2000], once[:-2000], atol=1e-4)


def test_a_change_of_sample_rate_is_an_error_that_says_where(mp3, long_sound, written):
    other = written(long_sound, "MP3", rate=24_000)
    with pytest.raises(UnreadableAudio, match=r"from 16000 to 24000 Hz after 6\.\d\d s"):
        audio.read(mp3 + other)


def test_a_change_from_mono_to_stereo_is_decoded(mp3, long_sound, written):
    stereo = written(np.stack([long_sound, long_sound], 1), "MP3")
    joined = read_quietly(mp3 + stereo)
    assert len(joined) >= 2 * len(long_sound)
    np.testing.assert_allclose(joined[-8000:], read_quietly(stereo)[-8000:], atol=1e-3)


def test_garbage_between_frames_is_told(mp3):
    frames = frames_of(mp3)
    middle = len(frames) // 2
    data = b"".join(frames[:middle]) + b"x" * 777 + b"".join(frames[middle:])
    with pytest.warns(audio.AudioWarning, match="777 bytes between MP3 frames"):
        found, _ = audio.read(data)
    assert len(found) == len(read_quietly(mp3))


def test_a_hole_however_large_is_told_and_what_follows_is_read(mp3):
    frames = frames_of(mp3)
    middle = len(frames) // 2
    data = b"".join(frames[:middle]) + bytes(2 << 20) + b"".join(frames[middle:])
    with pytest.warns(audio.AudioWarning, match="2097152 bytes between MP3 frames"):
        found, _ = audio.read(data)
    assert len(found) == len(read_quietly(mp3))


WILD = b"ID3\4\0\0" + bytes([0x7F, 0x7F, 0x7F, 0x7F])
TOO_LONG = b"ID3\4\0\0" + bytes([0, 1, 0, 7])  # half of the file


@pytest.mark.parametrize(
    "tag", [b"APETAGEX" + b"\1" * 1_500_000, WILD, TOO_LONG], ids=["large", "wild", "too long"]
)
def test_nothing_behind_a_tag_is_lost_whatever_size_it_claims(mp3, tag):
    once = len(read_quietly(mp3))
    assert len(read_quietly(mp3 + tag + mp3)) >= 2 * once
    if tag.startswith(b"ID3"):
        assert len(read_quietly(tag + mp3)) == once


def test_each_of_several_joined_files_promises_its_own_frames(mp3):
    frames = frames_of(mp3)
    third = b"".join(frames[: len(frames) // 3])
    for joined in (third + mp3, mp3 + third):
        with pytest.warns(audio.AudioWarning, match=r"hold 12\.\d\d s, only 8\.\d\d s"):
            audio.read(joined)


def test_what_a_fraunhofer_tag_promises_and_is_not_there_is_told(mp3):
    frames = frames_of(mp3)[1:]
    first = bytearray(max(frames, key=len))
    count = (len(frames) + 1).to_bytes(4, "big")
    first[4:] = bytes(len(first) - 4)
    first[36:54] = b"VBRI" + bytes(6) + len(mp3).to_bytes(4, "big") + count
    whole = bytes(first) + b"".join(frames)
    assert len(read_quietly(whole)) == 576 * (len(frames) + 1)
    with pytest.warns(audio.AudioWarning, match=r"hold 6\.\d\d s, only 3\.\d\d s"):
        audio.read(bytes(first) + b"".join(frames[: len(frames) // 2]))


def test_frames_damaged_beyond_sense_are_refused_and_nothing_is_printed(mp3, capfd):
    damaged = bytearray(mp3)
    for place in range(3000, len(damaged), 41):
        damaged[place] ^= 0x55
    with pytest.raises(UnreadableAudio, match="is damaged: it decodes to absurd samples"):
        audio.read(bytes(damaged))
    assert capfd.readouterr() == ("", "")


def test_a_wall_of_headers_without_frames_is_refused_in_a_moment():
    with pytest.raises(UnreadableAudio):
        audio.read(b"\xff\xfb\x90\0" * 500_000)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ((0xFB, 0x90), (Form(1, 3, 44_100, 1152), 417)),
        ((0xFB, 0x92), (Form(1, 3, 44_100, 1152), 418)),
        ((0xF3, 0x48), (Form(2, 3, 16_000, 576), 144)),
        ((0xE3, 0x48), (Form(25, 3, 8_000, 576), 288)),
        ((0xFD, 0xA4), (Form(1, 2, 48_000, 1152), 576)),
        ((0xFF, 0x14), (Form(1, 1, 48_000, 384), 32)),
        ((0xFB, 0xF0), None),
        ((0xFB, 0x00), None),
        ((0xFB, 0x9C), None),
        ((0xF9, 0x90), None),
        ((0xEB, 0x90), None),
    ],
)
def test_headers_of_frames_mean_what_the_standard_says(header, expected):
    assert frame_header(*header) == expected


def test_the_size_of_a_tag_has_seven_bits_a_byte():
    assert id3_size(b"ID3\4\0\0\0\0\1\1") == 139
    assert id3_size(b"ID3\4\0\x10\0\0\1\1") == 149
    assert id3_size(b"ID3\4\0\0\0\0\xff\1") == 0
