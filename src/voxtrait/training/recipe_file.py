"""A recipe's file, read without what a training needs: a wrong path is told on any machine."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from voxtrait.errors import RecipeError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_toml"]


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """The text of a TOML file, and its values.

    Raises:
        RecipeError: no such file, or not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise RecipeError(
            f"Cannot read the recipe {path}: {error.strerror}.",
            "Give the path of a TOML file that is there; the shipped recipes lie in recipes/.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path} is not TOML: {error}.", "Correct that line.") from error
