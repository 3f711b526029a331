"""Values of options, checked without typer's help where none is needed.

typer checks every value by pydantic, whose import takes as long as half of a prediction's own
imports; and pydantic refuses a name that is no valid text, which a file may well have.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, get_args

__all__ = ["check_lazily"]

# The method by which a parameter of typer's gets at the check of its values.
CHECK = "get_runtime_param"


def check_lazily(command: Any) -> Any:
    """Let a command, and those below it, load typer's check only for values that need it.

    A typer that has no such check is left as it is.

    Returns:
        The command.
    """
    listed = command.get_params

    def get_params(ctx: Any) -> list[Any]:
        parameters: list[Any] = listed(ctx)  # only here is --help among them
        for parameter in parameters:
            if not isinstance(getattr(parameter, CHECK, None), LazyCheck | None):
                setattr(parameter, CHECK, LazyCheck(parameter))
        return parameters

    command.get_params = get_params
    for below in getattr(command, "commands", {}).values():
        check_lazily(below)
    return command


class LazyCheck:
    """Takes the place of a parameter's method, and of the check that it returns."""

    def __init__(self, parameter: Any) -> None:
        self._check = getattr(parameter, CHECK)
        self._convert = _converter(parameter.type_descriptor)

    def __call__(self) -> LazyCheck:
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value as the command is given it."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if self._convert is None and isinstance(value, int | float) and value == param.default:
            return value
        if self._convert is None or (several and isinstance(value, str)):
            return self._check().coerce(value, param=param, ctx=ctx)
        try:
            return [*map(self._convert, value)] if several else self._convert(value)
        except ValueError:  # typer words it
            return self._check().coerce(value, param=param, ctx=ctx)


def _converter(descriptor: Any) -> Any:
    """What turns a text into the value; None where typer must."""
    if descriptor.parameter_info.parser is not None:
        return descriptor.parameter_info.parser
    kind = descriptor.annotation
    if descriptor.is_list:
        (kind,) = get_args(kind)
    if kind is str or (isinstance(kind, type) and issubclass(kind, Enum)):
        return kind
    return None
