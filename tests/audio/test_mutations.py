"""Whatever bytes come: an answer, a warning or an error of ours, soon, and in little memory."""

from __future__ import annotations

import time
import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voxtrait import audio
from voxtrait.errors import VoxtraitError

KINDS = {
    "wav": ("WAV", "PCM_16"),
    "wav float": ("WAV", "FLOAT"),
    "extensible": ("WAVEX", "PCM_24"),
    "rf64": ("RF64", "PCM_16"),
    "gsm": ("WAV", "GSM610"),
    "ima": ("WAV", "IMA_ADPCM"),
    "ms": ("WAV", "MS_ADPCM"),
    "flac": ("FLAC", "PCM_16"),
    "mp3": ("MP3", None),
    "vorbis": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "aiff": ("AIFF", "PCM_16"),
    "au": ("AU", "PCM_16"),
    "caf": ("CAF", "PCM_16"),
    "alac": ("CAF", "ALAC_16"),
}
MANY = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def try_to_read(data: bytes) -> None:
    started = time.monotonic()
    error: VoxtraitError | None = None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", audio.AudioWarning)
        try:
            waveform, rate = audio.read(data, max_seconds=60)
        except VoxtraitError as caught:
            error = caught
        else:
            assert 4000 <= rate <= 384_000
            assert np.isfinite(waveform).all()
            assert 0 < len(waveform) <= 60 * rate
        try:
            seconds, _ = audio.probe(data)
        except VoxtraitError as caught:
            error = caught
        else:
            assert 0 <= seconds < float("inf")
    assert error is None or (error.message.isprintable() and error.hint)
    assert time.monotonic() - started < 5


mutation = st.lists(
    st.tuples(
        st.sampled_from(["byte", "ones", "zeros", "cut", "double", "insert"]),
        st.floats(0, 1),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=4,
)


def mutate(data: bytes, steps: list[tuple[str, float, int]], *, head: bool) -> bytes:
    """The bytes with a few changes, in their first two hundred or anywhere."""
    for kind, place, value in steps:
        at = int(place * (min(len(data), 200) if head else len(data)))
        if kind == "byte":
            data = data[:at] + bytes([value]) + data[at + 1 :]
        elif kind in ("ones", "zeros"):
            fill = b"\xff" if kind == "ones" else b"\0"
            data = data[:at] + fill * 4 + data[at + 4 :]
        elif kind == "cut":
            data = data[: max(at, 1)]
        elif kind == "double":
            data = data + data[at : at + 4096]
        else:
            data = data[:at] + bytes([value]) * (value + 1) + data[at:]
    return data


@pytest.mark.parametrize("kind", KINDS)
def test_changed_headers_and_bodies_never_do_harm(kind, sound, written, capfd):
    original = written(sound[:4000], *KINDS[kind])
    try_to_read(original)

    @MANY
    @given(steps=mutation, head=st.booleans())
    def run(steps: list[tuple[str, float, int]], head: bool) -> None:
        try_to_read(mutate(original, steps, head=head))

    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6
    assert capfd.readouterr() == ("", "")


@MANY
@given(
    magic=st.sampled_from(
        [b"RIFF\0\0\0\0WAVE", b"RF64\xff\xff\xff\xffWAVEds64", b"fLaC\0\0\0\x22", b"OggS\0\2",
         b"FORM\0\0\0\0AIFFCOMM", b".snd\0\0\0\x18", b"caff\0\1\0\0desc", b"ID3\4\0\0\0\0\0\0",
         b"\xff\xfb\x90\0", b"\0\0\0\x18ftypM4A ", b"\x1a\x45\xdf\xa3", b""]
    ),
    rest=st.binary(max_size=600),
)  # fmt: skip
def test_a_known_beginning_before_any_bytes_never_does_harm(magic: bytes, rest: bytes):
    try_to_read(magic + rest)


@MANY
@given(
    chunks=st.lists(
        st.tuples(
            st.sampled_from([b"fmt ", b"data", b"LIST", b"fact", b"ds64", b"junk"]),
            st.sampled_from([0, 1, 16, 40, 0x7FFFFFFF, 0xFFFFFFF8, 0xFFFFFFFF])
            | st.integers(0, 99),
            st.binary(max_size=64),
        ),
        max_size=12,
    )
)
def test_any_chunks_in_any_order_never_do_harm(riff, chunks: list[tuple[bytes, int, bytes]]):
    wave_file, chunk, wave_format = riff
    body = [chunk(name, content, size) for name, size, content in chunks]
    try_to_read(wave_file(*body))
    try_to_read(wave_file(chunk(b"fmt ", wave_format()), *body))
    try_to_read(wave_file(chunk(b"fmt ", wave_format(0x11, bits=4, align=256)), *body))
