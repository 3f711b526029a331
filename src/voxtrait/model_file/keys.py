"""A JSON table read key by key, so that an error names the key from the outside in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxtrait.errors import WrongModel

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Keys", "wrong"]

HINT = "Export the model again with `voxtrait export`, or get the file anew."


def wrong(key: str, found: object, need: str) -> WrongModel:
    """The error for one value of a card; ``key`` is dotted."""
    return WrongModel(f"the card's {key} is {_short(found)}; it must be {need}.", HINT)


def _short(found: object) -> str:
    shown = repr(found)
    return shown if len(shown) <= 80 else shown[:77] + "..."


class Keys:
    """One table of a card.

    Every ``take`` checks a type, and :meth:`done` refuses what nobody took.

    Args:
        table: as ``json.loads`` gave it.
        path: dotted path of the table, ``""`` for the outermost.
    """

    def __init__(self, table: object, path: str = "") -> None:
        self.path = path
        if not isinstance(table, dict):
            raise wrong(path or "JSON", table, "a table of keys and values")
        self._left: dict[str, Any] = dict(table)
        self._known: list[str] = []

    def name(self, key: str) -> str:
        """The dotted path of a key of this table."""
        return f"{self.path}.{key}" if self.path else key

    def take(self, key: str, kind: str, default: Any = ...) -> Any:
        """The value of a key, of one kind of ``KINDS``.

        Raises:
            WrongModel: the key is missing and has no default, or its value is of another kind.
        """
        self._known.append(key)
        if key not in self._left:
            if default is ...:
                raise WrongModel(f"the card has no {self.name(key)}.", HINT)
            return default
        value = self._left.pop(key)
        if not KINDS[kind](value):
            raise wrong(self.name(key), value, kind)
        return value

    def done(self) -> None:
        """Refuse keys that nobody asked for: a misspelt one would otherwise be ignored."""
        for key in self._left:
            import difflib

            near = difflib.get_close_matches(key, self._known, n=1)
            raise WrongModel(
                f"the card's key {self.name(key)} is not known"
                + (f"; did you mean {self.name(near[0])}?" if near else "."),
                HINT,
            )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


KINDS: dict[str, Callable[[object], bool]] = {
    "text": lambda value: isinstance(value, str),
    "a whole number": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "a number": _is_number,
    "a list of numbers": lambda value: isinstance(value, list) and all(map(_is_number, value)),
    "a list of texts": lambda value: (
        isinstance(value, list) and all(isinstance(item, str) for item in value)
    ),
    "a list of tables": lambda value: (
        isinstance(value, list) and all(isinstance(item, dict) for item in value)
    ),
    "a table": lambda value: isinstance(value, dict),
}
