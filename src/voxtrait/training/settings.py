"""The tables of a recipe, each with its bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FitSettings",
    "PrepareSettings",
    "SampleSettings",
    "SplitSettings",
    "TeacherSettings",
    "WindowSettings",
]

STYLES = ("recording", "word", "frames")


@dataclass(frozen=True)
class WindowSettings:
    """What the network is given of a recording, in seconds; see the model file's card.

    Args:
        seconds: longest piece of speech that the network answers at once.
        hop: from one such piece to the next.
        least: speech without which there is no answer.
    """

    seconds: float = 3.0
    hop: float = 3.0
    least: float = 0.3

    def __post_init__(self) -> None:
        if not 0 < self.hop <= self.seconds or not 0 <= self.least <= self.seconds:
            raise ValueError(
                f"seconds {self.seconds}, hop {self.hop}, least {self.least}: hop must be above 0, "
                "and neither above seconds"
            )


@dataclass(frozen=True)
class SplitSettings:
    """Speakers are dealt to parts, 0 to ``parts`` - 1.

    Args:
        parts: how many, at least 3.
        validation: parts that validate, and are calibrated on.
        test: parts kept for a test after the training; no fold of `cross-validate` has them.
    """

    parts: int = 10
    validation: tuple[int, ...] = (9,)
    test: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        inside = all(0 <= part < self.parts for part in (*self.validation, *self.test))
        if self.parts < 3 or not inside or not self.validation:
            raise ValueError(
                f"parts {self.parts}, validation {list(self.validation)} and test "
                f"{list(self.test)}: need at least 3 parts, some of 0 to parts - 1 for validation, "
                "and no others for test"
            )
        if both := sorted({*self.validation} & {*self.test}):
            raise ValueError(f"validation and test are both given the parts {both}")


@dataclass(frozen=True)
class PrepareSettings:
    """How recordings become examples, once.

    Args:
        style: ``recording`` (speech of whole recordings), ``word`` (one word each) or ``frames``
            (speech or not, frame by frame).
        copies: augmented copies of each recording, beside the one left as it is.
        pitch_copies: further copies with the pitch moved and the formants kept; they carry the
            labels of ``pitch_traits`` only.
        pitch_octaves: least and most that the pitch moves.
        pitch_traits: traits whose answer does not depend on the pitch.
        seconds: an example's longest.
        speech_only: share of the recordings cut down to their speech.
        sounds: of style ``frames``, in augmented copies: share of the pauses before a voice, and
            of the noises, that are a computed sound; see `voxtrait.training.sounds`.
    """

    style: str = "recording"
    copies: int = 4
    pitch_copies: int = 0
    pitch_octaves: tuple[float, float] = (-0.6, 0.85)
    pitch_traits: tuple[str, ...] = ("gender",)
    seconds: float = 4.0
    speech_only: float = 0.7
    sounds: float = 0.0

    def __post_init__(self) -> None:
        if self.style not in STYLES:
            raise ValueError(f"style {self.style!r} is not one of {', '.join(STYLES)}")
        _not_negative(self, "copies", "pitch_copies")
        _above_0(self, "seconds")
        _shares(self, "speech_only", "sounds")
        if not -1 <= self.pitch_octaves[0] <= self.pitch_octaves[1] <= 1:
            raise ValueError(
                f"pitch_octaves is {list(self.pitch_octaves)}; the least comes first, both between "
                "-1 and 1"
            )


@dataclass(frozen=True)
class TeacherSettings:
    """Whose hearing is taught beside the labels; nobody's without a name.

    Args:
        name: a teacher, whose files lie where ``--teachers`` says.
        weight: how much what the lesson leaves unexplained counts beside the loss of the traits.
        numbers: how many main directions of what the teacher says are taught.
    """

    name: str = ""
    weight: float = 1.0
    numbers: int = 128

    def __post_init__(self) -> None:
        _above_0(self, "weight", "numbers")


@dataclass(frozen=True)
class SampleSettings:
    """How often an example is drawn.

    Args:
        balance: 0 draws speakers as they come, 1 draws every class of a corpus equally often.
        corpora: weight of a corpus beside the others; 1 where it is not named.
        classes: weight of a class beside the others, by label; 1 where it is not named.
        clean: share of the examples that are drawn from recordings left as they are.
    """

    balance: float = 1.0
    corpora: dict[str, float] = field(default_factory=dict)
    classes: dict[str, float] = field(default_factory=dict)
    clean: float = 0.2

    def __post_init__(self) -> None:
        _shares(self, "balance", "clean")
        _weights("corpora", self.corpora)
        _weights("classes", self.classes)


@dataclass(frozen=True)
class FitSettings:
    """Optimiser, schedule and end of a training, and what changes an example as it is drawn.

    Args:
        epochs: most of them.
        steps: of one epoch.
        batch: examples of a step.
        rate: highest learning rate of the one cycle.
        weight_decay: of the matrices.
        patience: epochs without a lower validation loss after which the training stops. As many as
            ``epochs`` switch that off: a one-cycle schedule is at its best at its end.
        smoothing: share of a label that is spread over all labels.
        mask_bands: most that either of two stretches of masked bands covers, of those that the
            front end has.
        mask_frames: most that a masked stretch of time covers.
        narrow: share of the examples without their highest bands, half of them without the lowest.
        trim: share of the examples of style ``word`` that are cut close.
        surround: share of them with silence or a hiss around.
        splice: share of the examples of words that two words are spliced into; see
            `voxtrait.training.splicing`.
        reverberate: share of the examples heard in a room.
        mix: share of those of words with a noise of the training side behind.
        mix_snr_db: how much louder than that noise they are, least and most.
        seconds: an example of another style is cropped to, drawn for each batch.
        weights: of a trait's loss; 1 where it is not named.
    """

    epochs: int = 40
    steps: int = 100
    batch: int = 64
    rate: float = 3e-3
    weight_decay: float = 1e-2
    patience: int = 12
    smoothing: float = 0.02
    mask_bands: int = 8
    mask_frames: int = 20
    narrow: float = 0.0
    trim: float = 0.0
    surround: float = 0.0
    splice: float = 0.0
    reverberate: float = 0.0
    mix: float = 0.0
    mix_snr_db: tuple[float, float] = (0.0, 25.0)
    seconds: tuple[float, float] = (1.0, 4.0)
    weights: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _above_0(self, "epochs", "steps", "batch", "rate", "patience")
        _not_negative(self, "weight_decay", "mask_bands", "mask_frames")
        _shares(self, "smoothing", "narrow", "trim", "surround", "splice", "reverberate", "mix")
        _weights("weights", self.weights)
        if not -100 <= self.mix_snr_db[0] <= self.mix_snr_db[1] <= 100:
            raise ValueError(f"mix_snr_db is {list(self.mix_snr_db)}; the least comes first, in dB")
        if not 0 < self.seconds[0] <= self.seconds[1] < math.inf:
            raise ValueError(f"seconds is {list(self.seconds)}; the least comes first, above 0")


def _above_0(table: object, *names: str) -> None:
    for name in names:
        if not 0 < getattr(table, name) < math.inf:
            raise ValueError(f"{name} is {getattr(table, name)}; it must be above 0")


def _not_negative(table: object, *names: str) -> None:
    for name in names:
        if not 0 <= getattr(table, name) < math.inf:
            raise ValueError(f"{name} is {getattr(table, name)}; it must not be below 0")


def _shares(table: object, *names: str) -> None:
    for name in names:
        if not 0 <= getattr(table, name) <= 1:
            raise ValueError(f"{name} is {getattr(table, name)}; it must be from 0 to 1")


def _weights(name: str, given: Mapping[str, float]) -> None:
    for key, weight in given.items():
        if not 0 <= weight < math.inf:
            raise ValueError(f"{name}.{key} is {weight}; a weight must not be below 0")
