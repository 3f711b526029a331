"""Every command, network, front end, corpus, recipe, trait, extra and error class is documented."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from voxtrait import errors
from voxtrait.cli.app import COMMANDS
from voxtrait.corpora.readers import CORPUS_FOLDERS, READERS
from voxtrait.traits import TRAITS

REPOSITORY = Path(__file__).parents[2]
PAGES = {page.name: page.read_text(encoding="utf-8") for page in REPOSITORY.glob("docs/*.md")}
PAGES["README.md"] = (REPOSITORY / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def keys_of(module: str, table: str) -> list[str]:
    """Keys of a dict literal, read without importing torch."""
    tree = ast.parse((REPOSITORY / "src" / "voxtrait" / module).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == table:
            return [ast.literal_eval(key) for key in node.value.keys]  # type: ignore[union-attr]
    raise LookupError(f"{module} has no {table}")


def names(page: str, name: str) -> bool:
    """Whether a page names it as code."""
    return re.search(rf"`{re.escape(name)}[`(: ]", PAGES[page]) is not None


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_on_the_page_of_commands(command: str) -> None:
    assert f"\n## `voxtrait {command}`\n" in PAGES["command_line.md"]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(command: str) -> None:
    sections = PAGES["command_line.md"].split("\n## ")
    own = [section for section in sections if section.startswith(f"`voxtrait {command}")]
    assert any(re.search(rf"Examples?:\s+voxtrait {command}", section) for section in own)


@pytest.mark.parametrize("name", keys_of("networks/__init__.py", "NETWORKS"))
def test_every_network_is_on_the_page_of_recipes(name: str) -> None:
    assert names("recipes.md", name)


@pytest.mark.parametrize("name", keys_of("training/teachers/__init__.py", "TEACHERS"))
def test_every_teacher_is_on_the_page_of_recipes(name: str) -> None:
    assert names("recipes.md", name)


@pytest.mark.parametrize("name", keys_of("networks/__init__.py", "FRAME_NETWORKS"))
def test_every_network_of_frames_is_on_the_page_of_recipes(name: str) -> None:
    assert names("recipes.md", name)


@pytest.mark.parametrize("name", keys_of("features/__init__.py", "FRONT_ENDS"))
def test_every_front_end_is_on_the_page_of_recipes(name: str) -> None:
    assert names("recipes.md", name)


@pytest.mark.parametrize("name", READERS)
def test_every_corpus_has_a_data_sheet(name: str) -> None:
    assert f"\n### `{name}`\n" in PAGES["corpora.md"]


@pytest.mark.parametrize("folder", [name for names in CORPUS_FOLDERS.values() for name in names])
def test_every_folder_that_a_corpus_is_looked_for_in_is_in_the_tree(folder: str) -> None:
    assert re.search(rf"^  {folder}/ ", PAGES["corpora.md"], flags=re.MULTILINE)


def test_every_recipe_is_named() -> None:
    recipes = [path.name for path in REPOSITORY.glob("recipes/*.toml")]
    assert [name for name in recipes if f"`{name}`" not in PAGES["recipes.md"]] == []


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_class_is_in_the_tree(name: str) -> None:
    assert re.search(rf"[*·-] {name}\b", PAGES["python.md"])


@pytest.mark.parametrize("name", TRAITS)
def test_every_trait_is_named_on_the_page_of_recipes(name: str) -> None:
    assert names("recipes.md", name)


@pytest.mark.parametrize("extra", PROJECT["optional-dependencies"])
def test_every_extra_is_in_the_readme(extra: str) -> None:
    assert names("README.md", extra)


def test_every_public_name_is_on_the_page_of_python() -> None:
    import voxtrait

    public = [name for name in voxtrait.__all__ if not name.startswith("_")]
    assert len(public) >= 6
    assert [name for name in public if f"`voxtrait.{name}" not in PAGES["python.md"]] == []


@pytest.mark.parametrize("page", sorted(PAGES))
def test_gender_is_called_perceived_where_it_is_first_named(page: str) -> None:
    """Prose only: code has the bare word as the trait's name."""
    prose = re.sub(r"```.*?```|`[^`]*`|<!--.*?-->", "", PAGES[page], flags=re.DOTALL)
    first = re.search(r"\bgender", prose, flags=re.IGNORECASE)
    if first is None:
        return
    around = prose[max(0, first.start() - 40) : first.end() + 80]
    assert "perceived" in around.lower()
