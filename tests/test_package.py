"""What is installed, and how little of it: the base install stays light."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import files, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

REPOSITORY = Path(__file__).parents[1]
MODELS = REPOSITORY / "src" / "voxtrait" / "runtime" / "models"
BASE = {"numpy", "onnxruntime", "soundfile", "soxr", "typer", "rich"}
# What those six bring along. A new name here is a decision, not an accident.
BROUGHT = {
    *("annotated-doc", "annotated-types", "cffi", "colorama", "flatbuffers", "markdown-it-py"),
    *("mdurl", "packaging", "protobuf", "pycparser", "pydantic", "pydantic-core", "pygments"),
    *("shellingham", "typing-extensions", "typing-inspection"),
}
HEAVY = ("torch", "lightning", "scipy", "librosa", "pandas", "matplotlib", "av")
COMMAND_LINE = ("typer", "rich")


def needed(distribution: str) -> set[str]:
    """Names of what a distribution needs here, without extras."""
    found = [Requirement(line) for line in requires(distribution) or []]
    return {
        re.sub(r"[-_.]+", "-", requirement.name).lower()
        for requirement in found
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    }


def everything_needed(distribution: str) -> set[str]:
    names: set[str] = set()
    waiting = needed(distribution)
    while waiting:
        names |= waiting
        waiting = set().union(*map(needed, waiting)) - names
    return names


def test_the_base_install_needs_six_packages() -> None:
    assert needed("voxtrait") == BASE


def test_those_six_bring_no_others_than_known() -> None:
    assert everything_needed("voxtrait") <= BASE | BROUGHT


def test_the_base_install_takes_less_than_200_megabytes() -> None:
    located = [
        file.locate() for name in everything_needed("voxtrait") for file in files(name) or []
    ]
    assert sum(Path(file).stat().st_size for file in located if Path(file).exists()) < 200e6


def test_the_shipped_models_take_less_than_12_megabytes() -> None:
    assert sum(file.stat().st_size for file in MODELS.glob("*.onnx")) < 12e6


def loaded_by(code: str) -> set[str]:
    """Top-level modules in memory after the code ran in a new interpreter."""
    report = "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", code + report], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split("\n")[-2].split())


def test_importing_the_package_loads_nothing_but_python() -> None:
    assert not loaded_by("import voxtrait") & {*BASE, *HEAVY}


def test_a_prediction_loads_nothing_heavy_and_nothing_of_the_command_line(
    recordings: Path,
) -> None:
    recording = str(recordings / "digit-seven.flac")
    loaded = loaded_by(f"import voxtrait; voxtrait.predict({recording!r})")
    assert {"numpy", "onnxruntime", "soundfile"} <= loaded
    assert not loaded & {*HEAVY, *COMMAND_LINE}


def test_a_prediction_does_without_what_makes_a_start_slow(recordings: Path) -> None:
    """Beyond what its four packages load themselves; pathlib takes 3 ms with what it brings."""
    recording = str(recordings / "digit-seven.flac")
    theirs = loaded_by("import numpy, onnxruntime, soundfile, soxr")
    ours = loaded_by(f"import voxtrait; voxtrait.predict({recording!r})") - theirs
    assert not ours & {"pathlib", "urllib", "inspect", "logging", "asyncio", "multiprocessing"}


def test_the_command_line_loads_nothing_heavy_to_predict(recordings: Path) -> None:
    arguments = ["voxtrait", "predict", str(recordings / "digit-seven.flac")]
    loaded = loaded_by(
        f"import sys; sys.argv = {arguments!r}\n"
        "from voxtrait.cli.app import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    assert "typer" in loaded
    assert not loaded & set(HEAVY)


def test_soundfile_stays_where_its_private_names_were_tried() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    asked = {found.name: found for found in map(Requirement, project["dependencies"])}["soundfile"]
    pins = re.search(
        r"^soundfile==(\d+)\.(\d+)", (REPOSITORY / "constraints.txt").read_text(), re.M
    )
    assert pins is not None
    major, minor = map(int, pins.groups())
    assert f"{major}.{minor}.0" in asked.specifier
    assert f"{major}.{minor + 1}.0" not in asked.specifier


@pytest.mark.parametrize("extra", ["train", "evaluate", "export", "media", "dev"])
def test_every_extra_has_its_pins(extra: str) -> None:
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (REPOSITORY / "constraints.txt").read_text().splitlines()
        if "==" in line and not line.startswith("#")
    }
    wanted = [
        Requirement(line)
        for line in requires("voxtrait") or []
        if line.endswith((f"extra == '{extra}'", f'extra == "{extra}"'))
    ]
    assert wanted
    assert {requirement.name.lower() for requirement in wanted} <= pinned


def test_the_constraints_choose_a_build_of_torch_without_cuda() -> None:
    pins = (REPOSITORY / "constraints.txt").read_text().lower()
    assert "\ntorch==2.13.0\n" in pins
    assert not re.search(r"^(nvidia|cuda|triton)", pins, flags=re.MULTILINE)


def test_every_pip_call_of_the_makefile_is_given_the_constraints() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    calls = [line for line in makefile.splitlines() if "install" in line and "$(PIP)" in line]
    assert len(calls) == 3
    assert all("-c constraints.txt" in call for call in calls)
    assert calls[1].endswith("constraints.txt torch")  # before anything that asks for it


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"voxtrait", f"voxtrait-{version('voxtrait')}.dist-info"}


def test_the_wheel_holds_models_types_and_credits(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    models = {f"voxtrait/runtime/models/{file.name}" for file in MODELS.iterdir()}
    assert models | {"voxtrait/py.typed"} <= names
    assert {"LICENSE", "NOTICE"} <= {name.rpartition("/")[2] for name in names}


def test_the_wheel_takes_less_than_13_megabytes(wheel: zipfile.ZipFile) -> None:
    assert sum(entry.file_size for entry in wheel.infolist()) < 13e6
