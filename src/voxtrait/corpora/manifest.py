"""A list of utterances, kept as JSON Lines.

One object a line, with the fields of ``Utterance`` that are not empty. Paths below the manifest's
root, by default the folder it lies in, are written relative to it with ``/``, so that corpora and
manifest may move together; others are written whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

from voxtrait.corpora.description import Description, describe
from voxtrait.corpora.line import absolute, parse_line, to_line
from voxtrait.corpora.recordings import is_file
from voxtrait.corpora.utterance import Utterance
from voxtrait.errors import ManifestError
from voxtrait.whole_file import write_whole

__all__ = ["Manifest"]


class Manifest(Sequence[Utterance]):
    """Utterances in order.

    Args:
        utterances: the rows; read once and kept.
    """

    def __init__(self, utterances: Iterable[Utterance] = ()) -> None:
        self._rows = tuple(utterances)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Utterance]:
        return iter(self._rows)

    @overload
    def __getitem__(self, index: int) -> Utterance: ...
    @overload
    def __getitem__(self, index: slice) -> Manifest: ...
    def __getitem__(self, index: int | slice) -> Utterance | Manifest:
        return Manifest(self._rows[index]) if isinstance(index, slice) else self._rows[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Manifest) and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment]  # rows hold dictionaries

    def __repr__(self) -> str:
        return f"Manifest of {len(self)} recordings"

    @classmethod
    def read_jsonl(cls, path: Path | str, *, root: Path | str | None = None) -> Manifest:
        """Read a manifest; recordings are not looked at, see ``check_files``.

        Args:
            path: a file written by ``write_jsonl``.
            root: folder that relative paths start from; by default the one ``path`` lies in.

        Raises:
            ManifestError: no such file, or a line that is no utterance; the message names it.
        """
        path = Path(path)
        start = path.parent if root is None else Path(root)
        rows = []
        try:
            with path.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, start=1):
                    if line.strip():
                        rows.append(parse_line(line, start, f"{path.name}, line {number}"))
        except OSError as error:
            raise ManifestError(
                f"The manifest {path} cannot be read ({error.strerror}).",
                "`voxtrait corpus read` writes one.",
            ) from error
        except UnicodeDecodeError as error:
            raise ManifestError(f"{path} is not text in UTF-8.", "Is it a manifest?") from error
        return cls(rows)

    def write_jsonl(self, path: Path | str, *, root: Path | str | None = None) -> None:
        """Write the manifest whole or not at all.

        Args:
            path: the file; an older one is replaced at the end, in one step.
            root: folder below which paths are written relative; by default the one of ``path``, and
                none where that is a link.

        Raises:
            OutOfSpace: the disk is full.
            MissingRequirement: the file cannot be written for another reason.
        """
        path = Path(path)
        start: Path | None = absolute(path.parent if root is None else Path(root))
        if root is None and path.is_symlink():
            start = None  # whoever follows the link, or does not, finds the recordings
        write_whole(path, "".join(f"{to_line(row, start)}\n" for row in self).encode())

    def check_files(self) -> None:
        """Make sure that every recording is there.

        Raises:
            ManifestError: some are not; the message says how many and names the first.
        """
        gone = [(number, row) for number, row in enumerate(self, 1) if not is_file(row.path)]
        if gone:
            number, row = gone[0]
            raise ManifestError(
                f"{len(gone)} of {len(self)} recordings of the manifest are gone; the first, in "
                f"row {number}, is {str(row.path)!r}.",
                "Give the folder that its paths start from, or read the corpus again.",
            )

    def describe(self) -> Description:
        """How many recordings and speakers there are of each label, language and so on."""
        return describe(self)
