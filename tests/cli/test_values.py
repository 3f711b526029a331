from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

from voxtrait.cli.values import check_lazily


class Colour(StrEnum):
    RED = "red"


def double(text: str) -> int:
    return 2 * int(text)


def taken(*arguments: str, lazily: bool = True) -> dict[str, Any]:
    """What a command with an option of each kind is given."""
    given: dict[str, Any] = {}
    app = typer.Typer()

    @app.command()
    def command(
        names: list[str],
        count: Annotated[int, typer.Option(min=1)] = 1,
        colour: Colour | None = None,
        twice: Annotated[int, typer.Option(parser=double)] = 3,
        places: Annotated[list[str] | None, typer.Option("--place")] = None,
        path: Path = Path(),
        share: float = 0.5,
        flag: bool = False,
    ) -> None:
        given.update(locals())

    built = typer.main.get_command(app)
    (check_lazily(built) if lazily else built).main(list(arguments), standalone_mode=False)
    del given["given"]
    return given


@pytest.mark.parametrize(
    "arguments",
    [
        ["a", "b"],
        ["a", "--count", "2", "--colour", "red", "--flag"],
        ["a", "--place", "x", "--place", "y", "--path", "z", "--share", "0.25"],
    ],
)
def test_a_command_is_given_the_same_values_as_by_typer_itself(arguments: list[str]) -> None:
    assert taken(*arguments) == taken(*arguments, lazily=False)


def test_an_options_own_parser_is_asked() -> None:
    assert taken("a", "--twice", "5")["twice"] == 10


def test_a_name_that_is_no_valid_text_is_taken_as_it_is() -> None:
    name = os.fsdecode(b"\xff.wav")
    assert taken(name)["names"] == [name]


@pytest.mark.parametrize(
    "wrong", [["--count", "0"], ["--count", "x"], ["--colour", "blue"], ["--twice", "x"]]
)
def test_a_wrong_value_is_refused_in_typers_own_words(wrong: list[str]) -> None:
    said = []
    for lazily in (True, False):
        with pytest.raises(typer.BadParameter) as refusal:
            taken("a", *wrong, lazily=lazily)
        said.append(refusal.value.format_message())
    assert said[0] == said[1]
    assert wrong[0] in said[0]
