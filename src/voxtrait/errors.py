"""Every error voxtrait raises on purpose, with its hint and the exit code of the command line.

* VoxtraitError
  - UsageError (2)                  the call itself is wrong
    · NoAnswer                      a prediction is asked for an answer that it does not have
  - AudioError (3)                  the recording cannot be used
    · MissingAudio                  no such file, or it may not be opened
    · UnreadableAudio               not audio, damaged, or in a form that nobody here reads
    · AudioOutOfBounds              too long, an odd sample rate, too many channels, absurd levels
    · NoSpeech                      readable, but nobody speaks, or not long enough
  - ModelFileError (4)              the model file cannot be used
    · MissingModel                  no such file or name
    · WrongModel                    damaged, changed, of another schema, or not a model of ours
  - CorpusError (4)                 a corpus folder is incomplete or breaks its naming rule
    · ManifestError                 a manifest row is wrong or its file is gone
    · SplitError                    a split cannot be made: too few speakers, a class without one
  - RecipeError (4)                 a recipe asks for something that does not exist
  - RunError (4)                    a training run's folder or checkpoint does not fit
  - MissingRequirement (5)          something is missing on this machine
    · UnusablePackage               one of these two:
      · MissingExtra                an optional part of the package is not installed
      · BrokenPackage               a package that is installed does not load
    · MissingDevice                 no such accelerator here
    · OutOfSpace                    the disk is full
"""

from __future__ import annotations

import math

from voxtrait.system import first_line, install_line

__all__ = [
    "AudioError",
    "AudioOutOfBounds",
    "BrokenPackage",
    "CorpusError",
    "ManifestError",
    "MissingAudio",
    "MissingDevice",
    "MissingExtra",
    "MissingModel",
    "MissingRequirement",
    "ModelFileError",
    "NoAnswer",
    "NoSpeech",
    "OutOfSpace",
    "RecipeError",
    "RunError",
    "SplitError",
    "UnreadableAudio",
    "UnusablePackage",
    "UsageError",
    "VoxtraitError",
    "WrongModel",
]


class VoxtraitError(Exception):
    """Base of them all.

    Args:
        message: one sentence: what was found and why it is wrong.
        hint: one sentence: what to do about it.
    """

    exit_code = 70

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()

    def __reduce__(self) -> tuple[object, ...]:
        # Subclasses build their message from other arguments; a copy must not build it again.
        return (_restore, (type(self), self.__dict__.copy()))


def _restore(kind: type[VoxtraitError], state: dict[str, object]) -> VoxtraitError:
    error = kind.__new__(kind)
    Exception.__init__(error, state["message"])
    error.__dict__.update(state)
    return error


class UsageError(VoxtraitError):
    """The call itself is wrong: an option or argument that cannot be."""

    exit_code = 2


class NoAnswer(UsageError, AttributeError, KeyError):
    """A prediction has no answer for this trait.

    It was not asked for, or needs more speech than there is. An ``AttributeError`` and a
    ``KeyError`` too, as Python expects of ``prediction.gender`` and ``prediction["gender"]``.
    """


class AudioError(VoxtraitError):
    """The recording cannot be used."""

    exit_code = 3


class MissingAudio(AudioError):
    """No such file, or it may not be opened."""


class UnreadableAudio(AudioError):
    """Not audio, damaged, or in a form that nobody here reads."""


class AudioOutOfBounds(AudioError):
    """Too long, an odd sample rate, too many channels, or absurd levels."""


def rounded_down(seconds: float) -> float:
    """To a hundredth: rounded up, too little speech could seem as much as is needed."""
    return math.floor(seconds * 100 + 1e-6) / 100  # 0.29 * 100 is a little less than 29


class NoSpeech(AudioError):
    """Readable, but nobody speaks, or not long enough for any answer.

    Args:
        duration_s: seconds of the recording.
        speech_s: seconds of it that were found to be speech.
        least_s: seconds of speech that an answer needs.
    """

    def __init__(self, duration_s: float, speech_s: float, least_s: float) -> None:
        heard = rounded_down(speech_s)
        some = heard > 0
        short = duration_s < least_s
        super().__init__(
            f"{'Too little' if some else 'No'} speech: {heard:.2f} s of the "
            f"{rounded_down(duration_s):.2f} s "
            f"sound like speech; an answer needs {least_s:.2f} s.",
            "Give a recording with more speech."
            if some
            else "The recording itself is shorter than that: give a longer one."
            if short
            else "Record closer to the microphone, or check that the file holds a voice.",
        )
        self.duration_s = duration_s
        self.speech_s = speech_s


class ModelFileError(VoxtraitError):
    """The model file cannot be used."""

    exit_code = 4


class MissingModel(ModelFileError):
    """No model file of that path or name."""


class WrongModel(ModelFileError):
    """Damaged, changed, of another schema, or not a model file of ours."""


class CorpusError(VoxtraitError):
    """A corpus folder is incomplete, or a file in it breaks the naming rule."""

    exit_code = 4


class ManifestError(CorpusError):
    """A manifest row is wrong, or its file is gone."""


class SplitError(CorpusError):
    """A split cannot be made: too few speakers, or a class without one."""


class RecipeError(VoxtraitError):
    """A recipe asks for something that does not exist. The message names the dotted key."""

    exit_code = 4


class RunError(VoxtraitError):
    """A training run's folder or checkpoint does not fit what was asked of it."""

    exit_code = 4


class MissingRequirement(VoxtraitError):
    """Something is missing on this machine."""

    exit_code = 5


class UnusablePackage(MissingRequirement):
    """A package that is needed here is not installed, or does not load."""


class MissingExtra(UnusablePackage):
    """An optional part of the package is not installed.

    Args:
        need: what was asked for, as the start of a sentence.
        extra: name of the extra that brings it.
    """

    def __init__(self, need: str, extra: str) -> None:
        super().__init__(
            f"{need} needs the {extra!r} extra, which is not installed.",
            f"Install it with: {install_line(extra)}",
        )
        self.extra = extra


class BrokenPackage(UnusablePackage):
    """A package that is installed does not load: damaged, or without a library of the system.

    Args:
        package: its name.
        error: what importing it raised.
        otherwise: what to do where it is as it should be.
    """

    def __init__(self, package: str, error: BaseException, otherwise: str = "") -> None:
        super().__init__(
            f"The package {package} does not load ({first_line(error)}).",
            f"Install it again: pip install --force-reinstall {package}"
            + (f" ({otherwise})" if otherwise else ""),
        )


class MissingDevice(MissingRequirement):
    """No such accelerator on this machine."""


class OutOfSpace(MissingRequirement):
    """The disk is full; what was there before is untouched."""
