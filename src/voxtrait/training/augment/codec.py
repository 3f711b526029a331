"""Telephone lines and lossy codecs, there and back again in memory."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import soundfile
import soxr

from voxtrait.training.augment.band import bins, filtered, high_pass, low_pass
from voxtrait.training.augment.waveform import SAMPLE_RATE, Waveform, fitted

__all__ = ["CODECS", "codec", "compressed", "telephone"]

# kbit/s of speech on the wire: voice messages, podcasts, browsers
CODECS: dict[str, tuple[float, float]] = {
    "mp3": (16.0, 64.0),
    "opus": (8.0, 32.0),
    "vorbis": (24.0, 64.0),
}
WRITTEN = 1 << 15  # samples a call: libsndfile's Vorbis overflows its stack on long ones
MP3_DELAY = 576 + 529  # samples that LAME and then any decoder add in front
A, MU = 87.6, 255.0


def codec(waveform: Waveform, rng: np.random.Generator) -> Waveform:
    """One of MP3, Ogg Opus and Ogg Vorbis, at a low bit rate drawn at random."""
    name = str(rng.choice(list(CODECS)))
    low, high = CODECS[name]
    return compressed(waveform, name, float(np.exp(rng.uniform(np.log(low), np.log(high)))))


def compressed(waveform: Waveform, name: str, kbits: float) -> Waveform:
    """The waveform after encoding and decoding, not delayed and not longer.

    Args:
        waveform: ``[samples]``; what exceeds full scale is brought to it and back.
        name: ``mp3``, ``opus`` or ``vorbis``.
        kbits: bit rate in kbit/s; the encoder takes the nearest it has (Vorbis: a quality).

    Returns:
        ``[samples]``.

    Raises:
        ValueError: no codec of that name.
    """
    if name not in CODECS:
        raise ValueError(f"No codec {name!r}. Known: {', '.join(CODECS)}.")
    peak = float(np.abs(waveform).max(initial=0))
    if waveform.size == 0 or peak == 0:
        return waveform.astype(np.float32)
    scale = np.float32(max(1.0, peak / 0.99))
    decoded = _there_and_back(waveform / scale, name, kbits)
    if decoded.size > waveform.size:
        # Frames under 40 kbit/s are too small for the note that tells players what to skip.
        decoded = decoded[MP3_DELAY:]
    return np.asarray(fitted(decoded, waveform.size) * scale, np.float32)


def telephone(waveform: Waveform, rng: np.random.Generator) -> Waveform:
    """A telephone line: 8 kHz, 300 to 3400 Hz, eight bits by A-law or mu-law (ITU-T G.711).

    Args:
        waveform: ``[samples]``.
        rng: draws the law and the level on the line.

    Returns:
        ``[samples]`` at 16 kHz, empty above 4 kHz, at the level it came with.
    """
    peak = float(np.abs(waveform).max(initial=0))
    law, level = rng.uniform(), 10 ** rng.uniform(-1, 0)
    if waveform.size == 0 or peak == 0:
        return waveform.astype(np.float32)
    frequencies = bins(waveform.size)
    band = high_pass(frequencies, 300, 4) * low_pass(frequencies, 3400, 12)
    scale = np.float32(level / peak)
    narrow = soxr.resample(filtered(waveform, band) * scale, SAMPLE_RATE, SAMPLE_RATE // 2, "MQ")
    line = _a_law(narrow) if law < 0.5 else _mu_law(narrow)
    wide = soxr.resample(line, SAMPLE_RATE // 2, SAMPLE_RATE, "MQ")
    return np.asarray(fitted(wide, waveform.size) / scale, np.float32)


def _there_and_back(waveform: Waveform, name: str, kbits: float) -> Waveform:
    container = BytesIO()
    settings = {
        # MP3 at 16 kHz has 8 to 160 kbit/s, Opus 6 to 256: libsndfile spans them with 1 to 0.
        "mp3": ("MP3", "MPEG_LAYER_III", (160 - kbits) / (160 - 8)),
        "opus": ("OGG", "OPUS", (256 - kbits) / (256 - 6)),
        "vorbis": ("OGG", "VORBIS", 1 - (kbits - 16) / (96 - 16)),
    }
    form, subtype, level = settings[name]
    extra = {"bitrate_mode": "CONSTANT"} if name == "mp3" else {}
    with soundfile.SoundFile(
        container,
        "w",
        SAMPLE_RATE,
        1,
        subtype=subtype,
        format=form,
        compression_level=float(np.clip(level, 0, 0.99)),
        **extra,
    ) as file:
        for start in range(0, waveform.size, WRITTEN):
            file.write(waveform[start : start + WRITTEN])
    container.seek(0)
    decoded, _ = soundfile.read(container, dtype="float32")
    return np.asarray(decoded, np.float32)


def _a_law(samples: Waveform) -> Waveform:
    magnitude = np.minimum(np.abs(samples), 1)
    small = A * magnitude / (1 + np.log(A))
    large = (1 + np.log(np.maximum(A * magnitude, 1))) / (1 + np.log(A))
    steps = np.round(np.where(magnitude < 1 / A, small, large) * 127) / 127
    grown = np.exp(steps * (1 + np.log(A)) - 1) / A
    back = np.where(steps < 1 / (1 + np.log(A)), steps * (1 + np.log(A)) / A, grown)
    return np.asarray(np.sign(samples) * back, np.float32)


def _mu_law(samples: Waveform) -> Waveform:
    magnitude = np.minimum(np.abs(samples), 1)
    steps = np.round(np.log1p(MU * magnitude) / np.log1p(MU) * 127) / 127
    return np.asarray(np.sign(samples) * np.expm1(steps * np.log1p(MU)) / MU, np.float32)
