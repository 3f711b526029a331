"""Examples in the help name corpora that their recipes have, and say where the others lie."""

from __future__ import annotations

import itertools
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from voxtrait.cli.app import COMMANDS, load_command
from voxtrait.corpora import READERS

REPOSITORY = Path(__file__).parents[2]
NAMING = ("--leave-corpus-out", "--leave-one-speaker-out")


def examples() -> list[str]:
    """Every command line that the help of a command shows, on one line each."""
    text = "\n".join(load_command(name).epilog or "" for name in COMMANDS)
    return re.findall(r"voxtrait .*", text.replace("\\\n", " "))


def of_recipes() -> list[list[str]]:
    return [words for line in examples() if ".toml" in line for words in [shlex.split(line)]]


def test_the_help_has_examples_of_recipes_for_every_command_that_takes_one() -> None:
    assert {words[1] for words in of_recipes()} == {"train", "cross-validate"}


@pytest.mark.parametrize("words", of_recipes(), ids=" ".join)
def test_an_example_fits_its_recipe(words: list[str]) -> None:
    (name,) = (word for word in words if word.endswith(".toml"))
    corpora = tomllib.loads((REPOSITORY / name).read_text("utf-8"))["corpora"]
    assert set(corpora) <= set(READERS)
    options = dict(itertools.pairwise(words))
    named = {options[option] for option in NAMING if option in options}
    assert named <= set(corpora)
    # What is not among the usual corpora has to be made first, and lies elsewhere.
    assert ("synthetic" in corpora) == any(word.startswith("synthetic=") for word in words)
