"""What the scripts that make words share: clips and their table, written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from voxtrait.errors import MissingRequirement, OutOfSpace
from voxtrait.system import DISK_IS_FULL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

RATE = 16_000


def check_espeak() -> None:
    """Raise `MissingRequirement` where there is no espeak-ng."""
    if shutil.which("espeak-ng") is None:
        raise MissingRequirement(
            "espeak-ng, which speaks the words, is not on this machine.",
            "Install it, on Debian with: apt-get install espeak-ng",
        )


@contextmanager
def writing(output: Path) -> Iterator[None]:
    """Turns what the disk refuses into `OutOfSpace` and `MissingRequirement`."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_IS_FULL:
            raise OutOfSpace(
                f"Cannot write below {output}: {error.strerror}.", "Make room, then run it again."
            ) from error
        raise MissingRequirement(
            f"Cannot use {error.filename or output}: {error.strerror}.",
            "Check that it may be read and written, or give another --output.",
        ) from error


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
    target.parent.mkdir(parents=True, exist_ok=True)
    encoded = io.BytesIO()
    soundfile.write(encoded, sound, RATE, format="FLAC", subtype="PCM_16")
    put(target, encoded.getvalue())


def write_table(target: Path, columns: Sequence[str], rows: list[list[object]]) -> None:
    """One row a clip: path, these columns, SHA-256 of the samples."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["path", *columns, "sha256"])
    writer.writerows(rows)
    target.parent.mkdir(parents=True, exist_ok=True)
    put(target, text.getvalue().encode())


def put(target: Path, content: bytes) -> None:
    """Written beside, then renamed."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def progress(done: int, total: int) -> None:
    """A counter on standard error, rewritten in place on a terminal."""
    if sys.stderr.isatty():
        print(f"\r{done} of {total} clips", end="", file=sys.stderr)
    elif done % 500 == 0 or done == total:
        print(f"{done} of {total} clips", file=sys.stderr)
