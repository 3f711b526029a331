"""What cards say in words, out of ``words/*.md``. What is measured stands in tables beside it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

__all__ = ["ABOUT", "family", "words"]

FOLDER = Path(__file__).parent / "words"
ABOUT = {
    "gender": "the perceived gender of a voice, as the corpora's speakers or editors labelled it "
    "(how a voice is heard, never who somebody is)",
    "age": "the age of a voice, in six groups and in years with an 80 % interval",
    "digit": "which English digit was spoken, or that it was none",
}


def family(traits: Collection[str]) -> str:
    """Which page of limits, uses and law a model needs."""
    if not traits:
        return "speech"
    return "digit" if set(traits) == {"digit"} else "voice"


def words(name: str) -> str:
    """One text, as it stands in the card."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()
