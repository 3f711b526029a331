"""Recordings to rows: what the predictor says of each, or why there is nothing to say."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    debug: bool = False,
) -> Iterator[Row]:
    """One row a recording, in order; those that have an error already come out with it.

    With ``debug`` the traceback of each error goes to standard error.
    """
    from voxtrait.runtime import Failure

    results = predictor.predict_many(
        [recording.source for recording in recordings if recording.error is None],
        jobs=jobs,
        on_error="return",
        max_seconds=max_seconds,
        channel=channel,
    )
    # Which channel was listened to is part of an answer where it is not all of them.
    which = {} if channel == "mix" else {"channel": channel}
    with closing(results):
        for recording in recordings:
            error = recording.error
            result = next(results) if error is None else Failure(recording.name, error)
            if debug and isinstance(result, Failure):
                import traceback

                traceback.print_exception(result.error)
            more = which if error is None else {}
            yield {**result.to_dict(), "path": recording.name, **more}
