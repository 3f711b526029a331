"""The front end against librosa, and what padding may do to it: nothing."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
import soundfile
import torch

from voxtrait.features import FRONT_ENDS, LogMel, Mfcc, normalise_level
from voxtrait.features.fourier import PowerSpectrum
from voxtrait.features.log_mel import FLOOR
from voxtrait.features.mfcc import cosines

RATE = 16_000


def voice(seconds: float, seed: int = 0) -> np.ndarray:
    """Harmonics that glide, and some breath."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(120 + 40 * np.sin(2 * np.pi * 0.7 * time)) / RATE
    sound = sum(np.sin(k * phase) / k for k in range(1, 20))
    return (0.05 * sound + 0.005 * rng.standard_normal(len(time))).astype(np.float32)


def librosa_log_mel(waveform: np.ndarray, bands: int, window: int, hop: int) -> np.ndarray:
    power = librosa.feature.melspectrogram(
        y=waveform.astype(np.float64),
        sr=RATE,
        n_fft=window,
        hop_length=hop,
        window="hann",
        center=True,
        pad_mode="constant",
        power=2.0,
        n_mels=bands,
        fmin=20.0,
        fmax=RATE / 2,
        htk=True,
        norm=None,
    )
    return np.log(power + FLOOR)


def of(front_end: torch.nn.Module, waveform: np.ndarray) -> np.ndarray:
    features, mask = front_end(torch.from_numpy(waveform)[None], torch.tensor([len(waveform)]))
    assert mask.shape == (1, 1, features.shape[2])
    assert bool((mask == 1).all())
    return features[0].numpy()


@pytest.mark.parametrize("samples", [700, 1_999, 16_000, 31_999, 48_123])
@pytest.mark.parametrize(
    ("bands", "window", "hop"), [(64, 400, 160), (40, 400, 160), (64, 640, 160), (32, 512, 128)]
)
def test_log_mel_agrees_with_librosa(bands: int, window: int, hop: int, samples: int) -> None:
    waveform = voice(4)[:samples]
    got = of(LogMel(bands=bands, window=window, hop=hop), waveform)
    expected = librosa_log_mel(waveform, bands, window, hop)
    assert got.shape == (bands, 1 + samples // hop)
    np.testing.assert_allclose(got, expected, atol=1e-3)


def test_log_mel_agrees_with_librosa_on_real_voices(corpora) -> None:
    files = sorted((corpora / "librispeech").rglob("*.flac"))[:3]
    for file in files:
        waveform, rate = soundfile.read(file, frames=3 * RATE, dtype="float32")
        assert rate == RATE
        np.testing.assert_allclose(
            of(LogMel(), waveform), librosa_log_mel(waveform, 64, 400, 160), atol=1e-3
        )


def test_mfcc_is_librosas_cosine_transform_of_the_log_mel() -> None:
    waveform = voice(1)
    expected = librosa.feature.mfcc(S=librosa_log_mel(waveform, 40, 400, 160), n_mfcc=13)
    np.testing.assert_allclose(of(Mfcc(bands=13, mels=40), waveform), expected, atol=1e-3)


def test_the_cosine_transform_is_orthonormal() -> None:
    rows = cosines(40, 40)
    torch.testing.assert_close(rows @ rows.T, torch.eye(40, dtype=torch.float64))


@pytest.mark.parametrize("window", [400, 512, 480, 13])
def test_every_bin_of_the_power_spectrum_is_the_fourier_transforms(window: int) -> None:
    frames = torch.randn(2, 3, window)
    spectrum = PowerSpectrum(window)
    power = spectrum(frames)
    expected = torch.fft.rfft(frames.double()).abs().square()
    bins = spectrum.frequency
    assert sorted(bins[bins >= 0].tolist()) == list(range(window // 2 + 1))
    torch.testing.assert_close(
        power[..., bins >= 0].double(), expected[..., bins[bins >= 0]], atol=1e-3, rtol=1e-4
    )


@pytest.mark.parametrize("name", FRONT_ENDS)
def test_padding_and_what_stands_in_it_change_nothing(name: str) -> None:
    front_end = FRONT_ENDS[name]()
    alone = torch.from_numpy(voice(1.0))
    row = torch.cat([alone, 9 * torch.randn(7_777)])
    other = torch.randn(len(row))
    together, mask = front_end(torch.stack([row, other]), torch.tensor([len(alone), len(row)]))
    expected, _ = front_end(alone[None], torch.tensor([len(alone)]))
    count = expected.shape[2]
    assert mask.sum(dim=2).flatten().tolist() == [count, together.shape[2]]
    torch.testing.assert_close(together[0, :, :count], expected[0])
    assert together[0, :, count:].abs().max() == 0


@pytest.mark.parametrize(("gain", "most"), [(1e-2, 0.1), (30.0, 0.01)])
def test_the_level_of_a_recording_hardly_matters(gain: float, most: float) -> None:
    waveform = torch.from_numpy(voice(1))[None]
    lengths = torch.tensor([waveform.shape[1]])
    reference, _ = LogMel()(normalise_level(waveform, lengths), lengths)
    scaled, _ = LogMel()(normalise_level(gain * waveform, lengths), lengths)
    assert (scaled - reference).abs().max() < most


def test_digital_silence_stays_silence() -> None:
    silent = normalise_level(torch.zeros(1, 1600), torch.tensor([1600]))
    assert silent.abs().max() == 0
