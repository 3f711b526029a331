"""What earlier runs answered, so that a resumed one neither repeats nor loses it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voxtrait.cli.text import escape
from voxtrait.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from voxtrait import Predictor
    from voxtrait.cli.inputs import Recording
    from voxtrait.cli.rows import Line

__all__ = ["Earlier"]

ANOTHER_FILE = "or write to another file."


@dataclass(slots=True)
class Earlier:
    """Answers of earlier runs; empty where none is resumed.

    Args:
        key: an input's name as the lines hold it.
        answered: how often each key was answered: an input given twice is answered twice.
        failed: how often each key got an error instead; these are tried again.
        models: trait to the model files that answered it, as answers name them.
        asked: the traits that each line was asked for, answered or withheld.
        channels: the channels that were listened to; None for all of them mixed.
    """

    key: Callable[[str], str]
    answered: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    models: dict[str, set[str]] = field(default_factory=dict)
    asked: set[frozenset[str]] = field(default_factory=set)
    channels: set[int | None] = field(default_factory=set)
    _again: Counter[str] = field(default_factory=Counter)

    def add(self, line: Line) -> None:
        """Count a line that was read again."""
        if line.failed:
            self.failed[line.key] += 1
            return
        self.answered[line.key] += 1
        self.channels.add(line.channel)
        self.asked.add(line.withheld.union(line.models))
        for trait, model in line.models.items():
            self.models.setdefault(trait, set()).add(model)

    def note(self, name: str, *, failed: bool) -> None:
        """Count an answer of this run, where an earlier one to the same input failed."""
        key = self.key(name)
        if key in self.failed:
            (self.failed if failed else self.answered)[key] += 1

    def left_of(self, recordings: Iterable[Recording]) -> list[Recording]:
        """The recordings that are still to be answered, in order; those that failed are again."""
        done, left = self.answered.copy(), []
        for recording in recordings:
            key = self.key(recording.name)
            if key in self.failed:
                self._again[key] += 1
            if done[key] > 0:
                done[key] -= 1
            else:
                left.append(recording)
        return left

    def outdated(self) -> Counter[str]:
        """How many errors of each key, the first in the file, now have something in their place."""
        spare = {
            key: self.failed[key] - max(0, again - self.answered[key])
            for key, again in self._again.items()
        }
        return Counter({key: count for key, count in spare.items() if count > 0})

    def check_same_options(self, predictor: Predictor, channel: str | int) -> None:
        """Refuse to put answers beside earlier ones that other options asked for.

        Raises:
            UsageError: other traits, another model file or another channel.
        """
        self._check_channel(channel)
        self._check_models(predictor.editions)
        self._check_traits(predictor.traits)

    def _check_channel(self, channel: str | int) -> None:
        now = None if channel == "mix" else channel
        for before in self.channels - {now}:
            raise UsageError(
                f"The file was begun with --channel {'mix' if before is None else before}, "
                f"not {channel}.",
                f"Resume with the same --channel, {ANOTHER_FILE}",
            )

    def _check_models(self, editions: Mapping[str, str]) -> None:
        for trait, models in self.models.items():
            now = editions.get(trait, "")
            for before in models - {now, escape(now)} if now else ():  # escaped in CSV
                raise UsageError(
                    f"The file was begun with {before} for {trait}, not with {now}.",
                    f"Resume with the same model file (--model, --size), {ANOTHER_FILE}",
                )

    def _check_traits(self, now: Iterable[str]) -> None:
        for before in self.asked:
            for more in sorted(before.difference(now)):
                raise UsageError(
                    f"The file was begun with answers for {more} too, which is not asked for now.",
                    f"Resume with the same --trait and --model, {ANOTHER_FILE}",
                )
            for more in sorted(set(now) - before):
                raise UsageError(
                    f"The file was begun without answers for {more}, which is asked for now.",
                    f"Resume with the same --trait and --model, {ANOTHER_FILE}",
                )
