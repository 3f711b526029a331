"""What comes next is made while the present is used."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["prefetch"]

Item = TypeVar("Item")
END = object()


def prefetch(items: Iterator[Item], count: int) -> Iterator[Item]:
    """The same items in the same order, made by a thread, up to ``count`` of them ahead.

    NumPy and torch leave the interpreter to other threads while they compute, so that a training
    step need not wait for its batch. What making an item raises comes where it would have come.

    Args:
        items: made one after another, never two at a time.
        count: at least 1; several even out items of which a few take long.
    """
    with ThreadPoolExecutor(1, "prefetch") as pool:
        coming: deque[Future[Item | object]] = deque(
            pool.submit(next, items, END) for _ in range(count)
        )
        try:
            while (item := coming.popleft().result()) is not END:
                coming.append(pool.submit(next, items, END))
                yield item  # type: ignore[misc]  # only END is not an Item
        finally:
            for future in coming:
                future.cancel()
