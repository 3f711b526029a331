"""Tiny model files for tests, yours and ours: valid, quick, and of no meaning.

Written as protobuf by hand, so that no package for ONNX is needed:

    >>> from voxtrait.testing import fake_model
    >>> predictor = voxtrait.load(fake_model(("gender",)), detect_speech=False)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait.errors import UsageError
from voxtrait.model_file import Card, TraitCard, Window, with_card
from voxtrait.model_file.protobuf import block, integer, text
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["fake_detector", "fake_model"]

FLOAT, INT64 = 1, 7
INT, INTS = 2, 7
FRAME = 160
# Frames of the fake detector whose mean square is above this are speech: an RMS of 0.01.
SPEECH_POWER = 1e-4


def fake_model(
    traits: str | Sequence[str] = ("digit", "gender", "age"),
    *,
    sample_rate: int = 16_000,
    seed: int = 0,
) -> bytes:
    """A model file whose answers depend on the waveform, and on nothing beside its real samples.

    Each trait's logits are a random affine map of three numbers: the mean, the mean absolute value
    and the mean square of a row's real samples.

    Args:
        traits: name of the output, or names of several in order.
        sample_rate: Hz that the card asks for.
        seed: of the random map; the same seed gives the same bytes.

    Raises:
        UsageError: a trait that voxtrait does not know.
    """
    traits = [traits] if isinstance(traits, str) else traits
    if unknown := [name for name in traits if name not in TRAITS]:
        raise UsageError(f"{unknown[0]!r} is no trait.", f"Known: {', '.join(TRAITS)}.")
    draw = np.random.default_rng(seed)
    nodes = [*_masked(), _node("Abs", ["real"], ["absolute"]), _square()]
    nodes += [
        _node("ReduceSum", [name, "one"], [f"{name}_sum"])
        for name in ("real", "absolute", "square")
    ]
    nodes += [
        _node("Concat", ["real_sum", "absolute_sum", "square_sum"], ["sums"], axis=1),
        _node("Cast", ["column"], ["count"], to=FLOAT),
        _node("Div", ["sums", "count"], ["means"]),
    ]
    tensors = _constants()
    for name in traits:
        width = len(TRAITS[name].labels)
        weight = draw.normal(0, 8, (3, width)).astype(np.float32)
        tensors += [
            _tensor(f"{name}_weight", weight),
            _tensor(f"{name}_bias", draw.normal(0, 0.5, width).astype(np.float32)),
        ]
        nodes.append(_node("Gemm", ["means", f"{name}_weight", f"{name}_bias"], [name]))
    outputs = [_port(12, name, FLOAT, "batch", len(TRAITS[name].labels)) for name in traits]
    card = Card(
        name="fake-tiny",
        sample_rate=sample_rate,
        window=Window(seconds=3.0, hop=3.0, least=0.1),
        traits={name: TraitCard(TRAITS[name].labels, edges=TRAITS[name].edges) for name in traits},
        created="1970-01-01",
    )
    return with_card(_model(nodes, tensors, outputs), card)


def fake_detector() -> bytes:
    """A speech detector by energy: a frame of 10 ms is speech when its RMS is above 0.01.

    Its output ``speech`` has ``1 + samples // 160`` frames at 16 kHz, frame ``t`` centred at
    sample ``160 * t``.
    """
    half, frame = [FRAME // 2], [FRAME]
    nodes = [
        *_masked(),
        _square(),
        _node("Unsqueeze", ["square", "one"], ["channel"]),
        _node(
            "AveragePool",
            ["channel"],
            ["pooled"],
            kernel_shape=frame,
            strides=frame,
            pads=half * 2,
            count_include_pad=1,
        ),
        _node("Squeeze", ["pooled", "one"], ["power"]),
        _node("Add", ["power", "least_power"], ["positive"]),
        _node("Log", ["positive"], ["log_power"]),
        _node("Sub", ["log_power", "log_threshold"], ["above"]),
        _node("Mul", ["above", "steepness"], ["steep"]),
        _node("Sigmoid", ["steep"], ["speech"]),
    ]
    tensors = [
        *_constants(),
        _tensor("least_power", np.float32(1e-12)),
        _tensor("log_threshold", np.float32(np.log(SPEECH_POWER))),
        _tensor("steepness", np.float32(4)),
    ]
    card = Card(
        name="fake-speech",
        kind="frames",
        window=Window(seconds=10.0, hop=9.0, least=0.0),
        frame_seconds=0.01,
        threshold=0.5,
        created="1970-01-01",
    )
    graph = _model(nodes, tensors, [_port(12, "speech", FLOAT, "batch", "frames")])
    return with_card(graph, card)


def _masked() -> list[bytes]:
    """Nodes from the inputs to ``real``: the waveform with zeros behind each row's end."""
    return [
        _node("Shape", ["waveform"], ["shape"]),
        _node("Gather", ["shape", "index_one"], ["samples"], axis=0),
        _node("Range", ["index_zero", "samples", "index_one"], ["places"]),
        _node("Unsqueeze", ["lengths", "one"], ["column"]),
        _node("Less", ["places", "column"], ["inside"]),
        _node("Where", ["inside", "waveform", "nothing"], ["real"]),
    ]


def _square() -> bytes:
    return _node("Mul", ["real", "real"], ["square"])


def _constants() -> list[bytes]:
    return [
        _tensor("one", np.array([1], np.int64)),
        _tensor("index_zero", np.int64(0)),
        _tensor("index_one", np.int64(1)),
        _tensor("nothing", np.float32(0)),
    ]


def _model(nodes: list[bytes], tensors: list[bytes], outputs: list[bytes]) -> bytes:
    inputs = [
        _port(11, "waveform", FLOAT, "batch", "samples"),
        _port(11, "lengths", INT64, "batch"),
    ]
    graph = [*nodes, text(2, "fake"), *tensors, *inputs, *outputs]
    opset = block(8, text(1, "") + integer(2, 17))
    return integer(1, 8) + block(7, b"".join(graph)) + opset


def _node(kind: str, inputs: list[str], outputs: list[str], **attributes: int | list[int]) -> bytes:
    parts = [text(1, name) for name in inputs] + [text(2, name) for name in outputs]
    parts += [text(3, f"{kind}_{outputs[0]}"), text(4, kind)]
    for key, value in attributes.items():
        if isinstance(value, int):
            content = integer(3, value) + integer(20, INT)
        else:
            content = b"".join(integer(8, item) for item in value) + integer(20, INTS)
        parts.append(block(5, text(1, key) + content))
    return block(1, b"".join(parts))


def _tensor(name: str, values: np.ndarray | np.generic) -> bytes:
    kind = INT64 if values.dtype == np.int64 else FLOAT
    sizes = b"".join(integer(1, size) for size in values.shape)
    content = sizes + integer(2, kind) + text(8, name) + block(9, values.tobytes())
    return block(5, content)


def _port(number: int, name: str, element: int, *shape: int | str) -> bytes:
    sizes = b"".join(
        block(1, integer(1, size) if isinstance(size, int) else text(2, size)) for size in shape
    )
    kind = block(1, integer(1, element) + block(2, sizes))
    return block(number, text(1, name) + block(2, kind))
