"""The signatures on the page of Python are those that the functions have."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import voxtrait

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^\| `([\w.]+)\(([^`]*)\)` \|", PAGE, flags=re.MULTILINE)
CALLABLE = {
    "voxtrait.predict": voxtrait.predict,
    "voxtrait.load": voxtrait.load,
    "voxtrait.read": voxtrait.read,
    "Predictor.predict": voxtrait.Predictor.predict,
    "Predictor.predict_many": voxtrait.Predictor.predict_many,
}


def parameters(signature: inspect.Signature) -> list[tuple[str, str, object]]:
    """Name, kind and default of each: what a caller has to know; types stand in the docstrings."""
    return [
        (each.name, each.kind.description, each.default)
        for each in signature.parameters.values()
        if each.name != "self"
    ]


def test_every_public_function_is_shown_with_its_signature() -> None:
    assert [name for name, _ in SHOWN] == list(CALLABLE)


@pytest.mark.parametrize(("name", "arguments"), SHOWN, ids=[name for name, _ in SHOWN])
def test_a_signature_is_the_functions_own(name: str, arguments: str) -> None:
    shown = inspect.signature(eval(f"lambda {arguments}: None"))
    assert parameters(shown) == parameters(inspect.signature(CALLABLE[name]))
