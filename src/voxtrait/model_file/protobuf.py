"""The wire format that ONNX files are written in, read and written without any package.

Protocol Buffers, as in https://protobuf.dev/programming-guides/encoding: a message is a row of
fields, each a key (number and wire type) and a value. Only what ONNX uses is known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DamagedError", "block", "fields", "integer", "text"]

VARINT, FIXED64, BLOCK, FIXED32 = 0, 1, 2, 5


class DamagedError(ValueError):
    """The bytes are not a whole protobuf message."""


def fields(message: memoryview) -> Iterator[tuple[int, int, memoryview, memoryview]]:
    """Walk over the fields of a message, copying nothing.

    Yields:
        Number of the field; its value where it is an integer, else 0; its content where it is a
        block or a fixed-size number, else empty; and the whole field with its key.

    Raises:
        DamagedError: a field reaches beyond the message, or is of a kind that ONNX does not use.
    """
    nothing = message[:0]
    position, size = 0, len(message)
    while position < size:
        start = position
        key = message[position]
        position += 1
        if key >= 0x80:  # most are one byte, and there are thousands
            key, position = _varint(message, start)
        wire = key & 7
        if wire == VARINT:
            value, position = _varint(message, position)
            yield key >> 3, value, nothing, message[start:position]
            continue
        if wire == BLOCK:
            length, position = _varint(message, position)
        elif wire in (FIXED32, FIXED64):
            length = 4 if wire == FIXED32 else 8
        else:
            raise DamagedError(f"byte {start} starts a field of the unknown kind {wire}")
        end = position + length
        if end > size:
            raise DamagedError(
                f"a part of {length:,} bytes starts where only {size - position:,} are left"
            )
        yield key >> 3, 0, message[position:end], message[start:end]
        position = end


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if position >= len(message) or shift > 63:
            raise DamagedError(f"byte {position} should go on with a number and does not")
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7


def integer(number: int, value: int) -> bytes:
    """A field with an integer that is not negative."""
    return _number(number << 3 | VARINT) + _number(value)


def block(number: int, content: bytes) -> bytes:
    """A field with bytes: a message, a packed list, or raw data."""
    return _number(number << 3 | BLOCK) + _number(len(content)) + content


def text(number: int, content: str) -> bytes:
    """A field with UTF-8 text."""
    return block(number, content.encode())


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
