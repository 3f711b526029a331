"""Ogg files: chains, holes, missing ends."""

from __future__ import annotations

import time
import warnings

import numpy as np
import pytest

from voxtrait import audio
from voxtrait.audio.ogg import find_links
from voxtrait.audio.opening import open_source
from voxtrait.errors import UnreadableAudio


@pytest.fixture(scope="session", params=["VORBIS", "OPUS"])
def ogg(request, long_sound, written) -> bytes:
    return written(long_sound, "OGG", request.param)


def pages_of(data: bytes) -> list[bytes]:
    starts = [i for i in range(len(data)) if data[i : i + 4] == b"OggS"]
    return [data[a:b] for a, b in zip(starts, [*starts[1:], len(data)], strict=True)]


def read_quietly(data: bytes) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return audio.read(data)[0]


def with_serial(data: bytes, serial: int) -> bytes:
    """The same stream under another serial number, its checksums made anew."""
    table = []
    for value in range(256):
        crc = value << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7) & 0xFFFFFFFF if crc & 1 << 31 else crc << 1
        table.append(crc)
    renamed = b""
    for page in pages_of(data):
        page = page[:14] + serial.to_bytes(4, "little") + page[18:22] + bytes(4) + page[26:]
        crc = 0
        for byte in page:
            crc = (crc << 8 & 0xFFFFFFFF) ^ table[crc >> 24 ^ byte]
        renamed += page[:22] + crc.to_bytes(4, "little") + page[26:]
    return renamed


def test_a_good_file_is_decoded_whole(ogg, long_sound):
    found = read_quietly(ogg)
    assert len(found) == len(long_sound)
    assert np.corrcoef(found, long_sound)[0, 1] > 0.8


def test_every_link_of_a_chain_is_decoded(ogg):
    once = read_quietly(ogg)
    chained = read_quietly(ogg + with_serial(ogg, 99) + with_serial(ogg, 100))
    np.testing.assert_array_equal(chained, np.concatenate([once, once, once]))
    assert audio.probe(ogg + with_serial(ogg, 99))[0] == 2 * len(once) / 16_000


def test_opus_that_does_not_say_its_rate_keeps_all_of_its_bands(long_sound, written):
    data = written(long_sound, "OGG", "OPUS")
    found, rate = audio.read(with_serial(data[:40] + bytes(4) + data[44:], 1))
    assert rate == 48_000
    assert abs(len(found) - 3 * len(long_sound)) < 1000


def test_a_chain_whose_rate_changes_is_refused(ogg, sound, written):
    other = with_serial(written(sound, "OGG", "VORBIS", rate=8000), 99)
    with pytest.raises(UnreadableAudio, match="a chain of 2 recordings, of 16000 and 8000 Hz"):
        audio.read(ogg + other)


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_an_ogg_cut_short_is_told(ogg, share, long_sound):
    with pytest.warns(audio.AudioWarning, match="no last Ogg page"):
        found, _ = audio.read(ogg[: int(len(ogg) * share)])
    assert 0 < len(found) < len(long_sound)


def test_missing_pages_are_told(ogg):
    pages = pages_of(ogg)
    assert len(pages) > 5
    with pytest.warns(audio.AudioWarning, match="Ogg pages are missing|s are missing"):
        audio.read(b"".join(pages[:4] + pages[5:]))


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_damaged_page_is_told(ogg, place):
    pages = pages_of(ogg)
    sound = [number for number, page in enumerate(pages) if page[6:14] != bytes(8)]
    bad = {"first": sound[0], "middle": sound[len(sound) // 2], "last": sound[-1]}[place]
    damaged = bytearray(pages[bad])
    damaged[-40] ^= 0xFF
    pages[bad] = bytes(damaged)
    with pytest.warns(audio.AudioWarning, match="missing|cut short"):
        audio.read(b"".join(pages))


@pytest.mark.parametrize("seed", range(40))
def test_a_changed_byte_is_told_wherever_it_is(ogg, seed):
    at = np.random.default_rng(seed).integers(len(ogg))
    changed = bytearray(ogg)
    changed[at] ^= 0x10
    with pytest.raises((audio.AudioWarning, UnreadableAudio)):
        read_quietly(bytes(changed))


def test_a_recording_whose_only_page_of_sound_is_damaged_is_refused(sound, written):
    data = bytearray(written(sound, "OGG", "VORBIS"))
    data[-40] ^= 0xFF
    with pytest.warns(audio.AudioWarning, match="cut short"), pytest.raises(UnreadableAudio):
        audio.read(bytes(data))


def test_a_first_page_that_is_damaged_leaves_no_recording(ogg):
    with pytest.raises(UnreadableAudio, match="without a whole first page"):
        audio.read(b"OggS" + bytes(10) + ogg[14:])


def test_garbage_between_pages_is_stepped_over(ogg):
    pages = pages_of(ogg)
    chain = find_links(open_source(b"".join([*pages[:3], b"x" * 1000, *pages[3:]])))
    assert (len(chain.links), chain.strays) == (1, 0)
    assert (chain.links[0].lost, chain.links[0].ended) == (0, True)


def test_a_page_that_is_not_whole_is_no_recording():
    with pytest.raises(UnreadableAudio, match="without a whole first page"):
        audio.read(b"OggS" + bytes(23))


def test_a_bomb_of_silence_is_stopped(written):
    from voxtrait.errors import AudioOutOfBounds

    silence = written(np.zeros(8000 * 600, np.float32), "OGG", "VORBIS", rate=8000)
    with pytest.raises(AudioOutOfBounds, match="longer than the allowed 20 s"):
        audio.read(silence, max_seconds=20)


@pytest.mark.parametrize("serials", [(1, 2), (1, 1)], ids=["two serials", "the same serial"])
@pytest.mark.parametrize("which", [0, 1])
def test_a_recording_of_a_chain_that_lost_its_first_page_is_told(ogg, serials, which) -> None:
    parts = [bytearray(with_serial(ogg, serial)) for serial in serials]
    parts[which][20] ^= 1  # of the number of its first page
    with pytest.warns(audio.AudioWarning, match="Ogg pages has no first one"):
        waveform, _ = audio.read(b"".join(map(bytes, parts)))
    assert len(waveform) == len(read_quietly(ogg))


def test_the_end_of_any_stream_is_looked_for(ogg) -> None:
    """A skeleton beside the sound ends before it."""
    first, *rest = pages_of(ogg)
    skeleton = with_serial(ogg, 7)
    beside, *_, last = pages_of(skeleton)
    whole = find_links(open_source(b"".join([beside, first, *rest, last])))
    cut = find_links(open_source(b"".join([beside, first, last, *rest[:-2]])))
    assert [len(link.streams) for link in whole.links] == [2]
    assert (whole.links[0].ended, cut.links[0].ended) == (True, False)


def test_what_only_looks_like_pages_is_refused_in_time() -> None:
    head = b"OggS\0\0" + bytes(20) + b"\xff" * 4
    began = time.process_time()
    with pytest.raises(UnreadableAudio, match="damaged, or a trap"):
        audio.read(head * (3_000_000 // len(head)))
    assert time.process_time() - began < 5
