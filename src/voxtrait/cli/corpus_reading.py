"""Corpora and manifest files read into rows, with progress on a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from voxtrait.errors import ManifestError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from voxtrait.corpora import Utterance
    from voxtrait.corpora.dropped import Dropped
    from voxtrait.corpora.manifest import Manifest

__all__ = ["read_corpora", "read_manifests"]


def read_corpora(
    names: Sequence[str],
    corpora: Path | None,
    roots: Mapping[str, Sequence[Path]],
    *,
    probe: bool,
) -> tuple[Manifest, dict[str, Dropped]]:
    """Read corpora from their folders.

    Args:
        names: which; all that are found if none is named.
        corpora: folder that holds them under their usual names.
        roots: folders by corpus.
        probe: look up durations and sample rates.

    Returns:
        Their rows, and by corpus what was left out.

    Raises:
        UsageError: an unknown name, or nobody said where a corpus lies.
        CorpusError: it is not there, or breaks its naming rule.
    """
    from voxtrait.corpora import Dropped
    from voxtrait.corpora.collection import collect, roots_of

    places = roots_of(names, corpora, roots)
    dropped = {name: Dropped() for name in places}
    with _status() as progress:
        return collect(places, dropped=dropped, probe=probe, progress=progress), dropped


def read_manifests(
    files: Sequence[str], *, probe: bool = False
) -> tuple[list[Utterance], dict[str, Dropped]]:
    """The rows of manifest files, whose recordings must be there.

    Args:
        files: their names.
        probe: look up durations and sample rates.

    Returns:
        The rows, and by file what was left out.

    Raises:
        UsageError: a name that is neither a corpus nor a file.
        ManifestError: a row is wrong, or its recording is gone, or there is no row.
    """
    from voxtrait.corpora import READERS, Dropped, Manifest
    from voxtrait.corpora.collection import probed

    rows: list[Utterance] = []
    dropped = {file: Dropped() for file in files}
    for file in files:
        if not Path(file).exists() and Path(file).suffix == "":
            raise UsageError(
                f"{file!r} is neither a corpus nor a manifest.", f"Corpora: {', '.join(READERS)}."
            )
    for file in files:
        manifest = Manifest.read_jsonl(file)
        if not manifest:
            raise ManifestError(
                f"The manifest {file} holds no rows.", "`voxtrait corpus read` writes one."
            )
        manifest.check_files()
        rows += probed(manifest, dropped[file]) if probe else manifest
    return rows, {file: counts for file, counts in dropped.items() if counts.rows}


@contextmanager
def _status() -> Iterator[Callable[[str, int], None] | None]:
    """Which corpus is being read, and how many rows so far; on a terminal only."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("Reading") as status:

        def show(name: str, rows: int) -> None:
            if rows % 500 == 0:
                status.update(f"Reading {name}: {rows} recordings")

        yield show
