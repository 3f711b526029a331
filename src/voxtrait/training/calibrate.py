"""Calibration on validation speakers' whole recordings, through the runtime that ships."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from voxtrait.model_file import ModelFile, TraitCard, with_card
from voxtrait.runtime import calibration, load
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from voxtrait.corpora import Utterance
    from voxtrait.runtime.answer import Answer

__all__ = ["calibrate", "natural_prior"]

LEAST = 20  # answers below which nothing is fitted: a guess would be worse than none


def natural_prior(rows: Sequence[Utterance], trait: str) -> tuple[float, ...]:
    """How common each label is among the known speakers, each counted once, one added to each."""
    seen = {
        (row.speaker_id, row.labels[trait])
        for row in rows
        if trait in row.labels and row.speaker_known
    }
    counts = Counter(label for _, label in seen)
    labels = TRAITS[trait].labels
    total = len(seen) + len(labels)
    return tuple((counts[label] + 1) / total for label in labels)


def calibrate(
    data: bytes,
    rows: Sequence[Utterance],
    training_rows: Sequence[Utterance],
    seen: Mapping[str, Sequence[float]],
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """The model file with temperatures and thresholds that make its probabilities true.

    Args:
        data: a model file not yet calibrated.
        rows: recordings of validation speakers.
        training_rows: recordings it was trained on; they say how common each age is.
        seen: for a trait with years, how often training met each label.
        progress: called with recordings done and recordings in all.
    """
    card = ModelFile.load(data).card
    answers = _answers(data, rows, progress)
    traits = {}
    for name, trait in card.traits.items():
        pairs = [
            (a, r.labels[name]) for a, r in answers[name] if r.labels.get(name) in trait.labels
        ]
        correction = np.zeros(len(trait.labels))
        if TRAITS[name].edges:
            correction = np.log(natural_prior(training_rows, name)) - np.log(seen[name])
        traits[name] = _fitted(trait, pairs, correction)
    return with_card(data, replace(card, traits=traits))


def _answers(
    data: bytes, rows: Sequence[Utterance], progress: Callable[[int, int], None] | None
) -> dict[str, list[tuple[Answer, Utterance]]]:
    """Each trait's answers that are the network's own; see `_plain`."""
    predictor = load(data)
    answers: dict[str, list[tuple[Answer, Utterance]]] = {name: [] for name in predictor.traits}
    wanted = [row for row in rows if row.kind == "speech"]
    results = predictor.predict_many([row.path for row in wanted], on_error="return")
    for done, (row, result) in enumerate(zip(wanted, results, strict=True), start=1):
        for name, answer in getattr(result, "traits", {}).items():
            if _plain(answer, predictor.cards[0].window.seconds):
                answers[name].append((answer, row))
        if progress is not None:
            progress(done, len(wanted))
    return answers


def _plain(answer: Answer, longest: float) -> bool:
    """Whether an answer is the network's own: not put together of several words or one too long."""
    words = getattr(answer, "segments", ())
    return len(words) <= 1 and all(word.end_s - word.start_s <= longest for word in words)


def _fitted(
    trait: TraitCard, pairs: Sequence[tuple[Answer, str]], correction: NDArray[np.float64]
) -> TraitCard:
    """Temperature, prior and threshold.

    The correction, from how often training met each label to how common it is, changes the
    probabilities alone: the label is the one that training, which evens the labels out, finds
    likeliest. Chosen by the corrected ones it would hardly ever be one of the rarer.
    """
    if len(pairs) < LEAST:
        return trait
    # The card had temperature 1 and no prior, so these are the averaged log-probabilities.
    z = np.log([[max(a.probabilities[label], 1e-12) for label in trait.labels] for a, _ in pairs])
    truth = np.array([trait.labels.index(label) for _, label in pairs])
    temperature = round(calibration.fit_temperature(z, truth, tuple(correction.tolist())), 4)
    ready = replace(trait, temperature=temperature)
    if correction.any():
        prior = np.exp(calibration.log_softmax(correction))
        ready = replace(ready, prior=tuple((prior / prior.sum()).tolist()))
    answers = [calibration.calibrate(row, ready) for row in z]
    sure = [float(probabilities[label]) for label, probabilities in answers]
    right = [label == true for (label, _), true in zip(answers, truth, strict=True)]
    return replace(ready, unsure_below=round(calibration.choose_threshold(sure, right), 4))
