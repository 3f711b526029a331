"""Items made ahead of their use."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from voxtrait.training.prefetch import prefetch


def made(count: int, log: list[str]) -> Iterator[int]:
    for number in range(count):
        log.append(f"made {number}")
        yield number


def test_all_items_come_in_order() -> None:
    assert list(prefetch(made(5, []), 2)) == [0, 1, 2, 3, 4]
    assert list(prefetch(made(0, []), 2)) == []


def test_the_next_is_made_while_one_is_used() -> None:
    second = threading.Event()

    def two() -> Iterator[int]:
        yield 1
        second.set()
        yield 2

    for item in prefetch(two(), 1):
        assert second.wait(30), f"nothing is made while {item} is used"


def test_an_error_comes_where_it_was_made() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    items = prefetch(broken(), 3)
    assert next(items) == 1
    with pytest.raises(OSError, match="gone"):
        next(items)


def test_who_stops_early_is_not_kept_waiting_by_the_rest() -> None:
    log: list[str] = []
    items = prefetch(made(1000, log), 4)
    next(items)
    del items  # closes the generator
    assert len(log) <= 6
