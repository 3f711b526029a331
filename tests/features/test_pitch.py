"""The pitch of tones that are known, of real voices beside pYIN, and its statistics."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
import soundfile
import torch

from voxtrait.features import LogMelPitch, PitchStatistics, normalise_level
from voxtrait.features.pitch import CENTRE_HZ
from voxtrait.networks.layers import Level

RATE = 16_000


def tone(hertz: np.ndarray | float, seconds: float = 1.0) -> np.ndarray:
    """Eight harmonics of a pitch, each weaker than the last."""
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hertz, int(seconds * RATE))) / RATE
    return sum(np.sin(k * phase) / k for k in range(1, 9)).astype(np.float32)


def pitch_of(waveform: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hertz and height of each frame."""
    rows, lengths = torch.from_numpy(waveform)[None], torch.tensor([len(waveform)])
    features, _ = LogMelPitch()(normalise_level(rows, lengths), lengths)
    pitch, height = features[0, -2:].numpy()
    return CENTRE_HZ * np.exp(pitch), height


@pytest.mark.parametrize("hertz", [70, 95, 130, 180, 250, 390])
def test_a_steady_tone_has_its_pitch_and_stands_out(hertz: float) -> None:
    found, height = pitch_of(tone(hertz))
    np.testing.assert_allclose(found[5:-5], hertz, rtol=0.02)
    assert height[5:-5].min() > 0.85


def test_the_lowest_voices_stand_out_less() -> None:
    found, height = pitch_of(tone(62.0))
    np.testing.assert_allclose(found[5:-5], 62.0, rtol=0.02)
    assert 0.65 < height[5:-5].min() < 0.85


def test_a_glide_is_followed() -> None:
    hertz = 150 * 2 ** np.sin(2 * np.pi * 0.5 * np.arange(2 * RATE) / RATE)
    found, _ = pitch_of(tone(hertz, 2.0))
    np.testing.assert_allclose(found[5:-5], hertz[:: RATE // 100][5:-4], rtol=0.06)


def test_what_was_taken_away_below_300_hz_leaves_the_pitch() -> None:
    phase = 2 * np.pi * 110 * np.arange(1, RATE + 1) / RATE
    lowest = np.sin(phase) + np.sin(2 * phase) / 2
    telephone = (tone(110.0) - lowest).astype(np.float32)
    found, height = pitch_of(telephone)
    np.testing.assert_allclose(found[5:-5], 110, rtol=0.02)
    assert height[5:-5].min() > 0.8


def test_noise_has_no_pitch_and_silence_none_at_all() -> None:
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    assert np.median(pitch_of(noise)[1]) < 0.5
    assert pitch_of(np.zeros(RATE, np.float32))[1].max() == 0


def test_real_voices_have_the_pitch_that_pyin_finds(corpora) -> None:
    near = []
    for file in sorted((corpora / "librispeech").rglob("*.flac"))[::20][:4]:
        waveform, _ = soundfile.read(file, frames=3 * RATE, dtype="float32")
        expected, voiced, _ = librosa.pyin(
            waveform, fmin=62, fmax=400, sr=RATE, frame_length=1024, hop_length=160
        )
        found, height = pitch_of(waveform)
        both = voiced & (height > 0.6)
        assert both.sum() > 60
        near.append(np.abs(np.log(found[both] / expected[both])) < 0.06)
    assert np.concatenate(near).mean() > 0.9


def test_an_offset_is_no_voice() -> None:
    rng = np.random.default_rng(1)
    noise = (0.01 * rng.standard_normal(RATE)).astype(np.float32)
    assert np.median(pitch_of(noise + 0.1)[1]) < 0.5
    voice = 0.1 * tone(120.0) + noise
    plain, offset = statistics(voice), statistics(voice + np.float32(0.05))
    assert (offset - plain).abs().max() < 0.02


def statistics(waveform: np.ndarray, length: int | None = None) -> torch.Tensor:
    rows, lengths = torch.from_numpy(waveform)[None], torch.tensor([length or len(waveform)])
    features, mask = LogMelPitch()(normalise_level(rows, lengths), lengths)
    made = PitchStatistics()(Level()(features[:, :-2], mask), features[:, -2:], mask)
    assert made.shape == (1, PitchStatistics.width)
    return made[0]


def test_the_statistics_of_a_tone_name_its_pitch_and_that_it_stands_still() -> None:
    still, higher = statistics(tone(100.0)), statistics(tone(200.0))
    bins = np.log(np.geomspace(65, 400, 20))
    for made, hertz in ((still, 100), (higher, 200)):
        assert abs(bins[int(made[:20].argmax())] - np.log(hertz)) < 0.06
        assert float(made[20]) == pytest.approx(np.log(hertz / CENTRE_HZ), abs=0.02)
    hertz = 100 * 2 ** (0.3 * np.sin(2 * np.pi * 2 * np.arange(RATE) / RATE))
    moving = statistics(tone(hertz))
    assert (moving[21:24] > 3 * still[21:24]).all()


def test_silence_has_hardly_any_statistics() -> None:
    assert statistics(np.zeros(8000, np.float32)).abs().max() < 0.1


def test_what_stands_behind_the_end_is_not_counted() -> None:
    voice = tone(140.0)
    longer = np.concatenate([voice, 3 * tone(300.0)])
    torch.testing.assert_close(statistics(longer, len(voice)), statistics(voice), atol=1e-5, rtol=0)
