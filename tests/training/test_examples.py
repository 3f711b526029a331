"""How a recording becomes an example."""

from __future__ import annotations

import numpy as np
import pytest

from voxtrait.training.augment import AugmentSettings, Materials
from voxtrait.training.energy import runs, speech_frames
from voxtrait.training.examples import make_frames, make_recording, make_word
from voxtrait.training.settings import PrepareSettings

RATE = 16_000
CHANGES = (
    "speed tempo room noise babble device band equalise clip gain codec telephone silence offset"
)
STILL = AugmentSettings(**dict.fromkeys(CHANGES.split(), 0.0))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def buzz(seconds: float, pitch: float = 120.0) -> np.ndarray:
    """A voiced sound: many harmonics that fall off."""
    time = np.arange(int(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * k * pitch * time) / k for k in range(1, 25)).astype("f4") * 0.1


def between_pauses(sound: np.ndarray, pause: float = 0.5) -> np.ndarray:
    quiet = (1e-5 * rng().standard_normal(int(pause * RATE))).astype("f4")
    return np.concatenate([quiet, sound, quiet])


@pytest.mark.parametrize("speech_only", [0.0, 1.0])
def test_a_recording_is_cut_to_its_speech_and_to_the_seconds_asked_for(speech_only: float) -> None:
    settings = PrepareSettings(seconds=2.0, speech_only=speech_only)
    made = make_recording(between_pauses(buzz(1.0)), rng(), None, settings, STILL, pitch=False)
    assert len(made) / RATE == pytest.approx(1.16 if speech_only else 2.0, abs=0.05)


def test_a_pitch_copy_moves_the_pitch() -> None:
    settings = PrepareSettings(seconds=2.0, speech_only=0.0, pitch_octaves=(0.5, 0.5))
    made = make_recording(buzz(2.0, pitch=120), rng(), None, settings, STILL, pitch=True)
    spectrum = np.abs(np.fft.rfft(made[: 2 * RATE] * np.hanning(len(made[: 2 * RATE]))))
    low = spectrum[: int(240 * len(made) / RATE)]
    assert np.argmax(low) * RATE / len(made) == pytest.approx(120 * 2**0.5, rel=0.05)


def test_a_word_is_cut_out_with_little_around_it() -> None:
    for seed in range(10):
        word = make_word(
            between_pauses(buzz(0.4)), rng(seed), None, STILL, spoken=True, single=True
        )
        assert 0.43 <= len(word) / RATE <= 1.05
        assert np.abs(word).max() > 0.05


def test_a_word_cut_out_of_a_sentence_is_a_piece_of_its_speech() -> None:
    for seed in range(10):
        piece = make_word(
            between_pauses(buzz(5.0)), rng(seed), None, STILL, spoken=True, single=False
        )
        assert 0.25 <= len(piece) / RATE <= 1.5


def test_noise_gives_pieces_of_any_length_up_to_a_words() -> None:
    noise = rng().standard_normal(5 * RATE).astype("f4")
    lengths = [
        len(make_word(noise, rng(seed), None, STILL, spoken=False, single=False)) / RATE
        for seed in range(20)
    ]
    assert 0.3 <= min(lengths) < 0.7 < 1.2 < max(lengths) <= 1.5


def test_frame_labels_stand_where_the_voices_stand() -> None:
    voices = [between_pauses(buzz(0.8)), between_pauses(buzz(0.5, 200))]
    line, speech = make_frames(voices, rng(3), None, STILL, 6.0)
    assert len(line) == 6 * RATE
    assert len(speech) == 601
    measured = speech_frames(line)
    assert (measured == speech).mean() > 0.97
    assert len(runs(speech)) == 2


def test_a_background_alone_has_no_speech() -> None:
    background = rng().standard_normal(RATE).astype("f4")
    line, speech = make_frames([buzz(1)], rng(), None, STILL, 3.0, background=background)
    assert not speech.any()
    assert np.std(line) == pytest.approx(1, abs=0.1)


def test_sounds_fill_pauses_and_are_no_speech() -> None:
    voices = [between_pauses(buzz(0.8)), between_pauses(buzz(0.5, 200))]
    line, speech = make_frames(voices, rng(3), None, STILL, 9.0, sounds=1.0)
    starts = [start for start, _ in runs(speech)]
    assert len(starts) == 2
    # Half a second of near silence stands before each voice, the sound before that.
    before = line[: (starts[0] - 52) * 160]
    assert len(before) > 0.3 * RATE
    assert np.abs(before).max() > 0.04
    assert speech.sum() == pytest.approx(130, abs=8)


def test_a_computed_sound_takes_the_place_of_a_background() -> None:
    background = np.zeros(RATE, "f4")
    line, speech = make_frames([], rng(), None, STILL, 3.0, background=background, sounds=1.0)
    assert not speech.any()
    assert np.abs(line).max() > 0.04


def test_materials_are_mixed_in() -> None:
    noisy = AugmentSettings(noise=1.0, noise_snr_db=(0.0, 0.0))
    materials = Materials(noises=[rng().standard_normal(RATE).astype("f4")])
    settings = PrepareSettings(seconds=2.0, speech_only=0.0)
    made = make_recording(between_pauses(buzz(1.0)), rng(), materials, settings, noisy, pitch=False)
    assert np.std(made[: RATE // 8]) > 0.1 * np.std(made)
