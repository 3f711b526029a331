"""Every error that the package makes says what to do about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import voxtrait
from voxtrait import errors

PACKAGE = Path(voxtrait.__file__).parent
# The others word their own hint from what they are given.
GIVEN_A_HINT = {
    name
    for name in errors.__all__
    if getattr(errors, name).__init__ is errors.VoxtraitError.__init__
}
EVERY_FILE = [(path.name, path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")]


def made(text: str) -> Iterator[ast.Call]:
    """The calls in a module that make an error with a hint."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in GIVEN_A_HINT:
                yield node


def hint_of(call: ast.Call) -> ast.expr | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "hint"]
    return next(iter([*call.args[1:2], *named]), None)


def without_hint(name: str, text: str) -> list[str]:
    """Where a module makes an error without a hint, or with a choice one side of which is empty."""
    return [
        f"{name}:{call.lineno}"
        for call in made(text)
        if (hint := hint_of(call)) is None
        or any(
            isinstance(part, ast.Constant) and part.value in ("", None) for part in ast.walk(hint)
        )
    ]


def test_no_error_is_made_without_a_hint() -> None:
    assert sum(len(list(made(text))) for _, text in EVERY_FILE) > 100
    assert [place for name, text in EVERY_FILE for place in without_hint(name, text)] == []


@pytest.mark.parametrize(
    "call",
    ["UsageError('No.')", "errors.RunError('No.', '')", "WrongModel('No.', 'Do.' if x else '')"],
)
def test_an_error_without_a_hint_would_be_found(call: str) -> None:
    assert without_hint("a.py", f"raise {call}") == ["a.py:1"]


def test_those_that_word_their_own_hint_have_one() -> None:
    assert set(errors.__all__) - GIVEN_A_HINT == {"BrokenPackage", "MissingExtra", "NoSpeech"}
    for error in (
        errors.MissingExtra("This file", "media"),
        errors.BrokenPackage("soxr", ImportError()),
        errors.NoSpeech(2.0, 0.0, 0.3),
        errors.NoSpeech(2.0, 0.1, 0.3),
    ):
        assert error.hint
