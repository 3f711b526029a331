"""``voxtrait``: where every command starts, and where every error ends."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from voxtrait.cli.exit_codes import CLOSED_PIPE, INTERRUPTED
from voxtrait.cli.failure import report
from voxtrait.cli.stderr import warnings_as_lines
from voxtrait.cli.values import check_lazily
from voxtrait.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COMMANDS", "main"]

# A command's module is imported when the command is asked for, so that `predict` never waits for
# what training needs. Each offers `register(app)`.
COMMANDS = {
    "predict": "voxtrait.cli.predict",
    "models": "voxtrait.cli.models",
    "corpus": "voxtrait.cli.corpus",
    "train": "voxtrait.cli.train",
    "evaluate": "voxtrait.cli.evaluate",
    "cross-validate": "voxtrait.cli.cross_validate",
    "export": "voxtrait.cli.export",
}

# Plain help: it reads the same in a narrow terminal, in a pipe and in the documentation.
_STYLE: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False}


@dataclass(slots=True)
class Settings:
    """What the options before the command's name set."""

    debug: bool = False


class LazyCommands(TyperGroup):
    """The commands of `COMMANDS`, each imported when it is asked for."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]
        if cmd_name in COMMANDS:
            return load_command(cmd_name)
        if ctx.resilient_parsing:  # the shell is completing a name
            return None
        near = get_close_matches(cmd_name, COMMANDS, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(COMMANDS)}."
        raise UsageError(f"There is no command {cmd_name!r}.", hint)


def load_command(name: str) -> Any:
    """The command, built from its module's ``register(app)``."""
    app = typer.Typer(**_STYLE)
    app.callback()(lambda: None)  # without it typer would melt a single command into the group
    import_module(COMMANDS[name]).register(app)
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    return without_types(check_lazily(command))


def without_types(command: Any) -> Any:
    """Leave Python's types out of the help: nobody needs to know of ``PATH <list[str]>``.

    Choices lose the brackets that the metavars of other options do not have. A typer that shows no
    types is left as it is.
    """
    for parameter in command.params:
        shown = getattr(parameter, "display_type_rich", None)
        if parameter.param_type_name == "argument":
            parameter.display_type_rich = lambda ctx: None  # noqa: ARG005
        elif shown is not None:
            parameter.display_type_rich = lambda ctx, shown=shown: shown(ctx).strip("<>")
    for below in getattr(command, "commands", {}).values():
        without_types(below)
    return command


app = typer.Typer(
    name="voxtrait",
    cls=LazyCommands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: voxtrait predict clip.wav",
    **_STYLE,
)


def _print_version(asked: bool) -> None:
    if asked:
        from voxtrait._version import __version__

        typer.echo(f"voxtrait {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Print tracebacks of errors.")] = False,
) -> None:
    """Which digit was spoken, the perceived gender and the age of a voice.

    Perceived gender: as the speakers or editors of the training recordings labelled it.
    """
    context.obj.debug = debug
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the only place where errors become text and exit codes.

    Args:
        arguments: without the program's name; those of the process when None.

    Returns:
        0 all answered; 1 some inputs failed; 2 wrong usage; 3 no input could be read; 4 a model
        file, recipe, corpus or manifest is wrong; 5 something is missing on this machine; 70 a
        fault of voxtrait; 130 interrupted; 141 the reader of the output is gone.
    """
    settings = Settings()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name that the terminal cannot show is no error
            stream.reconfigure(errors="backslashreplace")
    try:
        with warnings_as_lines():
            code = check_lazily(typer.main.get_command(app)).main(
                args=arguments, prog_name="voxtrait", standalone_mode=False, obj=settings
            )
            if sys.stdout is not None:
                sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as leaving:
        # When the reader is gone typer leaves by itself, and with the code of a failure.
        if isinstance(leaving.__context__, BrokenPipeError):
            return CLOSED_PIPE
        raise
    except Exception as error:  # noqa: BLE001 the last stop: whatever it is, the user gets a line
        return report(error, debug=settings.debug)
    finally:
        _leave_quietly()


def _leave_quietly() -> None:
    """Drop what standard output would not take, or Python would complain about it when it ends."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
