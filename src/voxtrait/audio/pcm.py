"""Samples that are not compressed: integers, floats, and the two logarithmic laws of telephony."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from voxtrait.audio.bounds import check_format
from voxtrait.audio.splice import Splice
from voxtrait.audio.track import BLOCK, Block, Track
from voxtrait.audio.warning import warn_short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from voxtrait.audio.source import Source

__all__ = ["Encoding", "pcm_track"]


class Encoding(NamedTuple):
    """How one sample is written.

    Args:
        kind: unsigned integers have their zero in the middle; the laws are ITU-T G.711.
        width: bytes a sample, 1 to 8; 4 or 8 for floats, 1 for the laws.
        order: ``"<"`` little-endian, ``">"`` big-endian.
    """

    kind: Literal["signed", "unsigned", "float", "alaw", "ulaw"]
    width: int
    order: Literal["<", ">"] = "<"

    def decode(self, raw: bytes) -> NDArray[np.float32]:
        """The samples, full scale at 1.0; one for each ``width`` bytes."""
        if self.kind in ("alaw", "ulaw"):
            return _law(self.kind)[np.frombuffer(raw, np.uint8)]
        if self.kind == "float":
            values = np.frombuffer(raw, f"{self.order}f{self.width}")
            with np.errstate(over="ignore", invalid="ignore"):  # infinities are refused later
                return values.astype(np.float32)
        if self.width == 1:
            values = np.frombuffer(raw, np.uint8 if self.kind == "unsigned" else np.int8)
            samples = values.astype(np.float32)
            if self.kind == "unsigned":
                samples -= np.float32(128)
            samples *= np.float32(2.0**-7)
            return samples
        if self.width in (2, 4, 8):
            samples = np.frombuffer(raw, f"{self.order}i{self.width}").astype(np.float32)
            samples *= np.float32(2.0 ** (1 - 8 * self.width))
            return samples
        return self._decode_odd(raw)

    def _decode_odd(self, raw: bytes) -> NDArray[np.float32]:
        # 3, 5, 6 or 7 bytes: the upper four (or three and a zero) make an int32; what is left out
        # of the wider ones is below float32's own precision.
        bytes_ = np.frombuffer(raw, np.uint8).reshape(-1, self.width)
        if self.order == ">":
            bytes_ = bytes_[:, ::-1]
        kept = min(self.width, 4)
        upper = np.zeros((len(bytes_), 4), np.uint8)
        upper[:, 4 - kept :] = bytes_[:, self.width - kept :]
        samples = upper.view("<i4")[:, 0].astype(np.float32)
        samples *= np.float32(2.0**-31)
        return samples


@lru_cache(maxsize=2)
def _law(kind: str) -> NDArray[np.float32]:
    """All 256 values of a law, by ITU-T G.711: sign, exponent of 3 bits, mantissa of 4."""
    code = np.arange(256)
    code = code ^ (0x55 if kind == "alaw" else 0xFF)
    exponent, mantissa = (code >> 4) & 7, code & 15
    if kind == "alaw":
        size = np.where(exponent > 0, (mantissa * 16 + 264) << np.maximum(exponent - 1, 0), 0)
        size = np.where(exponent > 0, size, mantissa * 16 + 8)
        sign = np.where(code & 0x80, 1, -1)
    else:
        size = ((mantissa * 8 + 132) << exponent) - 132
        sign = np.where(code & 0x80, -1, 1)
    table: NDArray[np.float32] = (sign * size / 32768).astype(np.float32)
    return table


def pcm_track(
    source: Source,
    encoding: Encoding,
    rate: int,
    channels: int,
    spans: Sequence[tuple[int, int]],
    promised: int,
) -> Track:
    """Uncompressed samples that lie in stretches of a source.

    Args:
        source: the recording.
        encoding: how a sample is written.
        rate: Hz.
        channels: interleaved.
        spans: ``(start, end)`` offsets of the samples that are there.
        promised: bytes of samples by the header; a warning tells what is missing of them.

    Raises:
        AudioOutOfBounds: the rate or number of channels.
        UnreadableAudio: there is not one whole sample.
    """
    check_format(source.name, rate, channels)
    width = encoding.width * channels
    frames = sum(end - start for start, end in spans) // width
    if not frames:
        raise source.refuse("holds no samples", "Record it again: its header has no sound behind.")

    def blocks() -> Iterator[Block]:
        file = Splice(source, spans)
        step = max(1, BLOCK // channels) * width
        found = 0
        while raw := file.read(step):
            usable = len(raw) - len(raw) % width
            found += usable // width
            if usable:
                whole = raw if usable == len(raw) else raw[:usable]
                yield encoding.decode(whole).reshape(-1, channels)
        if file.error is not None:
            raise file.error
        if found < promised // width:
            warn_short(source.name, rate, promised // width, found)

    levels: Literal["written", "bounded"] = "written" if encoding.kind == "float" else "bounded"
    return Track(rate, channels, frames, blocks, exact=True, levels=levels)
