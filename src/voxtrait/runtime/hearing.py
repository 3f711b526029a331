"""One recording on its way from samples to answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxtrait import audio
from voxtrait.errors import NoSpeech, rounded_down
from voxtrait.runtime.prediction import Prediction
from voxtrait.runtime.tally import VoiceTally, WordTally
from voxtrait.runtime.words import LONGEST_WORD, Word, WordCutter, whole_word
from voxtrait.speech import SAMPLE_RATE, Passage, SpeechDetector, SpeechStream
from voxtrait.speech.tape import Tape
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voxtrait.runtime.answer import Answer
    from voxtrait.runtime.batch import Batch
    from voxtrait.runtime.questions import Question

__all__ = ["Everything", "Hearing"]

CHUNK = 10 * SAMPLE_RATE
NOTHING = np.zeros(0, np.float32)


class Everything:
    """In place of a speech detector: all of the recording counts as speech, in chunks of 10 s."""

    def __init__(self) -> None:
        self._tape = Tape()
        self._next = 0

    def push(self, samples: NDArray[np.float32]) -> list[Passage]:
        """Go on with samples ``[n]`` at 16 kHz, and give the chunks they complete."""
        self._tape.push(samples)
        found = []
        while self._tape.end > self._next + CHUNK:
            found.append(self._cut(self._next + CHUNK))
        self._tape.forget(self._next)
        return found

    def finish(self) -> list[Passage]:
        """Give the rest."""
        return [self._cut(self._tape.end)] if self._tape.end > self._next else []

    def _cut(self, end: int) -> Passage:
        start, self._next = self._next, end
        return Passage(start, end, 0, self._tape.cut(start, end))


class Hearing:
    """Samples in, a prediction out, in constant memory however long the recording.

    Args:
        questions: each a model and the traits it is asked for.
        detector: finds the speech; ``None`` takes all for speech.
        batch: asks the models. Run it between :meth:`finish` and :meth:`prediction`.
        sample_rate: of the samples, Hz.
        path: of the recording, for the prediction.

    Attributes:
        warnings: what of the recording is missing or damaged; set by whoever reads it.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        detector: SpeechDetector | None,
        batch: Batch,
        sample_rate: int,
        path: str | None = None,
    ) -> None:
        self._path, self._rate = path, sample_rate
        self.warnings: tuple[str, ...] = ()
        self._resampler = None
        if sample_rate != SAMPLE_RATE:
            self._resampler = audio.Resampler(sample_rate, SAMPLE_RATE)
        self._stream = Everything() if detector is None else SpeechStream(detector)
        self._samples = self._heard = self._speech = 0
        # The first samples, while they may be a whole recording no longer than a word.
        self._first: list[NDArray[np.float32]] = []
        self._cutter = WordCutter()
        self._voices: list[VoiceTally] = []
        self._words: list[WordTally] = []
        for model, traits in questions:
            if voice := [name for name in traits if not TRAITS[name].per_word]:
                self._voices.append(VoiceTally(model, voice, batch))
            self._words += [
                WordTally(model, name, batch) for name in traits if TRAITS[name].per_word
            ]

    def push(self, samples: NDArray[np.float32]) -> None:
        """Go on with samples ``[n]``."""
        self._samples += len(samples)
        self._listen(self._resampler.push(samples) if self._resampler else samples)

    def finish(self) -> None:
        """The recording is at its end.

        Raises:
            NoSpeech: less speech than any of the traits needs.
        """
        if self._resampler:
            self._listen(self._resampler.finish())
        passages = self._stream.finish()
        if self._heard <= LONGEST_WORD:
            self._hear_voice(passages)
            self._hear_words(whole_word(passages, np.concatenate([NOTHING, *self._first])))
        else:
            self._hear(passages)
            self._hear_words(self._cutter.finish())
        least = min((tally.least for tally in self._tallies), default=0.0)
        if not self._speech or self._speech_s < least:
            raise NoSpeech(self._samples / self._rate, self._speech_s, least)
        for voice in self._voices:
            voice.finish()

    def prediction(self) -> Prediction:
        """The answers, once the batch has run."""
        answers: dict[str, Answer] = {}
        withheld: dict[str, str] = {}
        for tally in self._tallies:
            if self._speech_s >= tally.least:
                answers.update(tally.answers())
            else:
                heard = rounded_down(self._speech_s)
                reason = f"too little speech: {heard:.2f} s of {tally.least:.2f} s needed"
                withheld.update(dict.fromkeys(tally.traits, reason))
        return Prediction(
            self._path,
            self._samples / self._rate,
            self._speech_s,
            {name: answers[name] for name in TRAITS if name in answers},
            self.warnings,
            {name: withheld[name] for name in TRAITS if name in withheld},
        )

    @property
    def _tallies(self) -> list[VoiceTally | WordTally]:
        return [*self._voices, *self._words]

    @property
    def _speech_s(self) -> float:
        return self._speech / SAMPLE_RATE

    def _listen(self, samples: NDArray[np.float32]) -> None:
        self._heard += len(samples)
        if self._heard <= LONGEST_WORD:
            self._first.append(samples)
        self._hear(self._stream.push(samples))

    def _hear(self, passages: list[Passage]) -> None:
        self._hear_voice(passages)
        for passage in passages:
            self._hear_words(self._cutter.push(passage))

    def _hear_voice(self, passages: list[Passage]) -> None:
        for passage in passages:
            self._speech += passage.end - passage.start
            for voice in self._voices:
                voice.push(passage.speech)

    def _hear_words(self, words: list[Word]) -> None:
        for word in words:
            for tally in self._words:
                tally.push(word)
