"""What a teacher makes of a voice, with random weights in the place of its own."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import librosa
import numpy as np
import pytest
import torch

from voxtrait.errors import WrongModel
from voxtrait.training.materials import read_16k
from voxtrait.training.teachers import voice_embedding
from voxtrait.training.teachers.voice_embedding import VoiceEmbedding, mel_filters

RATE = 16_000
RECORDINGS = Path(__file__).parents[2] / "examples" / "recordings"


@pytest.fixture
def teacher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VoiceEmbedding:
    rng = np.random.default_rng(0)
    data = bytearray(rng.bytes(2_000_000 * 4))
    for name in ("LSTM", "MATRIX", "OFFSET"):
        start, count = getattr(voice_embedding, name)
        values = rng.uniform(-0.2, 0.2, count).astype("<f4")
        data[start : start + 4 * count] = values.tobytes()
    (tmp_path / "pretrained.pt").write_bytes(data)
    monkeypatch.setattr(VoiceEmbedding, "files", {"pretrained.pt": sha256(data).hexdigest()})
    return VoiceEmbedding(tmp_path)


@pytest.fixture(scope="module")
def sentence() -> np.ndarray:
    return read_16k(RECORDINGS / "sentence-harbour.flac")


def test_the_filters_are_librosas() -> None:
    expected = librosa.filters.mel(sr=RATE, n_fft=400, n_mels=40)
    np.testing.assert_allclose(mel_filters().numpy(), expected, atol=1e-7)


def test_the_powers_are_librosas(teacher: VoiceEmbedding, sentence: np.ndarray) -> None:
    expected = librosa.feature.melspectrogram(
        y=sentence, sr=RATE, n_fft=400, hop_length=160, n_mels=40
    )
    powers = teacher.powers(torch.from_numpy(sentence)).T.numpy()
    np.testing.assert_allclose(powers, expected, rtol=1e-3, atol=1e-6)


def test_every_number_of_the_file_is_a_weight_once(teacher: VoiceEmbedding, tmp_path: Path) -> None:
    data = (tmp_path / "pretrained.pt").read_bytes()
    lstm = np.frombuffer(data, "<f4", 1_357_824, 269_883)
    for tensor, first in (
        (teacher.lstm.weight_ih_l0, 0),
        (teacher.lstm.weight_ih_l1, 1024 * (40 + 256)),
        (teacher.lstm.bias_ih_l0, 1024 * (40 + 5 * 256)),
        (teacher.lstm.bias_hh_l2, 1_357_824 - 1024),
    ):
        numbers = tensor.detach().numpy().ravel()
        np.testing.assert_array_equal(numbers, lstm[first : first + len(numbers)])
    used = np.concatenate(
        [
            tensor.detach().numpy().ravel()
            for layer in (teacher.lstm, teacher.linear)
            for tensor in layer.parameters()
        ]
    )
    assert len(used) == 1_357_824 + 65_536 + 256
    assert len(np.unique(used)) > 0.9 * len(used)
    assert np.abs(used).max() <= 0.2


def test_a_soft_voice_between_pauses_is_heard_as_a_loud_one(
    teacher: VoiceEmbedding, sentence: np.ndarray
) -> None:
    lesson = teacher.lesson(sentence)
    assert lesson.shape == (256,)
    assert 0.5 < np.linalg.norm(lesson) <= 1.001
    assert lesson.min() >= 0
    soft = [teacher.lesson(factor * sentence) for factor in (0.05, 0.03)]
    np.testing.assert_allclose(soft[0], soft[1], atol=1e-3)
    quiet = np.zeros(2 * RATE, np.float32)
    between = teacher.lesson(np.concatenate([quiet, sentence, quiet]))
    assert np.linalg.norm(between - lesson) < 0.3 * np.linalg.norm(
        teacher.lesson(sentence[::-1].copy()) - lesson
    )


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.1, 1.6, 3.0])
def test_any_length_and_silence_make_a_lesson(
    teacher: VoiceEmbedding, sentence: np.ndarray, seconds: float
) -> None:
    piece = sentence[: int(seconds * RATE)]
    for sound in (piece, 0 * piece):
        lesson = teacher.lesson(sound)
        assert lesson.shape == (256,)
        assert np.isfinite(lesson).all()


def test_another_file_is_refused(teacher: VoiceEmbedding, tmp_path: Path) -> None:
    (tmp_path / "pretrained.pt").write_bytes(b"numbers")
    with pytest.raises(WrongModel, match="another file"):
        VoiceEmbedding(tmp_path)


def test_the_real_one_knows_a_voice_again(real_teachers: Path) -> None:
    """Two halves of one recording are nearer to each other than to any other voice's."""
    teacher = VoiceEmbedding(real_teachers)
    sounds = [read_16k(path) for path in sorted(RECORDINGS.glob("sentence-*.flac"))]
    halves = [np.array_split(sound, 2) for sound in sounds]
    first, second = (np.stack([teacher.lesson(half[i]) for half in halves]) for i in (0, 1))
    np.testing.assert_array_equal((first @ second.T).argmax(axis=1), range(len(sounds)))
