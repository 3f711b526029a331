from __future__ import annotations

import os
import threading
import time

import pytest

from voxtrait.runtime import starting as module
from voxtrait.runtime.starting import starting


class Model:
    """Takes as long to start as it is told to."""

    def __init__(self) -> None:
        self.asked, self.ready = threading.Event(), threading.Event()

    def started(self, threads: int) -> bool:
        del threads
        return False

    def session(self, threads: int) -> None:
        del threads
        self.asked.set()
        self.ready.wait(30)


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def test_a_session_is_there_when_the_block_ends() -> None:
    model = Model()
    with starting([model], 1):
        assert model.asked.wait(10)
        threading.Timer(0.1, model.ready.set).start()
    assert model.ready.is_set()


def test_an_interrupt_does_not_wait_for_a_session_that_never_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "INTERRUPTED_S", 0.05)
    model = Model()
    began = time.monotonic()

    def interrupted() -> None:
        with starting([model], 1):
            assert model.asked.wait(10)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - began < 10
    model.ready.set()
