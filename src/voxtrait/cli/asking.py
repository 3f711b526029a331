"""Recordings to rows: what the predictor says of each, or why there is nothing to say."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from voxtrait import Predictor
    from voxtrait.cli.inputs import Recording
    from voxtrait.cli.rows import Row

__all__ = ["ask"]


def ask(
    predictor: Predictor,
    recordings: Sequence[Recording],
    *,
    max_seconds: float,
    channel: str | int,
    jobs: int,
) -> Iterator[Row]:
    """One row a recording, in order; those that have an error already come out with it."""
    from voxtrait.runtime import Failure

    asked: deque[Recording] = deque()

    def sources() -> Iterator[str | BinaryIO]:
        for recording in recordings:
            asked.append(recording)
            if recording.source is not None:
                yield recording.source

    def failed() -> Iterator[Row]:
        while asked and (error := asked[0].error) is not None:
            yield Failure(asked.popleft().name, error).to_dict()

    results = predictor.predict_many(
        sources(),
        jobs=jobs,
        # Small enough that every job has its share of a few recordings.
        batch_size=max(1, min(32, len(recordings) // (2 * jobs))),
        on_error="return",
        max_seconds=max_seconds,
        channel=channel,
    )
    # Which channel was listened to is part of an answer where it is not all of them.
    which = {} if channel == "mix" else {"channel": channel}
    for result in results:
        yield from failed()
        yield {**result.to_dict(), "path": asked.popleft().name, **which}
    yield from failed()
