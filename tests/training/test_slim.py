from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import onnx
import pytest

from voxtrait.errors import OutOfSpace
from voxtrait.testing import fake_detector, fake_model
from voxtrait.training.slim import slim


def answers(graph: bytes) -> list[np.ndarray]:
    import onnxruntime  # after voxtrait, which switches its telemetry off

    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    waveforms = np.random.default_rng(0).normal(0, 0.1, (2, 1700)).astype(np.float32)
    return session.run(None, {"waveform": waveforms, "lengths": np.array([1700, 900])})


@pytest.mark.parametrize("graph", [fake_model(), fake_detector()], ids=["traits", "frames"])
def test_a_slim_graph_answers_the_same_by_standard_operators_and_short_names(graph: bytes) -> None:
    lean = slim(graph)
    for before, after in zip(answers(graph), answers(lean), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)
    model = onnx.load_from_string(lean)
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 17)]
    ports = {port.name for port in [*model.graph.input, *model.graph.output]}
    names = {name for node in model.graph.node for name in [*node.input, *node.output]}
    assert all(name[:1] == "t" and name[1:].isdecimal() for name in names - ports - {""})


def test_what_is_computed_twice_is_computed_once() -> None:
    doubled = onnx.parser.parse_model(
        '<ir_version: 8, opset_import: ["" : 17]> twice (float[n] waveform) => (float[n] digit) {'
        " first = Sin(waveform)\n second = Sin(waveform)\n digit = Add(first, second) }"
    )
    nodes = onnx.load_from_string(slim(doubled.SerializeToString())).graph.node
    assert sorted(node.op_type for node in nodes) == ["Add", "Sin"]


def test_a_full_folder_for_temporary_files_is_told_and_no_graph_is_cut(monkeypatch) -> None:
    def full(path: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutOfSpace, match="folder for temporary files is full") as caught:
        slim(fake_model())
    assert "TMPDIR" in caught.value.hint
