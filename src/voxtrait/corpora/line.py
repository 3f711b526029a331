"""One utterance as a line of JSON, and back."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

from voxtrait.corpora.utterance import Utterance
from voxtrait.errors import CorpusError, ManifestError

__all__ = ["absolute", "parse_line", "to_line"]

HINT = "Write manifests with `voxtrait corpus read`, or correct this line."
FIELDS = {field.name: field for field in fields(Utterance)}
TYPES: dict[str, tuple[type, ...]] = {
    "labels": (dict,),
    "age_years": (int, float, type(None)),
    "duration": (int, float),
    "sample_rate": (int,),
}


def to_line(row: Utterance, root: Path | None = None) -> str:
    """One utterance as the line that stands for it, without its line break.

    Args:
        row: the utterance.
        root: an absolute folder below which paths are written relative; ``None`` for never.
    """
    whole = absolute(row.path)
    inner = root is not None and whole.is_relative_to(root)
    shown = whole.relative_to(root).as_posix() if root is not None and inner else str(whole)
    cells: dict[str, Any] = {"path": shown}
    for name, field in FIELDS.items():
        value = getattr(row, name)
        if name != "path" and value != field.default and value != {}:
            cells[name] = value
    # Escaped to ASCII: a file's name may hold bytes that are no UTF-8.
    return json.dumps(cells)


def parse_line(line: str, root: Path, where: str) -> Utterance:
    """The utterance that a line stands for.

    Args:
        line: an object of JSON.
        root: folder that a relative path starts from.
        where: file and number of the line, for the error.

    Raises:
        ManifestError: the line is no utterance.
    """
    try:
        cells = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"{where}: not JSON ({error}).", HINT) from error
    if not isinstance(cells, dict):
        raise ManifestError(f"{where}: not an object.", HINT)
    if unknown := sorted(cells.keys() - FIELDS.keys()):
        raise ManifestError(
            f"{where}: unknown field {unknown[0]!r}.", f"Known: {', '.join(FIELDS)}."
        )
    for name in ("path", "corpus", "speaker_id"):
        if not cells.get(name):
            raise ManifestError(f"{where}: {name!r} is missing.", HINT)
    for name, value in cells.items():
        if not _fits(name, value):
            raise ManifestError(f"{where}: {name!r} cannot be {value!r:.60}.", HINT)
    if not cells["speaker_id"].startswith(f"{cells['corpus']}/"):
        raise ManifestError(
            f"{where}: the speaker_id {cells['speaker_id']!r} is not of the corpus.",
            f"A speaker's id is {cells['corpus']}/SPEAKER, so that no two corpora share one.",
        )
    try:
        return Utterance(**{**cells, "path": root / cells["path"]})
    except CorpusError as error:
        raise ManifestError(f"{where}: {error.message}", error.hint) from error


def absolute(path: Path) -> Path:
    """The whole path, links kept."""
    # Not resolve(): where a corpus is a link to another disk, the link is what moves along.
    if path.is_absolute() and ".." not in path.parts:
        return path
    return Path(os.path.normpath(Path.cwd() / path))


def _fits(name: str, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, TYPES.get(name, (str,))):
        return False
    if isinstance(value, int | float):
        return 0 <= value < 1e9  # neither nan nor infinite
    return not isinstance(value, str) or "\0" not in value
