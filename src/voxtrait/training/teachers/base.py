"""What every teacher promises."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from voxtrait.errors import MissingRequirement, WrongModel
from voxtrait.model_file.seal import checksum

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["GET_IT", "Teacher"]

GET_IT = (
    "Get it with: python recipes/teachers.py --output DIR, and give --teachers DIR; or train "
    "without it: --set 'teacher.name=\"\"'."
)


class Teacher(ABC):
    """A recording to the numbers that a network trained on far more voices has for it.

    Args:
        folder: holds its files, as ``recipes/teachers.py`` writes them.

    Attributes:
        style: of the examples that it knows something of; see `voxtrait.training.settings`.
        width: how many numbers.
        files: name of each file to the SHA-256 of what it has to hold.
        form: raised when the numbers change though the files do not.
        data: each file's bytes.

    Raises:
        MissingRequirement: a file is not there.
        WrongModel: a file holds something else.
    """

    style: ClassVar[str]
    width: ClassVar[int]
    files: ClassVar[Mapping[str, str]]
    form: ClassVar[int] = 1

    def __init__(self, folder: Path) -> None:
        self.data = {name: _checked(folder / name, self.files[name]) for name in self.files}

    @classmethod
    def key(cls) -> str:
        """Names the numbers: other files or another form give another key."""
        text = f"{cls.form} {cls.width} {sorted(cls.files.items())}"
        return checksum(text.encode())[:8]

    @abstractmethod
    def lesson(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        """What it makes of one recording.

        Args:
            waveform: 16 kHz mono, ``[samples]``, at any level.

        Returns:
            ``[width]``.
        """


def _checked(path: Path, expected: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MissingRequirement(
            f"The teacher's file {path} cannot be read ({error.strerror}).",
            GET_IT,
        ) from error
    if checksum(data) != expected:
        raise WrongModel(
            f"{path} is another file than the one that this teacher is made of.",
            "Remove it and run recipes/teachers.py again.",
        )
    return data
