from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voxtrait.corpora.utterance import Utterance
from voxtrait.errors import UsageError
from voxtrait.evaluation.distortion import Distortion

SPEECH = (0.2 * np.sin(np.arange(16_000) / 20)).astype(np.float32)


@pytest.fixture
def noises(tmp_path: Path) -> tuple[Utterance, ...]:
    rows = []
    for number in range(4):
        path = tmp_path / f"{number}.wav"
        sound = np.random.default_rng(number).normal(0, 0.1, 4000)
        soundfile.write(path, sound, 8000)
        kind = "room" if number == 3 else "noise"
        rows.append(Utterance(path, "noise", f"noise/{number}", kind=kind))
    return tuple(rows)


def test_nothing_asked_for_changes_nothing() -> None:
    np.testing.assert_array_equal(Distortion().apply(SPEECH, "a"), SPEECH)
    assert Distortion().name == "clean"


def test_the_same_recording_gets_the_same_noise_and_another_one_another(noises) -> None:
    noisy = Distortion(noise=noises, noise_snr=5)
    first = noisy.apply(SPEECH, "a")
    np.testing.assert_array_equal(first, noisy.apply(SPEECH, "a"))
    others = [noisy.apply(SPEECH, key) for key in "bcdefg"]
    assert not any(np.array_equal(first, other) for other in others)


def test_the_noise_is_the_same_at_every_ratio(noises) -> None:
    loud, soft = (
        Distortion(noise=noises, noise_snr=snr).apply(SPEECH, "a") - SPEECH for snr in (10, 30)
    )
    np.testing.assert_allclose(loud, 10 * soft, atol=1e-5)


def test_rooms_are_never_noise(noises) -> None:
    with pytest.raises(UsageError, match="no recordings of noise"):
        Distortion(noise=noises[3:], noise_snr=5)


def test_noises_are_never_rooms(noises) -> None:
    with pytest.raises(UsageError, match="is of kind 'room'"):
        Distortion(room=noises[:3])
    alone, among = (Distortion(room=rows).apply(SPEECH, "a") for rows in (noises[3:], noises))
    np.testing.assert_array_equal(alone, among)


def test_the_name_says_all_that_is_done(noises) -> None:
    everything = Distortion(noises, 7.5, noises[3:], 1.0, "telephone")
    assert everything.name == "1 s + room + noise 7.5 dB + telephone"
    assert len(everything.apply(np.tile(SPEECH, 3), "a")) == 16_000


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"codec": "morse"}, "morse"),
        ({"seconds": 0}, "cut to 0 s"),
        ({"seconds": float("nan")}, "nan"),
        ({"noise_snr": 99}, "99 dB"),
        ({"noise_snr": 10}, "no recordings of noise"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Distortion(**wrong)
