"""Options that several commands share: which models answer what, and how a recording is read."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from voxtrait.errors import UsageError
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxtrait import Predictor

__all__ = [
    "DEFAULT_SIZE",
    "SIZES",
    "as_channel",
    "as_seconds",
    "as_size",
    "as_trait",
    "load_predictor",
]


def _sizes() -> tuple[str, ...]:
    """The sizes that ship, the smallest first.

    Read from the list that `voxtrait.runtime.registry` reads: the registry itself imports NumPy,
    and --help must not wait for that.
    """
    file = Path(__file__).parents[1] / "runtime" / "models" / "checksums.json"
    names = json.loads(file.read_bytes()) if file.is_file() else ()
    shipped = {name.rpartition("-")[2] for name in names}
    return tuple(size for size in ("tiny", "small", "base") if size in shipped)


SIZES = _sizes()
DEFAULT_SIZE = "small"


def as_size(text: str) -> str:
    """The size of a shipped model."""
    if text not in SIZES:
        raise UsageError(
            f"--size {text}: no model of that size ships.",
            f"There are: {', '.join(SIZES)}. `voxtrait models` lists what ships.",
        )
    return text


def as_trait(text: str) -> str:
    """The name of a trait."""
    if text not in TRAITS:
        raise UsageError(f"--trait {text}: there is no such trait.", f"Known: {', '.join(TRAITS)}.")
    return text


def as_channel(text: str) -> str | int:
    """``mix``, or a channel's number."""
    if text != "mix" and not (text.isascii() and text.isdecimal()):
        raise UsageError(
            f"--channel {text}: that is no channel.", "Give mix, or a number: 0 is the first."
        )
    return text if text == "mix" else int(text)


def as_seconds(text: str) -> float:
    """A number of seconds above 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not seconds > 0:
        raise UsageError(
            f"--max-seconds {text}: that is no number of seconds.", "Give a number above 0."
        )
    return seconds


def load_predictor(
    traits: Sequence[str], models: Sequence[str], size: str, threads: int
) -> Predictor:
    """The predictor that ``--trait``, ``--model`` and ``--size`` ask for."""
    from voxtrait import load

    return load(models or traits or None, size=size, threads=threads, traits=traits)
