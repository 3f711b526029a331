"""What must be known of an ONNX file before a library is given it.

Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
"""

from __future__ import annotations

from typing import NamedTuple

from voxtrait.model_file.protobuf import DamagedError, block, fields, text

__all__ = ["Outline", "Port", "outline", "with_metadata", "without_metadata"]

# Nested graphs (the bodies of If and Loop); ours have none, and nobody needs more than a few.
DEEPEST = 16


class Port(NamedTuple):
    """An input or output of the graph.

    Args:
        element: ONNX number of the element type: 1 float32, 7 int64.
        shape: one entry a dimension, its size or ``None`` where it may vary.
    """

    element: int
    shape: tuple[int | None, ...]


class Outline:
    """An ONNX file's declarations, without its numbers."""

    def __init__(self) -> None:
        self.ir_version = 0
        self.opsets: dict[str, int] = {}
        self.metadata: dict[str, str] = {}
        self.inputs: dict[str, Port] = {}
        self.outputs: dict[str, Port] = {}
        self.domains: set[str] = set()
        self.external: list[str] = []
        self.nodes = 0


def outline(data: bytes, *, deep: bool = True) -> Outline:
    """Read the declarations of an ONNX file and look at every tensor's place.

    Args:
        data: the whole file.
        deep: look into every node and tensor; without, ``domains``, ``external`` and ``nodes``
            stay empty.

    Raises:
        DamagedError: the bytes are not a whole ONNX file.
    """
    found = Outline()
    graphs = 0
    for number, value, content, _ in fields(memoryview(data)):
        if number == 1:
            found.ir_version = value
        elif number == 7:
            graphs += 1
            _ports(content, found)
            if deep:
                _graph(content, found, depth=0)
        elif number == 8:
            _opset(content, found)
        elif number == 14:
            key, entry = _pair(content)
            found.metadata[key] = entry
        elif number == 25:  # functions of the file's own, which could hide anything from us
            found.domains.add(_words(content, 10) or "a function of its own")
    if graphs != 1 or not found.ir_version:
        raise DamagedError(f"it holds {graphs} graphs and the format version {found.ir_version}")
    return found


def with_metadata(data: bytes, key: str, value: str) -> bytes:
    """The same file with one metadata entry set or replaced.

    Raises:
        DamagedError: the bytes are not a whole protobuf message.
    """
    return without_metadata(data, key) + block(14, text(1, key) + text(2, value))


def without_metadata(data: bytes, key: str) -> bytes:
    """The same file without one metadata entry.

    Raises:
        DamagedError: the bytes are not a whole protobuf message.
    """
    return b"".join(
        bytes(whole)
        for number, _, content, whole in fields(memoryview(data))
        if number != 14 or _pair(content)[0] != key
    )


def _ports(graph: memoryview, found: Outline) -> None:
    for number, _, content, _ in fields(graph):
        if number in (11, 12):
            name, port = _port(content)
            (found.inputs if number == 11 else found.outputs)[name] = port


def _graph(graph: memoryview, found: Outline, depth: int) -> None:
    if depth > DEEPEST:
        raise DamagedError(f"graphs are nested more than {DEEPEST} deep")
    for number, _, content, _ in fields(graph):
        if number == 1:
            _node(content, found, depth)
        elif number == 5:
            _tensor(content, found)
        elif number == 15:
            _sparse(content, found)


def _node(node: memoryview, found: Outline, depth: int) -> None:
    found.nodes += 1
    for number, _, content, _ in fields(node):
        if number == 7:
            found.domains.add(_decoded(content))
        elif number == 5:
            for inner, _, value, _ in fields(content):
                if inner in (5, 10):
                    _tensor(value, found)
                elif inner in (6, 11):
                    _graph(value, found, depth + 1)
                elif inner in (22, 23):
                    _sparse(value, found)


def _sparse(sparse: memoryview, found: Outline) -> None:
    for number, _, content, _ in fields(sparse):
        if number in (1, 2):
            _tensor(content, found)


def _tensor(tensor: memoryview, found: Outline) -> None:
    name, outside = "", False
    for number, value, content, _ in fields(tensor):
        if number == 8:
            name = _decoded(content)
        elif number == 13 or (number == 14 and value):
            outside = True
    if outside:
        found.external.append(name)


def _port(info: memoryview) -> tuple[str, Port]:
    name, element = _words(info, 1), 0
    shape: list[int | None] = []
    for tensor in _inside(info, 2, 1):
        for number, value, content, _ in fields(tensor):
            if number == 1:
                element = value
            elif number == 2:
                shape = [_dimension(inner) for kind, _, inner, _ in fields(content) if kind == 1]
    return name, Port(element, tuple(shape))


def _dimension(dimension: memoryview) -> int | None:
    sizes = [value for number, value, _, _ in fields(dimension) if number == 1]
    return sizes[-1] if sizes else None


def _opset(content: memoryview, found: Outline) -> None:
    version = 0
    for number, value, _, _ in fields(content):
        if number == 2:
            version = value
    found.opsets[_words(content, 1)] = version


def _pair(content: memoryview) -> tuple[str, str]:
    return _words(content, 1), _words(content, 2)


def _inside(message: memoryview, *path: int) -> list[memoryview]:
    """Contents of the fields reached by the given numbers, one after another."""
    messages = [message]
    for step in path:
        messages = [
            content
            for outer in messages
            for number, _, content, _ in fields(outer)
            if number == step
        ]
    return messages


def _words(message: memoryview, wanted: int) -> str:
    found = _inside(message, wanted)
    return _decoded(found[-1]) if found else ""


def _decoded(content: memoryview) -> str:
    try:
        return str(content, "utf-8")
    except UnicodeDecodeError:
        raise DamagedError("a name in it is not UTF-8 text") from None
