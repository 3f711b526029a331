from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.augment import codec, compressed, telephone


def delay(changed: np.ndarray, original: np.ndarray) -> int:
    size = 1 << 16
    lags = np.fft.irfft(np.fft.rfft(changed, size) * np.conj(np.fft.rfft(original, size)))
    peak = int(np.argmax(lags))
    return peak - size if peak > size // 2 else peak


@pytest.mark.parametrize(
    ("name", "kbits", "likeness"),
    [
        ("mp3", 8, 0.5),
        ("mp3", 16, 0.8),
        ("mp3", 32, 0.9),
        ("mp3", 64, 0.95),
        ("opus", 8, 0.8),
        ("opus", 32, 0.95),
        ("vorbis", 24, 0.9),
        ("vorbis", 64, 0.95),
    ],
)
def test_a_codec_neither_delays_nor_lengthens(voice, name, kbits, likeness):
    back = compressed(voice, name, kbits)
    assert back.shape == voice.shape
    assert back.dtype == np.float32
    assert abs(delay(back, voice)) <= 4
    assert np.corrcoef(back, voice)[0, 1] > likeness


def test_fewer_bits_lose_more(voice):
    noisy = voice + 0.02 * np.random.default_rng(0).standard_normal(voice.size).astype(np.float32)
    few, many = (compressed(noisy, "opus", kbits) for kbits in (8, 64))
    assert np.mean((few - noisy) ** 2) > 2 * np.mean((many - noisy) ** 2)


@pytest.mark.parametrize("samples", [1, 100, 70_000])
def test_every_codec_takes_any_length(rng, samples):
    sound = 0.1 * np.random.default_rng(3).standard_normal(samples).astype(np.float32)
    for name in ("mp3", "opus", "vorbis"):
        assert compressed(sound, name, 16).shape == (samples,)


def test_what_exceeds_full_scale_survives_a_codec(voice):
    loud = voice * 10
    assert np.corrcoef(compressed(loud, "vorbis", 64), loud)[0, 1] > 0.95


def test_an_unknown_codec_is_answered_with_the_known_ones(voice):
    with pytest.raises(ValueError, match="mp3, opus, vorbis"):
        compressed(voice, "aac", 32)


def test_codecs_are_drawn_from_the_generator_alone(voice):
    first = codec(voice, np.random.default_rng(1))
    np.testing.assert_array_equal(first, codec(voice, np.random.default_rng(1)))


def test_a_telephone_passes_300_to_3400_hertz_only(hiss, rng):
    heard = telephone(hiss, rng)
    before, after = (np.abs(np.fft.rfft(sound)) ** 2 for sound in (hiss, heard))
    hertz = np.fft.rfftfreq(hiss.size, 1 / 16000)

    def passed(low: float, high: float) -> float:
        inside = (hertz >= low) & (hertz < high)
        return float(after[inside].sum() / before[inside].sum())

    assert heard.shape == hiss.shape
    assert passed(4100, 8000) < 1e-3
    assert passed(0, 120) < 0.02
    assert passed(500, 3000) == pytest.approx(1, abs=0.1)


def test_both_laws_of_a_telephone_keep_a_tone_within_their_noise():
    time = np.arange(16000) / 16000
    tone = (0.4 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    inner = slice(1000, -1000)
    for seed in range(6):
        error = telephone(tone, np.random.default_rng(seed))[inner] - tone[inner]
        ratio = 10 * np.log10(np.mean(tone[inner] ** 2) / np.mean(error**2))
        assert 25 < ratio < 60  # eight logarithmic bits give about 38 dB


def test_silence_stays_silent_on_every_line(rng):
    silence = np.zeros(500, np.float32)
    np.testing.assert_array_equal(telephone(silence, rng), silence)
    np.testing.assert_array_equal(compressed(silence, "mp3", 16), silence)
