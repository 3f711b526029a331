"""Ctrl-C while a C library decodes."""

from __future__ import annotations

import signal
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from voxtrait import audio
from voxtrait.audio.interrupt import interruptible
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


def test_what_another_thread_does_meanwhile_is_left_alone() -> None:
    """Its own errors are reported as ever, and the hook that it sets stays."""
    told: list[object] = []
    former = sys.unraisablehook
    try:
        sys.unraisablehook = told.append
        with interruptible():
            keep = sys.unraisablehook
            lost = SimpleNamespace(
                exc_value=ValueError(), err_msg="from cffi callback", object=None
            )
            other = threading.Thread(target=keep, args=(lost,))
            other.start()
            other.join()
            assert told == [lost]
            theirs = lambda _: None  # noqa: E731
            sys.unraisablehook = theirs
        assert sys.unraisablehook is theirs
        keep(lost)  # somebody had put it aside, and put it back
        assert told == [lost, lost]
    finally:
        sys.unraisablehook = former


def test_in_other_threads_nothing_is_done() -> None:
    hooks = []

    def enter() -> None:
        with interruptible():
            hooks.append(sys.unraisablehook)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert hooks == [sys.unraisablehook]
