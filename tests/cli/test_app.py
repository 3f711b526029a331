from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from voxtrait import __version__
from voxtrait.cli import app, failure
from voxtrait.cli.app import COMMANDS, main
from voxtrait.cli.options import DEFAULT_SIZE, SIZES
from voxtrait.errors import (
    CorpusError,
    MissingExtra,
    NoSpeech,
    OutOfSpace,
    RecipeError,
    VoxtraitError,
    WrongModel,
)

Said = Callable[..., tuple[int, str]]


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Run the command line with a command that does what is given; its code and words."""

    def run(deed: Callable[[], Any], *options: str) -> tuple[int, str]:
        module = type(sys)("deed")
        module.register = lambda group: group.command("deed")(deed)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "deed", module)
        monkeypatch.setitem(COMMANDS, "deed", "deed")
        code = main([*options, "deed"])
        written = capsys.readouterr()
        assert written.out == ""
        return code, written.err

    return run


def raising(error: BaseException) -> Callable[[], None]:
    def deed() -> None:
        raise error

    return deed


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"voxtrait {__version__}\n"


def test_python_m_voxtrait_is_the_same_command_line() -> None:
    command = [sys.executable, "-m", "voxtrait", "--version"]
    assert subprocess.check_output(command, text=True) == f"voxtrait {__version__}\n"


def test_without_a_command_the_help_is_shown_and_the_usage_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert "Usage: voxtrait" in written.err


def test_every_module_with_a_command_is_in_the_table() -> None:
    folder = Path(app.__file__).parent
    offering = {
        f"voxtrait.cli.{file.stem}"
        for file in folder.glob("*.py")
        if "\ndef register(app" in file.read_text("utf-8")
    }
    assert offering == set(COMMANDS.values())


def leaves(name: str, command: Any) -> list[tuple[str, Any]]:
    below = getattr(command, "commands", {})
    if not below:
        return [(name, command)]
    return [leaf for key, one in below.items() for leaf in leaves(f"{name} {key}", one)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_of_its_own(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for called, _ in leaves(name, app.load_command(name)):
        assert main([*called.split(), "--help"]) == 0
        example = capsys.readouterr().out.split("Options:")[1].split("Example")[1]
        assert f" voxtrait {called}" in example


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_fits_in_80_columns_is_not_cut_and_names_no_type(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    command = app.load_command(name) if name else None
    for called, _ in [(name, None), *(leaves(name, command) if command else ())]:
        assert main([*called.split(), "--help"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line for line in lines if len(line) > 80] == []
        assert [line for line in lines if line.endswith("...") and "Usage" not in line] == []
        text = "\n".join(lines)
        assert re.search(r"<|>(?!=)|\b(list\[|str\b|int\b|TEXT|FLOAT|INTEGER|PATH <)", text) is None


def test_only_sizes_that_ship_are_offered(capsys: pytest.CaptureFixture[str]) -> None:
    from voxtrait.runtime import registry

    shipped = {model.name.rpartition("-")[2] for model in registry.models()} - {registry.SPEECH}
    assert set(SIZES) == shipped
    assert sorted(SIZES, key=registry.SIZES.index) == list(SIZES)
    assert DEFAULT_SIZE in SIZES
    for command in ("predict", "evaluate"):
        assert main([command, "--help"]) == 0
        assert f"--size {'|'.join(SIZES)} " in capsys.readouterr().out


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from voxtrait.cli.app import main; main(['--help']);"
        "heavy = {'numpy', 'rich', 'pydantic', 'torch', 'matplotlib'};"
        "sys.exit(','.join(heavy & {*sys.modules}) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["predct", "a.wav"], "Did you mean predict?"),
        (["xyz"], "There are: predict"),
        (["predict"], "Missing argument 'PATH'"),
        (["predict", "--fromat", "json", "a.wav"], "Possible options: --format"),
        (["predict", "--format", "xml", "a.wav"], "'xml' is not one of 'table', 'json', 'csv'"),
        (["predict", "--jobs", "0", "a.wav"], "greater than or equal to 1"),
        (["predict", "--trait", "mood", "a.wav"], "Known: digit, gender, age"),
        (["predict", "--channel", "left", "a.wav"], "0 is the first"),
        (["predict", "--max-seconds", "nan", "a.wav"], "above 0"),
        (["predict", "--max-seconds", "ten", "a.wav"], "above 0"),
        (["predict", "--resume", "a.wav"], "Give --output FILE"),
        (["predict", "--size", "base", "a.wav"], "There are: tiny, small."),
        (["evaluate", "--size", "huge"], "no model of that size ships"),
        (["predict", "--size", "tiny", "--model", "m.onnx", "a.wav"], "Give one."),
        (["predict", "-", "@-"], "only once"),
    ],
)
def test_wrong_usage_says_what_is_right_and_exits_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    written = capsys.readouterr()
    assert said in written.err
    assert [line.split(":")[0] for line in written.err.splitlines()] == ["error", "hint"]
    assert written.out == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoSpeech(2.0, 0.1, 0.3), 3),
        (WrongModel("Half a model.", "Fetch it again."), 4),
        (CorpusError("No table.", "Fetch it again."), 4),
        (RecipeError("network.nam is unknown.", "Did you mean name?"), 4),
        (MissingExtra("Training", "train"), 5),
        (OutOfSpace("Full.", "Free some space."), 5),
    ],
)
def test_an_error_is_two_lines_and_its_own_exit_code(
    ending: Said, error: VoxtraitError, code: int
) -> None:
    assert ending(raising(error)) == (code, f"error: {error.message}\nhint: {error.hint}\n")


def test_an_error_says_control_characters_as_escapes(ending: Said) -> None:
    _, said = ending(raising(WrongModel("The file \x1b[2J\n is wrong.")))
    assert said == "error: The file \\x1b[2J\\n is wrong.\n"


def test_a_fault_of_ours_is_one_line_that_says_where_to_report_it(ending: Said) -> None:
    code, said = ending(raising(KeyError("oops")))
    assert code == 70
    assert said.startswith("error: KeyError: 'oops' (test_app.py:")
    assert "report" in said
    assert said.count("\n") == 1


def test_a_fault_names_the_tracker_of_the_installed_package(
    ending: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    from email.message import Message
    from importlib import metadata

    package = Message()
    package["Project-URL"] = "Issues, https://example.org/issues"
    monkeypatch.setattr(metadata, "metadata", lambda name: package)
    assert "report it at https://example.org/issues" in ending(raising(KeyError("oops")))[1]


def test_a_traceback_is_shown_with_debug_only(ending: Said) -> None:
    error = WrongModel("Half a model.")
    assert "Traceback" not in ending(raising(error))[1]
    assert "Traceback" in ending(raising(error), "--debug")[1]


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (MemoryError(), 5, "not enough memory"),
        (OSError(28, "No space left on device"), 5, "The disk is full"),
        (OSError(27, "File too large"), 5, "The disk is full"),
        (OSError(98, "Address already in use"), 5, "Address already in use"),
        (PermissionError(13, "Permission denied", "x.json"), 5, "Permission denied: x.json"),
    ],
)
def test_what_the_machine_refuses_exits_5(
    ending: Said, error: Exception, code: int, said: str
) -> None:
    found, words = ending(raising(error))
    assert (found, said in words) == (code, True)


@pytest.mark.parametrize(("error", "code"), [(BrokenPipeError(), 141), (KeyboardInterrupt(), 130)])
def test_a_reader_that_left_and_an_interrupt_end_quietly(
    ending: Said, error: BaseException, code: int
) -> None:
    assert ending(raising(error)) == (code, "")


def test_warnings_are_one_line_each_without_source_and_none_is_swallowed(ending: Said) -> None:
    def deed() -> None:
        for _ in range(2):
            warnings.warn("clip\n.wav: 0.5 s are missing.", UserWarning, stacklevel=1)

    line = "warning: clip\\n.wav: 0.5 s are missing.\n"
    assert ending(deed) == (0, line * 2)


def test_without_standard_error_nothing_is_put_among_the_data(
    ending: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert ending(raising(WrongModel("Half a model."))) == (4, "")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("plain", "head"), [("", "\x1b[31merror:\x1b[0m "), ("1", "error: ")])
def test_errors_are_red_on_a_terminal_but_with_no_color(
    plain: str, head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", plain)
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    assert failure.report(WrongModel("Half a model.")) == 4
    assert screen.getvalue() == f"{head}Half a model.\n"


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("voxtrait pre", "predict"),
        ("voxtrait predict --tra", "--trait"),
        ("voxtrait predict --trait ", "digit\ngender\nage"),
        ("voxtrait predict --size ", "\n".join(SIZES)),
    ],
)
def test_the_shell_is_told_what_may_come_next(words: str, offered: str) -> None:
    count = len(words.split()) - (not words.endswith(" "))
    completion = {
        "_VOXTRAIT_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(count),
    }
    done = subprocess.run(
        [sys.executable, "-m", "voxtrait"],
        env={**os.environ, **completion},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip()) == (0, offered)


def test_every_command_can_be_imported_without_the_extras() -> None:
    for module in COMMANDS.values():
        assert callable(import_module(module).register)
