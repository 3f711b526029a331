"""The small reader of protobuf agrees with the onnx package."""

from __future__ import annotations

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxtrait.model_file.outline import outline, with_metadata
from voxtrait.model_file.protobuf import DamagedError, block, fields, integer
from voxtrait.testing import fake_detector, fake_model


@pytest.mark.parametrize("data", [fake_model(), fake_detector()], ids=["traits", "frames"])
def test_it_finds_what_onnx_finds(data: bytes) -> None:
    model, found = onnx.load_from_string(data), outline(data)
    assert found.opsets == {entry.domain: entry.version for entry in model.opset_import}
    assert found.metadata == {entry.key: entry.value for entry in model.metadata_props}
    assert found.nodes == len(model.graph.node)
    assert found.external == []
    for ports, values in ((found.inputs, model.graph.input), (found.outputs, model.graph.output)):
        assert list(ports) == [value.name for value in values]
        for value in values:
            tensor = value.type.tensor_type
            assert ports[value.name].element == tensor.elem_type
            assert ports[value.name].shape == tuple(
                size.dim_value if size.HasField("dim_value") else None for size in tensor.shape.dim
            )


@given(number=st.integers(1, 1000), value=st.integers(0, 2**63 - 1), content=st.binary())
def test_fields_that_were_written_are_read_again(number: int, value: int, content: bytes) -> None:
    message = integer(number, value) + block(number, content)
    first, second = fields(memoryview(message))
    assert (first[0], first[1]) == (number, value)
    assert (second[0], bytes(second[2])) == (number, content)
    assert bytes(first[3]) + bytes(second[3]) == message


@pytest.mark.parametrize(
    "message",
    [b"\x0a\x05abc", b"\x0a", b"\x08" + b"\xff" * 12, b"\x0b", b"\x0d\x00\x00"],
    ids=["short block", "no length", "endless number", "group", "short float"],
)
def test_a_broken_message_is_damaged(message: bytes) -> None:
    with pytest.raises(DamagedError):
        list(fields(memoryview(message)))


def test_graphs_nested_without_end_are_damaged() -> None:
    graph = b""
    for _ in range(100):
        graph = block(1, block(5, block(6, graph)))
    with pytest.raises(DamagedError, match="nested more than 16 deep"):
        outline(integer(1, 8) + block(7, graph))


def test_metadata_is_replaced_not_repeated() -> None:
    data = with_metadata(with_metadata(fake_model(), "a", "1"), "a", "2")
    entries = onnx.load_from_string(data).metadata_props
    assert [entry.value for entry in entries if entry.key == "a"] == ["2"]
