"""Every code block of the README and of the documentation does what it shows."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


code_blocks = load(REPOSITORY / "docs" / "code_blocks.py")
PAGES = code_blocks.pages()
BLOCKS = [block for page in PAGES for block in code_blocks.blocks(page)]
CORPORA = Path(os.environ.get("VOXTRAIT_CORPORA", REPOSITORY.parent / "shared" / "corpora"))
LANGUAGES = {"python", "console", "toml", "json", "text"}
# What a test must not do: install, fetch, or train for an hour.
NOT_RUN = re.compile(r"not run: (installs|takes|changes) ")


# A share or a number of seconds, whose last digit is the processor's: sums are rounded as it likes.
ROUNDED = re.compile(r"(?:[<>] )?(\d+)(?:\.(\d+))? (%|s\b)")


def shape(text: str) -> list[str]:
    """Text without shares and seconds, and without the widths of its columns."""
    return [
        re.sub(r"\s+|[-─━]{2,}", " ", ROUNDED.sub(r"0 \3", line)).strip()
        for line in text.strip("\n").splitlines()
    ]


def rounded(text: str) -> list[int]:
    """Its shares and seconds in order, counted in their last digits: ``0.8 s`` is 8."""
    return [int(whole + decimals) for whole, decimals, _ in ROUNDED.findall(text)]


def says(printed: str, shown: str) -> bool:
    """Whether what was printed is what a page shows, but for a last digit one higher or lower."""
    return shape(printed) == shape(shown) and all(
        abs(one - other) <= 1 for one, other in zip(rounded(printed), rounded(shown), strict=True)
    )


def where_recordings_are(block: Any) -> None:
    if block.note == "needs corpora" and not CORPORA.is_dir():
        pytest.skip(f"{CORPORA} is not there; set VOXTRAIT_CORPORA to the folder of corpora.")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as a clone's root, with the recordings and recipes at hand."""
    monkeypatch.setenv("VOXTRAIT_CORPORA", str(CORPORA))
    monkeypatch.chdir(tmp_path)
    return code_blocks.desk(tmp_path)


def test_every_block_is_in_a_language_that_is_checked() -> None:
    assert {block.language for block in BLOCKS} <= LANGUAGES
    assert all(block.code for block in BLOCKS)


def test_a_block_is_left_alone_only_for_a_good_reason() -> None:
    left = [block for block in BLOCKS if block.note.startswith("not run")]
    assert [block.name for block in left if not NOT_RUN.match(block.note)] == []


def of(page: Path, language: str) -> list[Any]:
    """The blocks of a page that are run."""
    return [
        block
        for block in BLOCKS
        if (block.page, block.language) == (page, language) and not block.note.startswith("not run")
    ]


def pages_of(language: str) -> list[Path]:
    return [page for page in PAGES if of(page, language)]


@pytest.mark.parametrize("page", pages_of("python"), ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page: Path, desk: Path) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for block in of(page, "python"):
        where_recordings_are(block)
        blank = "\n" * (block.line - 1)  # so that a traceback names the page's own line
        exec(compile(blank + block.code, str(page), "exec"), names)


@pytest.mark.parametrize("page", pages_of("console"), ids=lambda page: page.name)
def test_the_commands_of_a_page_print_what_it_shows(page: Path, desk: Path) -> None:
    for block in of(page, "console"):
        where_recordings_are(block)
        for command, shown in code_blocks.commands(block.code):
            done = code_blocks.run(command, desk)
            assert done.returncode == 0, f"{block.name}: $ {command}\n{done.stderr}"
            if shown:
                told = f"{block.name}: $ {command}\n{done.stdout}"
                assert says(done.stdout, shown), f"{told}Write it anew: python docs/code_blocks.py"


SHOWN = (
    "seven.flac\n speech  0.8 s of 1.5 s\n digit   7 (96 %)\n age  35 years (22-50), 30s (> 99 %)\n"
)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("7 (", "3 ("),
        ("35 y", "25 y"),
        ("-50", "-51"),
        ("30s", "40s"),
        ("96", "94"),
        ("0.8", "0.6"),
    ],
)
def test_another_answer_than_the_page_shows_would_be_found(was: str, now: str) -> None:
    assert was in SHOWN
    assert not says(SHOWN.replace(was, now), SHOWN)


@pytest.mark.parametrize(
    ("was", "now"), [("96", "97"), ("0.8", "0.9"), ("> 99", "99"), ("digit   7", "digit 7")]
)
def test_a_last_digit_is_left_to_the_processor_and_a_width_to_the_terminal(
    was: str, now: str
) -> None:
    assert says(SHOWN.replace(was, now), SHOWN)


def test_commands_that_are_not_run_have_only_options_that_exist() -> None:
    pages = (REPOSITORY / "docs" / "command_line.md").read_text(encoding="utf-8").split("\n## `")
    helps = {page.partition("`")[0]: page for page in pages}
    checked = 0
    for block in BLOCKS:
        if block.language != "console" or not block.note.startswith("not run"):
            continue
        for command, _ in code_blocks.commands(block.code):
            words = command.split()
            if words[0] == "voxtrait":
                asked = {word for word in words if word.startswith("--")}
                whole = f"voxtrait {words[1]}"
                known = helps.get(f"{whole} {words[2]}", helps[whole])
                assert [option for option in asked if option not in known] == [], block.name
                checked += len(asked)
    assert checked > 5


def test_the_json_of_the_pages_is_json() -> None:
    for block in BLOCKS:
        if block.language == "json":
            for line in [block.code] if block.code.startswith("{\n") else block.code.splitlines():
                json.loads(line)


def test_the_toml_of_the_pages_is_a_recipe() -> None:
    recipe = pytest.importorskip("voxtrait.training.recipe")
    for block in BLOCKS:
        if block.language == "toml":
            recipe.parse_recipe(tomllib.loads(block.code), block.code)


def test_a_block_knows_its_commands_and_what_they_print() -> None:
    code = "$ echo a \\\n  b\na b\n$ true\n"
    assert list(code_blocks.commands(code)) == [("echo a \\\n  b", "a b\n"), ("true", "")]
