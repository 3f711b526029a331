"""The public names: all there, looked up late, and quiet about themselves."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import voxtrait

PACKAGES = ("voxtrait", "voxtrait.runtime", "voxtrait.speech", "voxtrait.model_file")


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a new interpreter whose environment says nothing of telemetry."""
    import os

    clean = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**clean, **environment},
    )


def test_the_public_names_are_these() -> None:
    assert voxtrait.__all__ == [
        "Answer",
        "Predictor",
        "VoxtraitError",
        "__version__",
        "load",
        "predict",
        "read",
    ]
    assert set(voxtrait.__all__) <= set(dir(voxtrait))


@pytest.mark.parametrize("name", PACKAGES)
def test_everything_in_all_is_there_and_sorted(name: str) -> None:
    module = importlib.import_module(name)
    assert [each for each in module.__all__ if not hasattr(module, each)] == []
    assert len(set(module.__all__)) == len(module.__all__)


def test_public_names_are_what_the_parts_define() -> None:
    from voxtrait import audio, errors, runtime

    assert voxtrait.read is audio.read
    assert voxtrait.VoxtraitError is errors.VoxtraitError
    assert (voxtrait.load, voxtrait.predict) == (runtime.load, runtime.predict)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'voxtrait' has no attribute 'listen'"):
        voxtrait.listen  # noqa: B018


def test_the_version_is_semantic() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", voxtrait.__version__)


def test_importing_loads_nothing_but_the_version() -> None:
    code = (
        "import sys; before = set(sys.modules); import voxtrait\n"
        "print(*sorted({n for n in set(sys.modules) - before if 'voxtrait' in n or n in heavy}))"
    )
    heavy = "heavy = {'numpy', 'onnxruntime', 'soundfile', 'soxr', 'torch', 'rich', 'typer'}\n"
    assert run(heavy + code).stdout.split() == ["voxtrait", "voxtrait._version"]


def test_listing_the_models_makes_no_session() -> None:
    code = (
        "import sys; from voxtrait.runtime import registry\n"
        "print([m.card.name for m in registry.models()], 'onnxruntime' in sys.modules)"
    )
    assert run(code).stdout.strip().endswith("False")


def test_telemetry_is_off_before_onnxruntime_comes() -> None:
    code = "import voxtrait, os; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    assert run(code).stdout == "1\n"


def test_no_module_of_ours_imports_onnxruntime_when_it_is_imported() -> None:
    # A plain "import onnxruntime" at the head of a file could come before the variable is set.
    package = Path(voxtrait.__file__).parent
    found = [
        path.name
        for path in package.rglob("*.py")
        if re.search(r"^(import|from) onnxruntime", path.read_text(), re.MULTILINE)
    ]
    assert found == []


def test_onnxruntime_imported_before_is_warned_of() -> None:
    code = "import sys, types; sys.modules['onnxruntime'] = types.ModuleType('onnxruntime')\n"
    warned = run(code + "import voxtrait").stderr
    assert "RuntimeWarning: onnxruntime was imported before voxtrait" in warned
    assert run(code + "import voxtrait", ORT_DISABLE_TELEMETRY="1").stderr == ""
