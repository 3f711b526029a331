"""Running a predictor over recordings whose truth is known."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from voxtrait import audio
from voxtrait.errors import AudioError, NoSpeech, UnusablePackage, VoxtraitError
from voxtrait.evaluation.acoustics import RATE
from voxtrait.evaluation.asked import facts, fingerprint
from voxtrait.evaluation.distortion import UNCHANGED, Distortion, key_of
from voxtrait.evaluation.resume import Answers
from voxtrait.evaluation.scored import Scored
from voxtrait.runtime import AgeAnswer, Failure
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voxtrait.corpora.utterance import Utterance
    from voxtrait.runtime import Prediction, Predictor

__all__ = ["scorable", "score"]


def score(
    predictor: Predictor,
    manifest: Iterable[Utterance],
    *,
    traits: Sequence[str],
    distortion: Distortion = UNCHANGED,
    output: Path | None = None,
    anew: bool = False,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[Scored]:
    """Answer every recording with a known truth for one of the traits, through the runtime.

    A recording that fails, or in which nobody speaks, is a row with its error.

    Args:
        predictor: as `voxtrait.load` gives it.
        manifest: recordings; those without a label for any of the traits are left out.
        traits: names; each must be one that the predictor answers.
        distortion: what is done to the recordings first.
        output: JSON Lines file. Each row is added to ``FILE.partial`` as it comes, which then takes
            the file's name. Recordings that either already holds are not answered again, so that an
            evaluation goes on after a kill.
        anew: answer all again.
        jobs: threads that read and answer.
        progress: called with (recordings done, recordings in all).

    Returns:
        Rows in the manifest's order.

    Raises:
        UsageError: a trait that the predictor does not answer; rows in ``output`` by another model
            or under another condition.
        ManifestError: ``output`` is not a file of scored rows.
        OutOfSpace: no room to add a row to ``output``.
        MissingRequirement: ``output`` cannot be written for another reason.
    """
    priors, models = facts(predictor.cards, traits)
    mark = fingerprint(predictor)
    wanted = scorable(manifest, traits)
    answers = Answers(output, distortion.name, models, mark, anew=anew) if output else None
    done = answers.done if answers else {}
    todo = [u for u in wanted if str(u.path) not in done]
    for utterance, outcome in _outcomes(predictor, todo, distortion, jobs):
        blank = Scored(
            utterance,
            priors=priors,
            models=models,
            fingerprint=mark,
            condition=distortion.name,
        )
        row = _answered(blank, outcome, traits)
        done[str(utterance.path)] = row
        if answers:
            answers.add(row)
        if progress:
            progress(len(done), len(wanted))
    if answers:
        answers.finish()
    # What is known of a recording is the manifest's: labels may have been mended since.
    return [replace(done[str(utterance.path)], utterance=utterance) for utterance in wanted]


def scorable(manifest: Iterable[Utterance], traits: Sequence[str]) -> list[Utterance]:
    """Recordings with a known truth for one of the traits; impulse responses are no recordings."""
    return [u for u in manifest if u.kind != "room" and any(t in u.labels for t in traits)]


def _outcomes(
    predictor: Predictor, utterances: list[Utterance], distortion: Distortion, jobs: int
) -> Iterator[tuple[Utterance, Prediction | VoxtraitError]]:
    """Each recording with its answers or the reason for none, in order."""
    # The predictor may read ahead, so what it has taken and not yet answered waits here.
    waiting: deque[tuple[Utterance, VoxtraitError | None]] = deque()

    def readable() -> Iterator[Path | NDArray[np.float32]]:
        for utterance in utterances:
            try:
                source = _source(utterance, distortion)
            except (AudioError, UnusablePackage) as error:
                waiting.append((utterance, error))
            else:
                waiting.append((utterance, None))
                yield source

    rate = None if distortion == UNCHANGED else RATE
    sources = _Counted(readable(), len(utterances))
    for answer in predictor.predict_many(sources, sample_rate=rate, jobs=jobs, on_error="return"):
        yield from _failed(waiting)
        utterance, _ = waiting.popleft()
        yield utterance, answer.error if isinstance(answer, Failure) else answer
    yield from _failed(waiting)


class _Counted:
    """Says how many may come, so that the last are shared evenly among the jobs."""

    def __init__(self, sources: Iterator[Path | NDArray[np.float32]], most: int) -> None:
        self._sources, self._most = sources, most

    def __iter__(self) -> Iterator[Path | NDArray[np.float32]]:
        return self._sources

    def __length_hint__(self) -> int:
        return self._most


def _failed(
    waiting: deque[tuple[Utterance, VoxtraitError | None]],
) -> Iterator[tuple[Utterance, VoxtraitError]]:
    """Take those from the front that could not even be read."""
    while waiting and (error := waiting[0][1]) is not None:
        yield waiting.popleft()[0], error


def _source(utterance: Utterance, distortion: Distortion) -> Path | NDArray[np.float32]:
    if distortion == UNCHANGED:
        return utterance.path  # as a user would: the runtime reads it itself
    waveform, rate = audio.read(utterance.path)
    return distortion.apply(audio.resample(waveform, rate, RATE), key_of(utterance))


def _answered(blank: Scored, outcome: Prediction | VoxtraitError, traits: Sequence[str]) -> Scored:
    """The row with its answers filled in, or the reason for none."""
    if isinstance(outcome, VoxtraitError):
        blank = replace(blank, error=type(outcome).__name__, message=str(outcome))
        if isinstance(outcome, NoSpeech):
            return replace(blank, duration=outcome.duration_s, speech=outcome.speech_s)
        return replace(blank, duration=blank.utterance.duration)
    # A trait that needs more speech than there is has no answer beside others that have one.
    given = {trait: outcome.traits[trait] for trait in traits if trait in outcome.traits}
    age = given.get("age")
    return replace(
        blank,
        probabilities={
            trait: tuple(answer.probabilities.get(label, 0.0) for label in TRAITS[trait].labels)
            for trait, answer in given.items()
        },
        label={trait: answer.label for trait, answer in given.items()},
        unsure={trait: answer.unsure for trait, answer in given.items()},
        years=age.years if isinstance(age, AgeAnswer) else None,
        interval=age.interval_years if isinstance(age, AgeAnswer) else None,
        duration=outcome.duration_s,
        speech=outcome.speech_s,
    )
