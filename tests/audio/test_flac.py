"""FLAC files whose headers lie."""

from __future__ import annotations

import time
import tracemalloc
import warnings

import numpy as np
import pytest

from voxtrait import audio
from voxtrait.audio import flac as flac_files
from voxtrait.audio.flac import crc8
from voxtrait.errors import AudioError, AudioOutOfBounds, UnreadableAudio, VoxtraitError


def with_count(data: bytes, frames: int) -> bytes:
    """The file with another number of samples in its header."""
    packed = int.from_bytes(data[18:26], "big") >> 36 << 36 | frames
    return data[:18] + packed.to_bytes(8, "big") + data[26:]


@pytest.fixture(scope="session")
def flac(long_sound, written) -> bytes:
    return written(long_sound, "FLAC", "PCM_16")


@pytest.mark.parametrize("claimed", [0, 1, 4096, 8192, 10_000])
def test_too_small_a_count_loses_nothing(flac, claimed):
    whole, _ = audio.read(flac)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, _ = audio.read(with_count(flac, claimed))
    np.testing.assert_array_equal(found, whole)


def test_the_largest_count_takes_no_memory_and_is_told(flac, long_sound):
    tracemalloc.start()
    with pytest.warns(audio.AudioWarning, match="4294967.30 s, only 6.00 s|hold .* only"):
        found, _ = audio.read(with_count(flac, 2**36 - 1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == len(long_sound)
    assert peak < 20e6


def test_the_count_is_right_without_decoding(flac, long_sound):
    assert audio.probe(with_count(flac, 0)) == (len(long_sound) / 16_000, 16_000)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("share", [0.3, 0.8])
def test_a_flac_cut_short_gives_the_part_before(flac, long_sound, known, share):
    cut = (flac if known else with_count(flac, 0))[: int(len(flac) * share)]
    with pytest.warns(audio.AudioWarning, match=r"hold .* s are missing"):
        found, _ = audio.read(cut)
    assert len(found) > 0.5 * share * len(long_sound)
    np.testing.assert_allclose(found, long_sound[: len(found)], atol=1e-4)


def test_damage_in_the_middle_is_told(flac):
    damaged = bytearray(flac)
    damaged[len(flac) // 2 : len(flac) // 2 + 64] = bytes(64)
    with pytest.warns(audio.AudioWarning, match="missing"):
        audio.read(bytes(damaged))


@pytest.mark.parametrize("subtype", ["PCM_S8", "PCM_16", "PCM_24"])
def test_every_depth_is_exact(sound, written, subtype):
    bits = {"PCM_S8": 8, "PCM_16": 16, "PCM_24": 24}[subtype]
    steps = np.round(sound * 2 ** (bits - 1)) / 2 ** (bits - 1)
    found, _ = audio.read(written(steps, "FLAC", subtype))
    np.testing.assert_allclose(found, steps, atol=2.0 ** (2 - bits) if bits == 8 else 1e-6)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"fLaC", "without its header"), (b"fLaC\x04" + bytes(60), "without its header")],
)
def test_a_header_without_its_numbers_is_refused(data, words):
    with pytest.raises(UnreadableAudio, match=words):
        audio.read(data)


def test_a_header_without_frames_is_refused(flac):
    with pytest.raises(UnreadableAudio, match="without sound"):
        audio.read(with_count(flac, 0)[:60])
    with pytest.raises(VoxtraitError):
        audio.read(flac[:60])


def test_a_bomb_is_stopped_in_little_memory_and_time(written):
    silence = written(np.zeros((48_000 * 60, 8), np.float32), "FLAC", "PCM_16", rate=48_000)
    assert len(silence) < 300_000  # for 92 MB of samples
    tracemalloc.start()
    started = time.monotonic()
    with pytest.raises(AudioOutOfBounds, match="longer than the allowed 5 s"):
        audio.read(silence, max_seconds=5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("known", [True, False])
def test_streams_one_behind_the_other_are_all_decoded(flac, long_sound, known):
    first = flac if known else with_count(flac, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, _ = audio.read(first + flac)
    np.testing.assert_allclose(found, np.tile(long_sound, 2), atol=1e-4)
    assert audio.probe(first + flac) == (2 * len(long_sound) / 16_000, 16_000)


def test_a_stream_in_the_metadata_is_not_decoded(flac, long_sound):
    block = bytes([2]) + (4 + len(flac)).to_bytes(3, "big") + b"test" + flac
    found, _ = audio.read(flac[:4] + bytes([0]) + flac[5:42] + block + flac[42:])
    assert len(found) == len(long_sound)


def bare(data: bytes) -> bytes:
    """The file without metadata but STREAMINFO, which so is the last block."""
    position, last = 42, data[4] & 0x80
    while not last:
        last = data[position] & 0x80
        position += 4 + int.from_bytes(data[position + 1 : position + 4], "big")
    return b"fLaC\x80" + data[5:42] + data[position:]


@pytest.mark.parametrize("chunk", range(64, 72))
def test_a_stream_is_found_wherever_it_stands(flac, long_sound, monkeypatch, chunk):
    monkeypatch.setattr(flac_files, "CHUNK", chunk)
    found, _ = audio.read(bare(flac) + bare(flac) + flac)
    assert len(found) == 3 * len(long_sound)


def test_too_many_streams_are_refused(flac, monkeypatch):
    monkeypatch.setattr(flac_files, "MAX_STREAMS", 2)
    assert len(audio.read(2 * flac)[0]) > 0
    with pytest.raises(UnreadableAudio, match="more than 2 FLAC recordings"):
        audio.read(3 * flac)


@pytest.mark.parametrize("length", [20, 42, 60])
def test_a_stream_that_breaks_off_at_once_costs_only_itself(flac, long_sound, length):
    with pytest.warns(audio.AudioWarning, match="1 of the 2 FLAC streams in it are damaged"):
        found, _ = audio.read(flac + with_count(flac, 0)[:length])
    assert len(found) == len(long_sound)


@pytest.mark.parametrize("marks", [flac_files.MARKS[0] + bytes(4), flac_files.MARKS[1]])
def test_heads_of_streams_without_any_stream_are_refused(marks):
    with pytest.raises(AudioError):
        audio.read(marks * 40)


def test_endless_metadata_is_no_endless_work(flac):
    start = time.perf_counter()
    with pytest.raises(AudioError):
        audio.read(flac_files.MARKS[0] + flac[8:42] + bytes(1 << 24))
    assert time.perf_counter() - start < 5


def test_streams_of_two_sample_rates_are_refused(flac):
    packed = int.from_bytes(flac[18:26], "big") & (1 << 44) - 1 | 8_000 << 44
    other = flac[:18] + packed.to_bytes(8, "big") + flac[26:]
    with pytest.raises(UnreadableAudio, match="chain of 2 recordings, of 16000 and 8000 Hz"):
        audio.read(flac + other)


def test_the_checksum_is_the_one_of_the_format():
    # The example of RFC 9639, appendix D.1: ff f8 69 18 00 00 bf, of which bf is the checksum.
    assert crc8(bytes.fromhex("fff869180000")) == 0xBF
