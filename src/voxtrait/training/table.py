"""Tables of a recipe to frozen dataclasses, with errors that name the dotted key."""

from __future__ import annotations

import dataclasses
import difflib
import math
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from voxtrait.errors import RecipeError

__all__ = ["build", "checked", "unknown"]

T = TypeVar("T")


def build(kind: type[T], table: Mapping[str, Any], where: str = "") -> T:
    """Make a dataclass of a table: keys are its fields, tables within are dataclasses within.

    Args:
        kind: a dataclass whose fields are annotated with int, float, str, bool, tuples, dicts of
            these, or further dataclasses; its ``ValueError`` begins with the field's name.
        table: values as TOML gives them.
        where: dotted path of the table, for errors.

    Raises:
        RecipeError: a key is unknown or missing, or a value has the wrong type; the message names
            the dotted key, the hint the nearest known one.
    """
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(typing.cast("Any", kind))}
    for key in table:
        if key not in fields:
            raise unknown("key", _dotted(where, key), key, fields)
    values = {}
    for name, field in fields.items():
        path = _dotted(where, name)
        if name in table:
            values[name] = checked(hints[name], table[name], path)
        elif field.default is field.default_factory is dataclasses.MISSING:
            raise RecipeError(f"The recipe lacks {path}.", f"Add a line that begins: {name} =")
    try:
        return kind(**values)
    except ValueError as error:
        raise RecipeError(f"{_dotted(where, str(error))}.", "Correct that value.") from error


def unknown(what: str, path: str, name: str, known: Iterable[str]) -> RecipeError:
    """The error for a name that is not among the known ones."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return RecipeError(f"{path}: unknown {what} {name!r}.", f"{hint}Known: {', '.join(names)}.")


def _dotted(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def checked(hint: Any, value: Any, path: str) -> Any:
    """One value, checked against its annotation; integers pass for floats, lists for tuples."""
    origin = typing.get_origin(hint)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, Mapping):
            raise _wrong(path, value, "a table")
        return build(hint, value, path)
    if origin in (typing.Union, types.UnionType):
        inner = next(part for part in typing.get_args(hint) if part is not type(None))
        return checked(inner, value, path)
    if origin is tuple:
        return _tuple(typing.get_args(hint), value, path)
    if origin is dict:
        if not isinstance(value, Mapping):
            raise _wrong(path, value, "a table")
        inner = typing.get_args(hint)[1]
        if inner is Any:
            return dict(value)
        return {key: checked(inner, one, f"{path}.{key}") for key, one in value.items()}
    return _single(hint, value, path)


def _single(hint: type, value: Any, path: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is not bool and isinstance(value, bool)):
        raise _wrong(path, value, f"of type {hint.__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        raise _wrong(path, value, "a finite number")
    return value


def _tuple(parts: tuple[Any, ...], value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(path, value, "a list")
    if len(parts) == 2 and parts[1] is Ellipsis:
        parts = (parts[0],) * len(value)
    if len(parts) != len(value):
        raise _wrong(path, value, f"a list of {len(parts)}")
    return tuple(
        checked(hint, item, f"{path}[{index}]")
        for index, (hint, item) in enumerate(zip(parts, value, strict=True))
    )


def _wrong(path: str, value: object, expected: str) -> RecipeError:
    return RecipeError(f"{path}: {value!r} is not {expected}.", "Correct that value.")
