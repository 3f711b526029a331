"""Sound behind what the header takes for its end: told, not read, never passed over in silence."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from voxtrait import audio

KINDS = {"WAV": b"data", "RF64": b"data", "AIFF": b"SSND", "AU": b".snd", "CAF": b"data"}
BESIDE = {"WAV": 0, "RF64": 0, "AIFF": 8, "AU": 0, "CAF": 4}  # bytes of the chunk before the sound


def whole(data: bytes) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return audio.read(data)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_of_files_written_one_behind_the_other_the_first_is_read_and_the_rest_told(
    kind, long_sound, written
):
    data = written(long_sound, kind, "PCM_16")
    seconds = len(data) / 32_000
    with pytest.warns(audio.AudioWarning, match=rf"enough for {seconds:.2f} s.*cut them apart"):
        found, _ = audio.read(data + data)
    np.testing.assert_array_equal(found, whole(data))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "RF64"])
def test_a_size_that_ends_within_the_sound_is_told(kind, long_sound, written):
    data = bytearray(written(long_sound, kind, "PCM_16"))
    at = data.index(KINDS[kind])
    order, width, place = ("little", 4, 4) if kind == "WAV" else ("big", 4, 4)
    if kind == "CAF":
        width = 8
    elif kind == "AU":
        place = 8
    size = 20_000 + BESIDE[kind]
    data[at + place : at + place + width] = size.to_bytes(width, order)
    if kind == "AIFF":
        frames = data.index(b"COMM") + 10
        data[frames : frames + 4] = (10_000).to_bytes(4, "big")
    with pytest.warns(audio.AudioWarning, match=r"more bytes follow, enough for 5\.\d\d s"):
        found, _ = audio.read(bytes(data))
    np.testing.assert_array_equal(found, whole(written(long_sound, kind, "PCM_16"))[:10_000])


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF])
def test_an_au_file_of_unknown_size_goes_up_to_its_end(size, long_sound, written):
    data = bytearray(written(long_sound, "AU", "PCM_16"))
    data[8:12] = size.to_bytes(4, "big")
    assert len(whole(bytes(data))) == len(long_sound)
