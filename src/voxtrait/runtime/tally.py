"""What one model's answers to pieces of a recording add up to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.runtime.answer import Answer, DigitAnswer, WordAnswer, with_years
from voxtrait.runtime.calibration import calibrate
from voxtrait.runtime.windows import WindowCutter
from voxtrait.speech import SAMPLE_RATE
from voxtrait.traits import NOT_A_DIGIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voxtrait.model_file import ModelFile
    from voxtrait.runtime.batch import Batch, LogChances
    from voxtrait.runtime.words import Word

__all__ = ["VoiceTally", "WordTally"]

# What is left for "it is one digit after all" where several words were heard: a rule. How often
# several are heard where one was spoken depends on the noise around it: seldom without.
DOUBT = 1e-3


class VoiceTally:
    """Traits of the whole voice: speech in windows, log-probabilities averaged by their seconds.

    Args:
        model: answers the traits.
        traits: their names.
        batch: asks the model.
    """

    def __init__(self, model: ModelFile, traits: Sequence[str], batch: Batch) -> None:
        window = model.card.window
        self.least = window.least
        self.traits = tuple(traits)
        self._model, self._batch = model, batch
        self._cutter = WindowCutter(
            round(window.seconds * SAMPLE_RATE), round(window.hop * SAMPLE_RATE)
        )
        self._sums = {name: np.zeros(len(model.card.traits[name].labels)) for name in traits}
        self._samples = 0

    def push(self, speech: NDArray[np.float32]) -> None:
        """Go on with speech, ``[samples]`` at 16 kHz."""
        for window in self._cutter.push(speech):
            self._ask(window)

    def finish(self) -> None:
        """Ask about the rest of the speech."""
        for window in self._cutter.finish():
            self._ask(window)

    def answers(self) -> dict[str, Answer]:
        """The answers by trait, once the batch has run."""
        return {name: self._answer(name, z / self._samples) for name, z in self._sums.items()}

    def _ask(self, window: NDArray[np.float32]) -> None:
        self._batch.ask(self._model, window, partial(self._take, len(window)))

    def _take(self, samples: int, chances: LogChances) -> None:
        self._samples += samples
        for name, total in self._sums.items():
            total += samples * chances[name]

    def _answer(self, name: str, z: NDArray[np.float64]) -> Answer:
        card = self._model.card.traits[name]
        label, chances = calibrate(z.tolist(), card)
        probability = chances[label]
        answer = Answer(
            trait=name,
            label=card.labels[label],
            probability=probability,
            probabilities=dict(zip(card.labels, chances, strict=True)),
            unsure=probability < card.unsure_below,
            model=self._model.edition,
        )
        return with_years(answer, card.edges) if card.edges else answer


class WordTally:
    """A trait of single words.

    One word: its own answer. Several: ``not_a_digit``, since together they are none; 0.001 is left
    to the other labels. What lasts longer than a word may is ``not_a_digit`` too: of its windows
    the one least like a digit counts one half, and its length the other.

    Args:
        model: answers the trait.
        trait: its name.
        batch: asks the model.
    """

    def __init__(self, model: ModelFile, trait: str, batch: Batch) -> None:
        self.least = model.card.window.least
        self.traits = (trait,)
        self._model, self._batch = model, batch
        self._card = model.card.traits[trait]
        # A network that knows digits only can still hear that there are several.
        none = () if NOT_A_DIGIT in self._card.labels else (NOT_A_DIGIT,)
        self._labels = self._card.labels + none
        self._words: list[Heard] = []

    def push(self, word: Word) -> None:
        """Go on with a word."""
        heard = Heard(word.start, word.end, too_long=word.too_long)
        self._words.append(heard)
        for piece in word.pieces:
            self._batch.ask(self._model, piece, partial(self._take, heard))

    def answers(self) -> dict[str, Answer]:
        """The answer, once the batch has run."""
        words = tuple(self._word(heard) for heard in self._words)
        if len(words) == 1:
            label, unsure = words[0].label, words[0].unsure
            chances = words[0].probabilities
        else:
            label, unsure = NOT_A_DIGIT, False
            chances = dict.fromkeys(self._labels, DOUBT / (len(self._labels) - 1))
            chances[NOT_A_DIGIT] = 1 - DOUBT
        (trait,) = self.traits
        model = self._model.edition
        return {trait: DigitAnswer(trait, label, chances[label], chances, unsure, model, words)}

    def _take(self, heard: Heard, log_chances: LogChances) -> None:
        (trait,) = self.traits
        label, known = calibrate(log_chances[trait].tolist(), self._card)
        chances = known + [0.0] * (len(self._labels) - len(known))
        if not heard.too_long:
            heard.label, heard.chances = label, chances
            return
        none = self._labels.index(NOT_A_DIGIT)
        chances = [chance / 2 for chance in chances]
        chances[none] += 0.5
        if heard.chances is None or chances[none] > heard.chances[none]:
            heard.label, heard.chances = none, chances

    def _word(self, heard: Heard) -> WordAnswer:
        assert heard.chances is not None  # every word has a piece, and the batch has run
        probability = heard.chances[heard.label]
        return WordAnswer(
            start_s=heard.start / SAMPLE_RATE,
            end_s=heard.end / SAMPLE_RATE,
            label=self._labels[heard.label],
            probability=probability,
            probabilities=dict(zip(self._labels, heard.chances, strict=True)),
            unsure=probability < self._card.unsure_below,
        )


class Heard:
    """A word and what the model said of it.

    Args:
        start: its first sample.
        end: the sample after its last.
        too_long: longer than any word.

    Attributes:
        label: index of its label.
        chances: its probabilities, ``[labels]``; ``None`` until the model was asked.
    """

    def __init__(self, start: int, end: int, *, too_long: bool) -> None:
        self.start, self.end, self.too_long = start, end, too_long
        self.label = 0
        self.chances: list[float] | None = None
