"""Chunks that lie."""

from __future__ import annotations

import struct
import time

import numpy as np
import pytest

from voxtrait import audio
from voxtrait.errors import UnreadableAudio


@pytest.fixture
def samples() -> np.ndarray:
    return np.arange(-500, 500, dtype="<i2") * 30


def heard(data: bytes) -> np.ndarray:
    """What is read, as 16-bit integers again."""
    return (audio.read(data)[0] * 32768).astype("<i2")


def test_the_128_bytes_that_hang_libsndfile_are_refused_at_once(riff):
    wave_file, chunk, wave_format = riff
    trap = chunk(b"LIST", b"INFO" + struct.pack("<4sI", b"ZZZZ", 0xFFFFFFF8) + bytes(60), size=76)
    data = wave_file(chunk(b"fmt ", wave_format()), trap).ljust(128, b"\0")
    started = time.monotonic()
    with pytest.raises(UnreadableAudio, match="no data chunk"):
        audio.read(data)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("tag", [1, 0x31, 0x11, 0x02])
def test_a_wild_size_inside_a_list_is_never_followed(riff, samples, tag):
    wave_file, chunk, wave_format = riff
    trap = chunk(b"LIST", b"INFO" + struct.pack("<4sI", b"ZZZZ", 0xFFFFFFF8) + bytes(60))
    form = wave_format(tag, bits={1: 16, 2: 4, 0x11: 4, 0x31: 0}[tag], align=65 if tag > 2 else 2)
    form += struct.pack("<HH", 2, 320) if tag == 0x31 else b""
    data = wave_file(chunk(b"fmt ", form), trap, chunk(b"data", samples.tobytes()))
    if tag == 1:
        np.testing.assert_array_equal(heard(data), samples)
    elif tag == 0x31:
        assert len(audio.read(data)[0]) == 320 * 31  # the last block is filled up
    else:  # neither the block size nor the coefficients make sense
        with pytest.raises(UnreadableAudio):
            audio.read(data)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFDB])
def test_bytes_decide_where_the_size_is_a_placeholder(riff, samples, size):
    wave_file, chunk, wave_format = riff
    body = chunk(b"data", samples.tobytes(), size=size)
    data = wave_file(chunk(b"fmt ", wave_format()), body, size=size)
    np.testing.assert_array_equal(heard(data), samples)


def test_an_empty_data_chunk_before_other_chunks_is_empty(riff, samples):
    wave_file, chunk, wave_format = riff
    form, tail = chunk(b"fmt ", wave_format()), chunk(b"LIST", b"INFOISFT\4\0\0\0made")
    with pytest.raises(UnreadableAudio, match="holds no samples"):
        audio.read(wave_file(form, chunk(b"data", b""), tail))
    with_second = wave_file(form, chunk(b"data", b""), chunk(b"data", samples.tobytes()))
    np.testing.assert_array_equal(heard(with_second), samples)


def test_twenty_thousand_empty_chunks_are_stepped_over(riff, samples):
    wave_file, chunk, wave_format = riff
    body = chunk(b"data", samples.tobytes())
    data = wave_file(chunk(b"junk", b"") * 20_000, chunk(b"fmt ", wave_format()), body)
    np.testing.assert_array_equal(heard(data), samples)


def test_a_million_empty_data_chunks_are_refused_in_a_moment(riff):
    wave_file, chunk, wave_format = riff
    data = wave_file(chunk(b"fmt ", wave_format()), chunk(b"data", b"") * 1_000_000)
    started = time.monotonic()
    with pytest.raises(UnreadableAudio, match="more than 100000 chunks"):
        audio.read(data)
    assert time.monotonic() - started < 5


def test_several_data_chunks_are_joined(riff, samples):
    wave_file, chunk, wave_format = riff
    parts = [chunk(b"data", part.tobytes()) for part in np.array_split(samples, 3)]
    data = wave_file(chunk(b"fmt ", wave_format()), parts[0], chunk(b"junk", b"abc"), *parts[1:])
    np.testing.assert_array_equal(heard(data), samples)


@pytest.mark.parametrize("padded", [True, False])
def test_a_chunk_of_odd_size_may_lack_its_padding(riff, samples, padded):
    wave_file, chunk, wave_format = riff
    odd = chunk(b"note", b"odd", padded=padded)
    data = wave_file(chunk(b"fmt ", wave_format()), odd, chunk(b"data", samples.tobytes()))
    np.testing.assert_array_equal(heard(data), samples)


@pytest.mark.parametrize("magic", [b"RF64", b"BW64"])
@pytest.mark.parametrize("claimed", [2000, 0, 2**60])
def test_a_size_of_64_bits_is_taken_from_ds64_where_it_can_be(riff, samples, magic, claimed):
    wave_file, chunk, wave_format = riff
    long = chunk(b"ds64", struct.pack("<QQQI", 2**40, claimed, claimed // 2, 0))
    body = chunk(b"data", samples.tobytes(), size=0xFFFFFFFF)
    form = chunk(b"fmt ", wave_format())
    tail = chunk(b"LIST", b"INFO") if claimed == 2000 else b""
    data = wave_file(long, form, body, tail, magic=magic, size=0xFFFFFFFF)
    np.testing.assert_array_equal(heard(data), samples)


def test_an_rf64_cut_short_says_how_much_is_missing(riff, samples):
    wave_file, chunk, wave_format = riff
    long = chunk(b"ds64", struct.pack("<QQQI", 2**40, 32_000, 16_000, 0))
    body = chunk(b"data", samples.tobytes(), size=0xFFFFFFFF)
    data = wave_file(long, chunk(b"fmt ", wave_format()), body, magic=b"RF64")
    with pytest.warns(audio.AudioWarning, match=r"hold 1\.00 s, only 0\.06 s .* 0\.94 s are"):
        np.testing.assert_array_equal(heard(data), samples)


def test_a_list_with_a_wild_size_behind_the_sound_costs_nothing(riff, samples):
    wave_file, chunk, wave_format = riff
    tail = chunk(b"LIST", b"INFO", size=0xFFFFFFF0)
    data = wave_file(chunk(b"fmt ", wave_format()), chunk(b"data", samples.tobytes()), tail)
    np.testing.assert_array_equal(heard(data), samples)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda w, c, f: w(c(b"data", b"abcd")), "without a format"),
        (lambda w, c, f: w(c(b"fmt ", f())), "no data chunk"),
        (lambda w, c, f: w(c(b"LIST", b"", size=2**31)), "LIST chunk claims 2147483648 bytes"),
        (lambda w, c, f: w(c(b"fmt ", b"\1\0"), c(b"data", b"ab")), "chunk of 2 bytes"),
        (lambda w, c, f: w(), "no fmt chunk"),
    ],
)
def test_what_is_missing_is_named(riff, make, words):
    with pytest.raises(UnreadableAudio, match=words):
        audio.read(make(*riff))


@pytest.mark.parametrize("riff_size", [None, 0, 38])
def test_bytes_behind_the_sound_that_are_no_chunk_are_told_of(riff, samples, riff_size):
    wave_file, chunk, wave_format = riff
    body = chunk(b"data", samples.tobytes()[:200], size=200) + samples.tobytes()[200:]
    data = wave_file(chunk(b"fmt ", wave_format()), body, size=riff_size)
    with pytest.warns(audio.AudioWarning, match=r"1800 more bytes follow, enough for 0\.\d\d s"):
        np.testing.assert_array_equal(heard(data), samples[:100])


@pytest.mark.parametrize(
    "tail",
    [
        b"LIST" + struct.pack("<I", 90_000) + bytes(5000),  # hangs over the end
        b"_PMX" + struct.pack("<I", 6000) + b"<" * 6000,
        b"ID3\3" + b"\1" * 6000,
        bytes(6000),
    ],
)
def test_a_chunk_a_tag_and_padding_behind_the_sound_are_passed_over(riff, samples, tail):
    wave_file, chunk, wave_format = riff
    data = wave_file(chunk(b"fmt ", wave_format()), chunk(b"data", samples.tobytes()), tail)
    np.testing.assert_array_equal(heard(data), samples)
