"""Speech is cut the same way however it comes, and no window is a short end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxtrait.runtime.windows import WindowCutter


def windows(total: int, length: int, hop: int, step: int = 7) -> list[tuple[int, int]]:
    """First and last sample of each window of a ramp that comes in steps."""
    ramp = np.arange(total, dtype=np.float32)
    cutter = WindowCutter(length, hop)
    found = [w for at in range(0, total, step) for w in cutter.push(ramp[at : at + step])]
    return [(int(w[0]), int(w[-1])) for w in [*found, *cutter.finish()]]


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (0, []),
        (4, [(0, 3)]),
        (10, [(0, 9)]),
        (14, [(0, 6), (7, 13)]),
        (19, [(0, 9), (9, 18)]),
        (20, [(0, 9), (10, 19)]),
        (30, [(0, 9), (10, 19), (20, 29)]),
        (34, [(0, 9), (10, 19), (20, 26), (27, 33)]),
    ],
)
def test_the_rest_is_one_window_or_two_halves(total: int, expected: list[tuple[int, int]]) -> None:
    assert windows(total, 10, 10) == expected


def test_overlapping_windows_end_with_the_same_overlap() -> None:
    assert windows(28, 10, 5) == [(0, 9), (5, 14), (10, 19), (15, 23), (19, 27)]


@given(
    total=st.integers(1, 200),
    length=st.integers(1, 40),
    hop=st.integers(1, 40),
    step=st.integers(1, 60),
)
def test_every_sample_is_in_a_window_and_none_is_shorter_than_half(
    total: int, length: int, hop: int, step: int
) -> None:
    hop = min(hop, length)
    found = windows(total, length, hop, step)
    assert found == windows(total, length, hop, total)
    covered = {sample for first, last in found for sample in range(first, last + 1)}
    assert covered == set(range(total))
    sizes = [last - first + 1 for first, last in found]
    assert max(sizes) <= length
    assert min(sizes) >= min(total, length / 2)
