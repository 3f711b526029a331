"""What a teacher makes of a recording, with graphs of random weights in the place of its own."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from voxtrait.errors import MissingRequirement, WrongModel
from voxtrait.training.materials import read_16k
from voxtrait.training.teachers.speech_embedding import SpeechEmbedding

RATE = 16_000


def graph(kind: str, rng: np.random.Generator) -> bytes:
    """``[B, samples]`` to ``[T, 1, B, 32]`` (of one row), or ``[N, 76, 32, 1]`` to embeddings."""

    def constant(name: str, values: np.ndarray) -> onnx.TensorProto:
        return numpy_helper.from_array(values, name)

    if kind == "melspectrogram.onnx":
        filters = rng.standard_normal((32, 1, 512)).astype(np.float32)
        weights = [constant("filters", filters), constant("inner", np.array([1], np.int64))]
        nodes = [
            helper.make_node("Unsqueeze", ["input", "inner"], ["line"]),
            helper.make_node("Conv", ["line", "filters"], ["bands"], strides=[160]),
            helper.make_node("Abs", ["bands"], ["power"]),
            helper.make_node("Transpose", ["power"], ["frames"], perm=[2, 0, 1]),
            helper.make_node("Unsqueeze", ["frames", "inner"], ["output"]),
        ]
        ends = ("input", ["B", "S"]), ("output", ["T", 1, "B", 32])
    else:
        matrix = rng.standard_normal((32, 96)).astype(np.float32)
        weights = [constant("matrix", matrix), constant("last", np.array([3], np.int64))]
        nodes = [
            helper.make_node("Squeeze", ["input_1", "last"], ["frames"]),
            helper.make_node("MatMul", ["frames", "matrix"], ["turned"]),
            helper.make_node("ReduceMean", ["turned"], ["mean"], axes=[1], keepdims=1),
            helper.make_node("Unsqueeze", ["mean", "inner"], ["conv2d_19"]),
        ]
        weights.append(constant("inner", np.array([1], np.int64)))
        ends = ("input_1", ["N", 76, 32, 1]), ("conv2d_19", ["N", 1, 1, 96])
    (inward, shape_in), (outward, shape_out) = ends
    made = helper.make_graph(
        nodes,
        kind,
        [helper.make_tensor_value_info(inward, TensorProto.FLOAT, shape_in)],
        [helper.make_tensor_value_info(outward, TensorProto.FLOAT, shape_out)],
        weights,
    )
    opset = [helper.make_opsetid("", 13)]
    model = helper.make_model(made, opset_imports=opset, ir_version=8)
    data: bytes = model.SerializeToString()
    return data


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rng = np.random.default_rng(0)
    made = {name: graph(name, rng) for name in SpeechEmbedding.files}
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    sums = {name: sha256(data).hexdigest() for name, data in made.items()}
    monkeypatch.setattr(SpeechEmbedding, "files", sums)
    return tmp_path


def word(seconds: float = 0.5) -> np.ndarray:
    rng = np.random.default_rng(1)
    samples = int(seconds * RATE)
    return (rng.standard_normal(samples) * np.hanning(samples)).astype(np.float32)


def test_a_word_is_heard_alike_wherever_it_stands_and_however_loud(folder: Path) -> None:
    teacher = SpeechEmbedding(folder)
    alone = teacher.lesson(word())
    assert alone.shape == (576,)
    padded = np.pad(0.01 * word(), (RATE, 3 * RATE))
    np.testing.assert_allclose(teacher.lesson(padded), alone, rtol=0.02, atol=0.02 * alone.std())
    other = teacher.lesson(word()[::-1].copy())
    assert np.abs(other - alone).mean() > 0.1 * alone.std()


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.1, 1.25, 4.0])
def test_any_length_and_silence_make_a_lesson(folder: Path, seconds: float) -> None:
    teacher = SpeechEmbedding(folder)
    for sound in (word(seconds), 0 * word(seconds)):
        lesson = teacher.lesson(sound)
        assert lesson.shape == (576,)
        assert np.isfinite(lesson).all()


def test_files_that_are_not_there_or_others_are_refused(folder: Path) -> None:
    path = folder / "embedding_model.onnx"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(WrongModel, match="another file"):
        SpeechEmbedding(folder)
    path.unlink()
    with pytest.raises(MissingRequirement, match=r"recipes/teachers\.py"):
        SpeechEmbedding(folder)


def test_the_real_one_hears_the_same_word_through_noise(real_teachers: Path) -> None:
    """The nearest clean digit to one with noise at 20 dB is itself."""
    paths = sorted((Path(__file__).parents[2] / "examples" / "recordings").glob("digit-*.flac"))
    teacher, rng = SpeechEmbedding(real_teachers), np.random.default_rng(0)
    sounds = [read_16k(path) for path in paths]
    clean = np.stack([teacher.lesson(sound) for sound in sounds])
    for number, sound in enumerate(sounds):
        hiss = 0.1 * sound.std() * rng.standard_normal(len(sound))
        noisy = teacher.lesson((sound + hiss).astype(np.float32))
        assert int(np.linalg.norm(clean - noisy, axis=1).argmin()) == number
