"""Recordings to features on disk, once for every training that agrees on how.

A killed preparation goes on where it stopped, and several trainings read the same files.
"""

from __future__ import annotations

import multiprocessing
from hashlib import sha256
from typing import TYPE_CHECKING

import torch

from voxtrait.training.prepared import Prepared, open_prepared, shard_done
from voxtrait.training.shards import SHARD, Job, ShardMaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from voxtrait.corpora import Manifest, Utterance
    from voxtrait.training.recipe import Recipe

__all__ = ["prepare"]


def prepare(
    recipe: Recipe,
    manifest: Manifest,
    parts: dict[str, int],
    folder: Path,
    *,
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Prepared:
    """Make every example that a recipe asks for, or read those made before.

    Args:
        recipe: says which copies, and how they are changed.
        manifest: the recordings.
        parts: speaker to part; see `voxtrait.corpora.splits`.
        folder: the cache; one folder below it for each way to prepare.
        processes: how many make shards side by side.
        progress: called with shards done and shards in all.
    """
    rows = list(manifest)
    key = f"{recipe.prepared_key()}-{_key_of(rows, parts)}"
    target = folder / key
    target.mkdir(parents=True, exist_ok=True)
    count = -(-len(rows) // SHARD)
    missing = [shard for shard in range(count) if not shard_done(target, shard)]
    job = Job(recipe, rows, parts, target)
    for done, _ in enumerate(_run(job, missing, processes), start=count - len(missing) + 1):
        if progress is not None:
            progress(done, count)
    return open_prepared(manifest, target, count)


def _key_of(rows: Sequence[Utterance], parts: dict[str, int]) -> str:
    """Names the recordings: another one, another part or a file changed since is another key."""
    digest = sha256()
    for row in rows:
        file = row.path.stat()
        line = f"{row.speaker_id} {row.path} {parts.get(row.speaker_id, -1)}"
        line += f" {row.kind} {row.word or '-'} {row.category or '-'}"  # what is made of it
        digest.update(f"{line} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]


def _run(job: Job, shards: Sequence[int], processes: int) -> Iterator[None]:
    if processes <= 1 or len(shards) <= 1:
        maker = ShardMaker(job)
        yield from map(maker.make, shards)
        return
    # spawn: a forked child of a process that used torch or onnxruntime may hang.
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, initializer=_start, initargs=(job,)) as pool:
        yield from pool.imap_unordered(_make, shards)


_MAKER: ShardMaker  # of a process of the pool


def _start(job: Job) -> None:
    global _MAKER
    torch.set_num_threads(1)
    _MAKER = ShardMaker(job)


def _make(shard: int) -> None:
    _MAKER.make(shard)
