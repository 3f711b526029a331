"""Several corpora read into one manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from voxtrait import audio
from voxtrait.corpora.dropped import Dropped
from voxtrait.corpora.manifest import Manifest
from voxtrait.corpora.readers import CORPUS_FOLDERS, READERS
from voxtrait.corpora.recordings import is_folder
from voxtrait.errors import AudioError, CorpusError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from voxtrait.corpora.utterance import Utterance

__all__ = ["collect", "probed", "roots_of"]

Progress = Callable[[str, int], None]

# Where one gets what nobody can download.
MAKING = {"synthetic": " recipes/synthetic_digits.py makes it."}


def collect(
    roots: Mapping[str, Sequence[Path]],
    *,
    dropped: Mapping[str, Dropped] | None = None,
    probe: bool = False,
    progress: Progress | None = None,
) -> Manifest:
    """Read corpora one after another.

    Args:
        roots: folders of each corpus, by the reader's name; see ``roots_of``.
        dropped: counts what is left out of each corpus, by the reader's name.
        probe: look up each recording's duration and sample rate in its header. A recording whose
            header is not readable is then dropped and counted. Takes a file access for each row.
        progress: called with the corpus's name and the rows so far, every row.

    Raises:
        UsageError: no reader has that name.
        CorpusError: a folder, table or recording that a reader needs is missing.
    """
    rows: list[Utterance] = []
    for name, places in roots.items():
        _refuse_unknown(name)
        count = dropped.get(name) if dropped is not None else None
        count = Dropped() if count is None else count
        for place in places:
            read = READERS[name](place, count)
            for row in probed(read, count) if probe else read:
                rows.append(row)
                if progress is not None:
                    progress(name, len(rows))
    return Manifest(rows)


def roots_of(
    names: Iterable[str], corpora: Path | None, roots: Mapping[str, Sequence[Path]]
) -> dict[str, tuple[Path, ...]]:
    """Where the corpora lie.

    Args:
        names: which; without any, all that have a root or are found below ``corpora``.
        corpora: folder that holds corpora under their usual names, ``CORPUS_FOLDERS``.
        roots: folders given by name; they win.

    Returns:
        Folders by the reader's name, in the order asked for.

    Raises:
        UsageError: a name without reader, or without any way to find it.
        CorpusError: a corpus is not below ``corpora``, or none is.
    """
    wanted = list(dict.fromkeys(names))
    for name in (*wanted, *roots):
        _refuse_unknown(name)
    found: dict[str, tuple[Path, ...]] = {}
    for name in wanted or READERS:
        usual = CORPUS_FOLDERS.get(name, ())
        below = [corpora / inner for inner in usual] if corpora is not None else []
        where = f"Say where it lies: --root {name}=DIR, or --corpora.{MAKING.get(name, '')}"
        places = tuple(roots.get(name, ())) or tuple(filter(is_folder, below))
        if places:
            found[name] = places
        elif wanted and below:
            raise CorpusError(
                f"{name} is not in {corpora}: there is no folder {' or '.join(usual)}.",
                where,
            )
        elif wanted:
            raise UsageError(f"Nobody said where {name} lies.", where)
    if not found:
        hint = "Give --corpora DIR with corpora under their usual names, or --root NAME=DIR."
        if corpora is None:
            raise UsageError("No corpus was named.", hint)
        if not is_folder(corpora):
            raise CorpusError(f"There is no folder {corpora}.", hint)
        raise CorpusError(f"No corpus was found in {corpora}.", hint)
    return found


def _refuse_unknown(name: str) -> None:
    if name not in READERS:
        raise UsageError(f"No corpus is named {name!r}.", f"Known: {', '.join(READERS)}.")


def probed(rows: Iterable[Utterance], dropped: Dropped) -> Iterator[Utterance]:
    """The rows with the duration and sample rate that the recordings' headers give.

    Args:
        rows: any.
        dropped: counts the recordings whose header is not readable, which are left out.
    """
    for row in rows:
        try:
            duration, sample_rate = audio.probe(row.path)
        except AudioError as error:
            dropped.row(f"recording is not readable ({type(error).__name__})", row.path.name)
            continue
        yield replace(row, duration=duration, sample_rate=sample_rate)
