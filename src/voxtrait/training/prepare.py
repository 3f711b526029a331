"""Recordings to features on disk, once for every training that agrees on how.

A killed preparation goes on where it stopped, and several trainings read the same files.
"""

from __future__ import annotations

import multiprocessing
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

import torch

from voxtrait.training.lessons import LessonMaker, lessons_name, teacher_of
from voxtrait.training.prepared import Prepared, open_prepared, shard_done
from voxtrait.training.shards import SHARD, Job, ShardMaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from voxtrait.corpora import Manifest, Utterance
    from voxtrait.training.recipe import Recipe

__all__ = ["prepare"]


class Maker(Protocol):
    """Writes one of a shard's files."""

    def make(self, shard: int) -> None:
        """See the class."""


def prepare(
    recipe: Recipe,
    manifest: Manifest,
    parts: dict[str, int],
    folder: Path,
    *,
    processes: int = 1,
    teachers: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Prepared:
    """Make every example of a recipe, and its teacher's lessons, or read those made before.

    Args:
        recipe: says which copies, and how they are changed.
        manifest: the recordings.
        parts: speaker to part; see `voxtrait.corpora.splits`.
        folder: the cache; one folder below it for each way to prepare.
        processes: how many make shards side by side.
        teachers: folder of the teachers' files; needed where the recipe names one.
        progress: called with what is done, shards done and shards in all.

    Raises:
        UsageError: the recipe names a teacher, and nobody said where its files lie.
        MissingRequirement: they are not there.
        WrongModel: they are others.
    """
    rows = list(manifest)
    key = f"{recipe.prepared_key()}-{_key_of(rows, parts)}"
    target = folder / key
    target.mkdir(parents=True, exist_ok=True)
    count = -(-len(rows) // SHARD)
    job, lessons = Job(recipe, rows, parts, target), lessons_name(recipe)
    stages: list[tuple[str, str, Callable[[], Maker]]] = [
        ("preparing", "index", partial(ShardMaker, job))
    ]
    if lessons:
        stages.append(("asking the teacher", lessons, partial(LessonMaker, job, teachers)))
        if not all(shard_done(target, shard, lessons) for shard in range(count)):
            teacher_of(recipe, teachers)  # what is not here is said before the work
    for stage, file, maker in stages:
        missing = [shard for shard in range(count) if not shard_done(target, shard, file)]
        made = _run(maker, missing, processes)
        for done, _ in enumerate(made, start=count - len(missing) + 1):
            if progress is not None:
                progress(stage, done, count)
    return open_prepared(manifest, target, count, lessons)


def _key_of(rows: Sequence[Utterance], parts: dict[str, int]) -> str:
    """Names the recordings: another one, another part or a file changed since is another key."""
    digest = sha256()
    for row in rows:
        file = row.path.stat()
        line = f"{row.speaker_id} {row.path} {parts.get(row.speaker_id, -1)}"
        line += f" {row.kind} {row.word or '-'} {row.category or '-'}"  # what is made of it
        digest.update(f"{line} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]


def _run(begin: Callable[[], Maker], shards: Sequence[int], processes: int) -> Iterator[None]:
    if not shards:
        return
    if processes <= 1 or len(shards) == 1:
        yield from map(begin().make, shards)
        return
    # spawn: a forked child of a process that used torch or onnxruntime may hang.
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, initializer=_start, initargs=(begin,)) as pool:
        yield from pool.imap_unordered(_make, shards)


_MAKER: Maker  # of a process of the pool


def _start(begin: Callable[[], Maker]) -> None:
    global _MAKER
    torch.set_num_threads(1)
    _MAKER = begin()


def _make(shard: int) -> None:
    _MAKER.make(shard)
