"""Ctrl-C while a C library decodes."""

from __future__ import annotations

import signal
import sys
import threading

import numpy as np
import pytest

from voxtrait import audio
from voxtrait.audio.splice import Splice


@pytest.mark.parametrize("place", [0, -1])
def test_an_interrupt_within_a_callback_is_no_damaged_file(
    written, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    """libsndfile reads for the first time while it opens the file, and last while it decodes."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 100_000)
    data = written(noise, "FLAC", "PCM_16")
    calls: list[int] = []
    read, hook = Splice.read, sys.unraisablehook
    interrupted = -1

    def spied(self: Splice, count: int = -1) -> bytes:
        if len(calls) == interrupted:
            signal.raise_signal(signal.SIGINT)
        calls.append(count)
        return read(self, count)

    monkeypatch.setattr(Splice, "read", spied)
    assert len(audio.read(data)[0]) == len(noise)
    assert len(calls) > 2
    interrupted = range(len(calls))[place]
    calls.clear()
    with pytest.raises(KeyboardInterrupt):
        audio.read(data)
    assert sys.unraisablehook is hook


def test_other_threads_leave_the_hook_alone(long_sound, written) -> None:
    data = written(long_sound, "MP3", "MPEG_LAYER_III")
    lengths = []
    threads = [
        threading.Thread(target=lambda: lengths.append(len(audio.read(data)[0]))) for _ in range(3)
    ]
    hook = sys.unraisablehook
    for thread in threads:
        thread.start()
    lengths.append(len(audio.read(data)[0]))
    for thread in threads:
        thread.join()
    assert len(np.unique(lengths)) == 1
    assert sys.unraisablehook is hook
