"""Sounds, and files made of them byte by byte."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

RATE = 16_000
Sound = NDArray[np.float32]


@pytest.fixture(scope="session")
def sound() -> Sound:
    """Half a second of two tones that swell, then noise: every part differs from every other."""
    time = np.arange(RATE // 2) / RATE
    tones = np.sin(2 * np.pi * 220 * time) + np.sin(2 * np.pi * 1234 * time**1.1)
    noise = np.random.default_rng(7).standard_normal(len(time)) * (time > 0.3)
    return (0.2 * time / time[-1] * (tones + noise)).astype(np.float32)


@pytest.fixture(scope="session")
def long_sound(sound: Sound) -> Sound:
    """Six seconds, so that a file of it has many frames and pages."""
    return np.concatenate([sound, np.zeros_like(sound), sound[::-1]] * 4)


@pytest.fixture(scope="session")
def written() -> Callable[..., bytes]:
    """A file as soundfile writes it: ``written(sound, format, subtype, rate=..., **more)``."""

    def write(samples: Sound, kind: str, subtype: str | None = None, **more: object) -> bytes:
        file = io.BytesIO()
        rate = more.pop("rate", RATE)
        channels = 1 if samples.ndim == 1 else samples.shape[1]
        with soundfile.SoundFile(
            file, "w", rate, channels, subtype=subtype, format=kind, **more
        ) as output:
            # All at once, libsndfile's Vorbis encoder overflows its stack after some minutes.
            for start in range(0, len(samples), 1 << 18):
                output.write(samples[start : start + (1 << 18)])
        return file.getvalue()

    return write


@pytest.fixture(scope="session")
def converted() -> Callable[..., bytes]:
    """A file as ffmpeg writes it, by PyAV: ``converted(sound, container, codec, format)``.

    With ``tracks`` the sound is in it so many times.
    """
    import av

    def convert(
        samples: Sound, container: str, codec: str, form: str, rate: int = RATE, tracks: int = 1
    ) -> bytes:
        file = io.BytesIO()
        kind = {"s16": np.int16, "s32": np.int32, "flt": np.float32}[form.removesuffix("p")]
        scale = 1 if form.startswith("flt") else np.iinfo(kind).max
        values = (samples * scale).astype(kind)[None]
        with av.open(file, "w", format=container) as output:
            streams = [output.add_stream(codec, rate=rate, layout="mono") for _ in range(tracks)]
            for stream in streams:
                stream.codec_context.format = form
            for stream in streams:
                frame = av.AudioFrame.from_ndarray(values, format=form, layout="mono")
                frame.sample_rate = rate
                size = stream.codec_context.frame_size or 0
                resampler = av.AudioResampler(form, "mono", rate, size)
                for piece in [*resampler.resample(frame), *resampler.resample(None), None]:
                    for packet in stream.encode(piece):
                        if packet.size:  # FLAC's last one only carries the header anew
                            output.mux(packet)
        return file.getvalue()

    return convert


def chunk(name: bytes, content: bytes, size: int | None = None, *, padded: bool = True) -> bytes:
    """A RIFF chunk; ``size`` is what it claims, by default the truth."""
    claimed = len(content) if size is None else size
    return struct.pack("<4sI", name, claimed) + content + b"\0" * (padded and len(content) % 2)


def wave_format(
    tag: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16, align: int | None = None
) -> bytes:
    """The content of a ``fmt `` chunk."""
    align = channels * bits // 8 if align is None else align
    return struct.pack("<HHIIHH", tag, channels, rate, rate * align, align, bits)


def wave_file(*chunks: bytes, magic: bytes = b"RIFF", size: int | None = None) -> bytes:
    """A WAVE file of these chunks."""
    body = b"WAVE" + b"".join(chunks)
    return struct.pack("<4sI", magic, len(body) if size is None else size) + body


@pytest.fixture(scope="session")
def riff() -> tuple[Callable[..., bytes], Callable[..., bytes], Callable[..., bytes]]:
    """``wave_file``, ``chunk`` and ``wave_format``."""
    return wave_file, chunk, wave_format
