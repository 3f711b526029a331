"""Recordings as users bring them: files, and arrays of samples."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np

from voxtrait import audio
from voxtrait.audio.bounds import check_format, check_levels, check_seconds, too_long
from voxtrait.errors import UnreadableAudio, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

__all__ = ["is_array", "opened"]

NAME = "The waveform"
BLOCK_SECONDS = 10


@contextlib.contextmanager
def opened(
    source: Any, sample_rate: int | None, max_seconds: float, channel: str | int
) -> Iterator[tuple[int, Iterable[NDArray[np.float32]]]]:
    """A recording's sample rate and its mono blocks of 10 s, float32 ``[samples]``.

    Args:
        source: a path, the bytes of a file, a binary file object, or an array ``[samples]``.
        sample_rate: of an array, Hz.
        max_seconds: a longer recording is refused.
        channel: of a file: ``"mix"``, or a number.

    Raises:
        AudioError: the recording cannot be used; also while its blocks are iterated over.
        UsageError: an array that is no waveform or has no rate; a file with one.
    """
    if is_array(source):
        waveform = _as_waveform(source, sample_rate, max_seconds)
        assert sample_rate is not None
        size = BLOCK_SECONDS * int(sample_rate)
        starts = range(0, len(waveform), size)
        yield sample_rate, (waveform[start : start + size] for start in starts)
        return
    if isinstance(source, list | tuple):
        raise UsageError(
            f"A waveform came as a {type(source).__name__}; it must be an array.",
            "Give numpy.array(waveform), and its sample rate.",
        )
    if sample_rate is not None:
        raise UsageError("sample_rate was given for a file, which knows its own.", "Leave it out.")
    with audio.open_stream(
        source, block_seconds=BLOCK_SECONDS, max_seconds=max_seconds, channel=channel
    ) as stream:
        yield stream.sample_rate, stream


def is_array(source: object) -> bool:
    """Whether this is an array (of NumPy, torch or others) rather than a file."""
    return hasattr(source, "__array__")


def _as_waveform(source: Any, sample_rate: int | None, max_seconds: float) -> NDArray[np.float32]:
    """An array as the waveform it stands for, float32 ``[samples]``.

    Args:
        source: ``[samples]``; floats with full scale at 1, or 8, 16 or 32 bit integers.
        sample_rate: Hz, 4,000 to 384,000.
        max_seconds: more than this is refused.

    Raises:
        UsageError: no sample rate, several channels, or no numbers.
        UnreadableAudio: no samples.
        AudioOutOfBounds: too long, an odd rate, or levels that no sound has.
    """
    if sample_rate is None:
        raise UsageError(
            "A waveform came without its sample rate.", "Give it too: predict(waveform, 16000)."
        )
    if isinstance(sample_rate, bool) or not isinstance(sample_rate, int | float | np.number):
        raise UsageError(
            f"The sample rate is {sample_rate!r}; it must be a number.", "Give Hz, such as 16000."
        )
    samples = np.asarray(source)
    if samples.ndim != 1:
        raise UsageError(
            f"The waveform has the shape {samples.shape}; it must be [samples], one channel.",
            "Mix the channels: waveform.mean(axis=0), or axis=1 where channels come last.",
        )
    check_seconds(max_seconds)
    check_format(NAME, sample_rate, 1)
    if not len(samples):
        raise UnreadableAudio(f"{NAME} has no samples.", "Check how it was recorded or cut.")
    if len(samples) > max_seconds * sample_rate:
        raise too_long(NAME, max_seconds)
    waveform = _as_float(samples)
    check_levels(waveform, NAME)
    return waveform


def _as_float(samples: NDArray[Any]) -> NDArray[np.float32]:
    kind = samples.dtype.newbyteorder("=")
    if kind == np.uint8:  # eight bits are stored without a sign
        return (samples.astype(np.float32) - np.float32(128)) / np.float32(128)
    if kind in (np.int8, np.int16, np.int32):
        return samples.astype(np.float32) / np.float32(2.0 ** (8 * kind.itemsize - 1))
    if kind.kind == "f":
        # What float32 cannot hold becomes infinite and is refused as such.
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(samples, np.float32)
    raise UsageError(
        f"The waveform's samples are of type {kind}; they must be floats, or integers of up to "
        "32 bits.",
        "Convert it: waveform.astype('float32'), with full scale at 1.",
    )
