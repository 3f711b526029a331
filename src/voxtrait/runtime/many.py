"""Many recordings answered in slices, by one thread or several."""

from __future__ import annotations

import operator
import os
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, TypeAlias

from voxtrait.audio.warning import noted
from voxtrait.errors import AudioError, UnusablePackage, UsageError
from voxtrait.runtime.batch import Batch
from voxtrait.runtime.prediction import Failure, Prediction

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Future

    from voxtrait.runtime.hearing import Hearing

__all__ = ["StoppedError", "answer_many"]

Hear: TypeAlias = "Callable[[Batch, Any, Callable[[], bool]], Hearing]"
Answered: TypeAlias = "Prediction | Failure"
# Bytes of one slice: long recordings are answered one by one, so that the first answer does not
# wait for the last of a batch, and an interrupted run loses little.
MOST_BYTES = 4 << 20


class StoppedError(Exception):
    """Nobody waits for this recording any more; not an error to anybody outside."""


def answer_many(
    hear: Hear,
    sources: Iterable[Any],
    *,
    threads: int,
    batch_size: int,
    jobs: int,
    on_error: str,
) -> Generator[Answered, None, None]:
    """Answer recordings in order; see ``Predictor.predict_many``.

    Args:
        hear: reads one recording to its end.
        sources: the recordings.
        threads: of each run of a network.
        batch_size: recordings of a slice, at most.
        jobs: slices that are answered at the same time.
        on_error: ``"raise"`` or ``"return"``.
    """
    stop = threading.Event()

    def answer(slice_: list[Any]) -> list[Answered]:
        return _answer(hear, slice_, Batch(threads), stop.is_set)

    slices = _slices(sources, batch_size, jobs)
    answered = map(answer, slices) if jobs == 1 else _in_threads(answer, slices, jobs, stop)
    try:
        for slice_ in answered:
            for one in slice_:
                if isinstance(one, Failure) and on_error == "raise":
                    raise one.error
                yield one
    finally:
        # Not left to the garbage collector: a traceback that somebody keeps would keep threads.
        if not isinstance(answered, map):
            answered.close()


def _answer(
    hear: Hear, sources: list[Any], batch: Batch, stop: Callable[[], bool]
) -> list[Answered]:
    heard: list[Hearing | Failure] = []
    for source in sources:
        if stop():
            return []
        with noted() as notes:
            try:
                heard.append(hear(batch, source, stop))
            except (AudioError, UnusablePackage, UsageError) as error:
                heard.append(Failure(_path(source), error, tuple(notes)))
            except StoppedError:
                return []
    batch.run()
    return [one if isinstance(one, Failure) else one.prediction() for one in heard]


def _in_threads(
    answer: Callable[[list[Any]], list[Answered]],
    slices: Iterable[list[Any]],
    jobs: int,
    stop: threading.Event,
) -> Generator[list[Answered], None, None]:
    from concurrent.futures import ThreadPoolExecutor

    # As many slices again as threads: the last ones are small, and done while the first of those
    # that wait is still being answered.
    waiting: deque[Future[list[Answered]]] = deque()
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="voxtrait")
    try:
        for slice_ in slices:
            waiting.append(pool.submit(answer, slice_))
            if len(waiting) >= 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # Also when the user interrupts, or takes no more answers: a thread cannot be killed, but
        # it looks here before each recording and each 10 s of one.
        stop.set()
        pool.shutdown(cancel_futures=True)


def _slices(sources: Iterable[Any], batch_size: int, jobs: int) -> Iterator[list[Any]]:
    """Neighbours that are answered together.

    Towards the end they become fewer, so that no job is left alone with the last ones: guided
    self-scheduling (Polychronopoulos and Kuck, 1987). Of a few recordings the first answers do not
    wait for the last.
    """
    left = _length(sources)
    slice_: list[Any] = []
    size = 0
    for source in sources:
        slice_.append(source)
        size += _bytes(source)
        if len(slice_) >= _most(batch_size, left, jobs) or size > MOST_BYTES:
            yield slice_
            left -= len(slice_)
            slice_, size = [], 0
    if slice_:
        yield slice_


def _length(sources: Iterable[Any]) -> int:
    """How many recordings there are, by their own account; 0 where it is not known."""
    try:
        return operator.length_hint(sources)
    except Exception:  # noqa: BLE001 - whatever a lazy data set raises; it can be iterated over
        return 0


def _most(batch_size: int, left: int, jobs: int) -> int:
    """Recordings of the next slice, at most; all of a batch where ``left`` is not known."""
    return batch_size if left <= 0 else max(1, min(batch_size, left // (2 * jobs)))


def _bytes(source: Any) -> int:
    """About how long a recording is; its own size is the cheapest hint."""
    if isinstance(source, str | os.PathLike):
        try:
            return os.stat(source).st_size  # noqa: PTH116 - a Path cannot hold every name
        except (OSError, ValueError):
            return 0
    if isinstance(source, bytes | bytearray | memoryview):
        return len(source)
    # A file object: whoever hands one over waits for its answer.
    return int(getattr(source, "nbytes", MOST_BYTES + 1))


def _path(source: Any) -> str | None:
    return os.fspath(source) if isinstance(source, str | os.PathLike) else None
