"""What the scripts that make words share: clips and their table, written whole or not at all."""

from __future__ import annotations

import csv
import io
import shutil
import sys
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from voxtrait.errors import MissingRequirement
from voxtrait.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RATE = 16_000


def check_espeak() -> None:
    """Raise `MissingRequirement` where there is no espeak-ng."""
    if shutil.which("espeak-ng") is None:
        raise MissingRequirement(
            "espeak-ng, which speaks the words, is not on this machine.",
            "Install it, on Debian with: apt-get install espeak-ng",
        )


def trimmed(sound: np.ndarray, margin: int = RATE // 20) -> np.ndarray:
    """Without the silence around it, but 50 ms."""
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > 200)
    if loud.size == 0:
        return sound[:0]
    return sound[max(0, loud[0] - margin) : loud[-1] + 1 + margin]


def write_clip(target: Path, sound: np.ndarray) -> None:
    """A FLAC file that is there whole or not at all."""
    if target.exists():
        return
    encoded = io.BytesIO()
    soundfile.write(encoded, sound, RATE, format="FLAC", subtype="PCM_16")
    write_whole(target, encoded.getvalue())


def write_table(target: Path, columns: Sequence[str], rows: list[list[object]]) -> None:
    """One row a clip: path, these columns, SHA-256 of the samples."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["path", *columns, "sha256"])
    writer.writerows(rows)
    write_whole(target, text.getvalue().encode())


def progress(done: int, total: int) -> None:
    """A counter on standard error, rewritten in place on a terminal."""
    if sys.stderr.isatty():
        print(f"\r{done} of {total} clips", end="", file=sys.stderr)
    elif done % 500 == 0 or done == total:
        print(f"{done} of {total} clips", file=sys.stderr)
