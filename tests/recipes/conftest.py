"""The scripts beside the recipes, which are no part of the package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

RECIPES = Path(__file__).parents[2] / "recipes"


@pytest.fixture(scope="module")
def script(request):
    """The module that a file of tests names in ``SCRIPT``."""
    name = request.module.SCRIPT
    sys.path.insert(0, str(RECIPES))  # as it is where a script is run
    spec = importlib.util.spec_from_file_location(name, RECIPES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(RECIPES))
    for path in RECIPES.glob("*.py"):  # it, and what it imported
        sys.modules.pop(path.stem, None)
