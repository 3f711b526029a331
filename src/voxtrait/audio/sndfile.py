"""Decoding by libsndfile, block by block, keeping what was decoded before an error."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from voxtrait.audio.bounds import check_format
from voxtrait.audio.c_output import silenced
from voxtrait.audio.interrupt import interruptible
from voxtrait.audio.track import BLOCK, Block, Track
from voxtrait.audio.warning import warn_short
from voxtrait.errors import BrokenPackage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxtrait.audio.source import Source
    from voxtrait.audio.splice import Splice

__all__ = ["open_sound"]

DAY = 86_400  # seconds; a header that claims more is not used as an estimate
TOLERATED_S = 0.05  # what a lossy format's header may promise too much: one frame or packet


def open_sound(source: Source, file: Splice, *, frames: int = 0, tolerated: int = -1) -> Track:
    """A file of a format that libsndfile finds by its content.

    Args:
        source: the recording, for messages.
        file: what libsndfile gets to see of it.
        frames: samples a channel that were counted beforehand; 0 to believe libsndfile.
        tolerated: frames that may be missing without a warning; 50 ms by default.

    Raises:
        UnreadableAudio: libsndfile does not know or like it.
        AudioOutOfBounds: the sample rate or the number of channels.
        BrokenPackage: soundfile or its libsndfile is not there.
    """
    sound = _open(source, file)
    rate, channels = int(sound.samplerate), int(sound.channels)
    check_format(source.name, rate, channels)
    if not frames:
        frames = int(sound.frames) if 0 < sound.frames < DAY * rate else 0
    tolerance = int(TOLERATED_S * rate) if tolerated < 0 else tolerated

    def blocks() -> Iterator[Block]:
        found = 0
        # An exact first request saves a small file the memory of a whole block.
        step = min(BLOCK // channels, frames + 1) if frames else BLOCK // channels
        with contextlib.closing(sound):
            while True:
                block, ended = _read(sound, step, channels)
                found += len(block)
                if len(block):
                    yield block
                if ended:
                    break
        if file.error is not None:
            raise file.error
        if found < frames - tolerance:
            if not found:
                raise source.refuse("is damaged: not one sample could be decoded")
            warn_short(source.name, rate, frames, found)

    return Track(rate, channels, frames, blocks)


def _open(source: Source, file: Splice) -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as error:  # an OSError where it finds no libsndfile
        otherwise = "where it brings no libsndfile of its own, install the system's"
        raise BrokenPackage("soundfile", error, otherwise) from error
    try:
        with silenced(), interruptible():
            return soundfile.SoundFile(file)
    except (soundfile.SoundFileError, RuntimeError, TypeError) as error:
        if file.error is not None:
            raise file.error from None
        raise source.refuse("cannot be decoded: it is damaged or of an unknown kind") from error


def _read(sound: Any, count: int, channels: int) -> tuple[Block, bool]:
    """Up to ``count`` frames, and whether they were the last.

    ``SoundFile.read`` would ask the header how many are left, seek after each block, and throw away
    what was decoded before an error; the C function below it does none of that.
    """
    import soundfile

    block = np.empty((count, channels), np.float32)
    buffer = soundfile._ffi.from_buffer("float[]", block)
    with silenced(), interruptible():
        found = max(0, int(soundfile._snd.sf_readf_float(sound._file, buffer, count)))
    return block[:found], found < count


def _renew_lock() -> None:
    # A forked child has only the thread that forked: a lock that another held would stay held.
    soundfile = sys.modules.get("soundfile")
    if soundfile is not None:
        soundfile.SoundFile._sf_error_lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)
