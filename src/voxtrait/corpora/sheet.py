"""Data sheets: what a reader's module says about its corpus."""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import dataclass

from voxtrait.corpora.readers import READERS

__all__ = ["Sheet", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A corpus in words.

    Args:
        name: of its reader.
        title: one line.
        licence: of the recordings.
        text: the whole data sheet.
    """

    name: str
    title: str
    licence: str
    text: str


def sheet_of(name: str) -> Sheet:
    """The data sheet of a reader, from its module's docstring."""
    module = sys.modules[inspect.unwrap(READERS[name]).__module__]
    text = inspect.getdoc(module) or ""
    licence = re.search(r"^\* \*\*Licence\*\*: (.+?)\.?$(?=\n\*)", text, re.MULTILINE | re.DOTALL)
    title = text.partition("\n")[0].rstrip(".")
    return Sheet(name, title, " ".join(licence[1].split()) if licence else "", text)
