"""Models that are loaded, and recordings answered by them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeAlias

from voxtrait.audio.warning import noted
from voxtrait.errors import UsageError
from voxtrait.runtime.batch import Batch
from voxtrait.runtime.hearing import Hearing
from voxtrait.runtime.many import StoppedError, answer_many
from voxtrait.runtime.questions import questions
from voxtrait.runtime.source import is_array, opened
from voxtrait.runtime.starting import starting
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from typing import Literal

    from voxtrait.model_file import Card, ModelFile
    from voxtrait.runtime.prediction import Failure, Prediction
    from voxtrait.speech import SpeechDetector

__all__ = ["Predictor"]

# A path, the bytes of a file, a binary file object, or an array of samples.
Recording: TypeAlias = Any


class Predictor:
    """Answers recordings. Made by ``voxtrait.load``; safe to share, to fork and to pickle.

    Args:
        models: model files of kind ``traits``, each of them asked once however many traits it
            answers.
        detector: finds the speech; ``None`` takes every recording for speech from end to end.
        traits: which to answer, one or several; all that the models know if not given.
        threads: of each run of a network. One is fastest for most; see ``jobs`` of
            :meth:`predict_many` to use more cores.

    Raises:
        UsageError: a trait that no model answers or two do, or fewer threads than one.
        WrongModel: a model that is no model of traits.
    """

    def __init__(
        self,
        models: Sequence[ModelFile],
        detector: SpeechDetector | None = None,
        *,
        traits: str | Iterable[str] | None = None,
        threads: int = 1,
    ) -> None:
        if threads < 1:
            raise UsageError(f"threads is {threads}; it must be at least 1.", "Leave it out.")
        self.threads = threads
        self.detector = detector
        named = [traits] if isinstance(traits, str) else traits
        wanted = None if named is None else list(named)
        self._questions = questions(models, wanted)

    @property
    def traits(self) -> tuple[str, ...]:
        """The traits that are answered, in the order of ``voxtrait.traits.TRAITS``."""
        asked = {name for _, names in self._questions for name in names}
        return tuple(name for name in TRAITS if name in asked)

    @property
    def models(self) -> tuple[ModelFile, ...]:
        """The model files that are asked; the detector's is not among them."""
        return tuple(model for model, _ in self._questions)

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards of the models that are asked."""
        return tuple(model.card for model in self.models)

    @property
    def editions(self) -> dict[str, str]:
        """The model file that answers each trait, as answers name it; see ``ModelFile.edition``."""
        return {name: model.edition for model, names in self._questions for name in names}

    def predict(
        self,
        source: Recording,
        sample_rate: int | None = None,
        *,
        max_seconds: float = 3600,
        channel: str | int = "mix",
    ) -> Prediction:
        """Answer one recording.

        Gender and age: the speech is joined and cut in the windows of the model's card, whose
        log-probabilities are averaged by their seconds. Digit: one word of up to 1.5 s; of several
        the label is ``not_a_digit`` and ``segments`` has each.

        Args:
            source: a path, the bytes of a file, a binary file object, or an array ``[samples]``.
            sample_rate: of an array, Hz; files know theirs.
            max_seconds: a longer recording is refused. Memory stays the same however long it is.
            channel: ``"mix"`` averages the channels of a file; a number picks one, from 0.

        Raises:
            AudioError: the recording cannot be used; ``NoSpeech`` where nobody speaks.
            MissingExtra: its format needs the ``media`` extra.
            BrokenPackage: a package that reads it does not load.
            UsageError: an array without a sample rate, or not ``[samples]``.
        """
        batch = Batch(self.threads)
        hearing = self.hear(batch, source, sample_rate, max_seconds=max_seconds, channel=channel)
        batch.run()
        return hearing.prediction()

    def predict_many(
        self,
        sources: Iterable[Recording],
        *,
        sample_rate: int | None = None,
        batch_size: int = 32,
        jobs: int = 1,
        on_error: Literal["raise", "return"] = "raise",
        max_seconds: float = 3600,
        channel: str | int = "mix",
    ) -> Generator[Prediction | Failure, None, None]:
        """Answer many recordings, in order, as they come.

        A generator in constant memory: it takes a little more of ``sources`` than it has answered.

        Args:
            sources: as for :meth:`predict`; any iterable, also an endless one.
            sample_rate: of arrays, Hz.
            batch_size: recordings whose pieces of speech may share a run of a network; fewer
                towards the end where ``sources`` has a length.
            jobs: threads that read and answer; as many as there are cores is most useful.
            on_error: ``"raise"`` stops at the first recording that cannot be answered; with
                ``"return"`` it gives a ``Failure`` in its place and goes on.
            max_seconds: a longer recording is an error.
            channel: ``"mix"``, or the number of one channel, from 0.

        Raises:
            UsageError: an argument that cannot be.
            AudioError, UnusablePackage: with ``on_error="raise"``, those of :meth:`predict`.
        """
        if isinstance(sources, str | bytes | os.PathLike):
            raise UsageError(
                f"predict_many was given one recording ({type(sources).__name__}).",
                "Give a list, or use predict for one.",
            )
        for name, value in (("batch_size", batch_size), ("jobs", jobs)):
            if value < 1:
                raise UsageError(f"{name} is {value}; it must be at least 1.", "Leave it out.")
        if on_error not in ("raise", "return"):
            raise UsageError(f"on_error is {on_error!r}.", 'It can be "raise" or "return".')

        def hear(batch: Batch, source: Recording, stop: Callable[[], bool]) -> Hearing:
            rate = sample_rate if is_array(source) else None
            return self.hear(
                batch, source, rate, max_seconds=max_seconds, channel=channel, stop=stop
            )

        return answer_many(
            hear, sources, threads=self.threads, batch_size=batch_size, jobs=jobs, on_error=on_error
        )

    def hear(
        self,
        batch: Batch,
        source: Recording,
        sample_rate: int | None = None,
        *,
        max_seconds: float = 3600,
        channel: str | int = "mix",
        stop: Callable[[], bool] = bool,
    ) -> Hearing:
        """Read a recording to its end, so that only what waits in the batch is left to ask.

        Args:
            batch: takes the pieces of speech.
            source: the recording, as for :meth:`predict`.
            sample_rate: of an array, Hz.
            max_seconds: a longer recording is refused.
            channel: ``"mix"``, or the number of one channel, from 0.
            stop: asked before each block of 10 s; ``StoppedError`` is raised where it is true.
        """
        path = os.fspath(source) if isinstance(source, str | os.PathLike) else None
        models = [model for model, _ in self._questions]
        with (
            noted() as notes,
            starting(models if self.detector else models[1:], self.threads),
            opened(source, sample_rate, max_seconds, channel) as (rate, blocks),
        ):
            hearing = Hearing(self._questions, self.detector, batch, rate, path)
            for block in blocks:
                if stop():
                    raise StoppedError
                hearing.push(block)
            hearing.finish()
        hearing.warnings = tuple(notes)
        return hearing

    def __repr__(self) -> str:
        names = ", ".join(card.name for card in self.cards)
        return f"<Predictor of {', '.join(self.traits)} by {names}>"
