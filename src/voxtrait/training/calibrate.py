"""Calibration on what validation speakers' whole recordings were answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voxtrait.model_file import ModelFile, with_card
from voxtrait.runtime.calibration import calibrate as calibrated
from voxtrait.training.temperature import fit_shift, fit_temperature
from voxtrait.training.threshold import choose_threshold
from voxtrait.traits import NOT_A_DIGIT, TRAITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from voxtrait.corpora import Utterance
    from voxtrait.model_file import TraitCard
    from voxtrait.training.validation import Validated

__all__ = ["Shares", "calibrate", "natural_prior", "recalibrated"]

# Answers below which no temperature is fitted, and speakers below which nothing is shifted: a
# guess is worse.
LEAST = 20


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


class Shares(NamedTuple):
    """How common each label of a trait is, in the order of its labels, each summing to 1.

    Args:
        seen: as training met them, which evens them out.
        natural: among the training speakers; see `natural_prior`.
    """

    seen: tuple[float, ...]
    natural: tuple[float, ...]


def calibrate(data: bytes, answers: Sequence[Validated], shares: Mapping[str, Shares]) -> bytes:
    """The model file with temperatures and thresholds that make its probabilities true.

    Each speaker counts the same, however many answers there are to them.

    The score of ``not_a_digit`` is shifted as well, to what is true where it is as common as one of
    the ten digits: training meets far more of it, and no corpus can say how often people will speak
    other words. So among those who say digits each speaker counts the same, and among those who say
    other words. Fewer than 20 speakers on either side shift nothing.

    Where a trait's shares are given, what the network learnt from how often it met a label is taken
    out of its scores: ``(z - log seen) / temperature`` says which label the voice speaks for, and
    the label is the highest. The natural shares then enter the probabilities alone, so that a
    network that knows nothing gives everybody the natural shares. Shares do not come from the
    answers: a trait with fewer than 20 of these gets its shares at the temperature 1, and a
    threshold if it has none: caution that marks the least probable fifth of few is better than
    none.

    Args:
        data: a model file; what it was calibrated to before matters only for traits with fewer
            than 20 answers, which keep it where it has one.
        answers: of this network, or of networks of the same recipe trained on other speakers.
        shares: of the traits whose labels training evened out.
    """
    card = ModelFile.load(data).card
    traits = {
        name: _fitted(trait, [a for a in answers if a.trait == name], shares.get(name))
        for name, trait in card.traits.items()
    }
    return with_card(data, replace(card, traits=traits))


def recalibrated(data: bytes, answers: Sequence[Validated]) -> bytes:
    """A calibrated model file calibrated on other answers, with the shares that it has."""
    traits = ModelFile.load(data).card.traits
    shares = {
        name: Shares(tuple(np.exp(-np.multiply(trait.bias, trait.temperature))), trait.prior)
        for name, trait in traits.items()
        if trait.prior
    }
    return calibrate(data, answers, shares)


def _fitted(trait: TraitCard, answers: Sequence[Validated], shares: Shares | None) -> TraitCard:
    """Temperature, bias, prior and threshold."""
    if len(answers) < LEAST:
        if shares is not None and not trait.prior:
            trait = _with_shares(trait, shares, 1.0)  # where `recalibrated` will look for them
        return trait if trait.unsure_below or not answers else _with_threshold(trait, answers)
    z = np.array([answer.z for answer in answers])
    truth = np.array([trait.labels.index(answer.label) for answer in answers])
    count = Counter(answer.speaker_id for answer in answers)
    weights = np.array([1 / count[answer.speaker_id] for answer in answers])
    if shares is not None:
        natural = tuple(np.log(shares.natural).tolist())
        heard = z - np.log(shares.seen)
        temperature = round(fit_temperature(heard, truth, natural, weights), 4)
        ready = _with_shares(trait, shares, temperature)
    elif _can_shift(answers):
        ready = _with_shift(trait, z, truth, weights)
    else:
        temperature = round(fit_temperature(z, truth, weights=weights), 4)
        ready = replace(trait, temperature=temperature, bias=(), prior=())
    return _with_threshold(ready, answers)


def _can_shift(answers: Sequence[Validated]) -> bool:
    """Whether enough speakers said a digit, and enough something else."""
    kinds: dict[bool, set[str]] = {True: set(), False: set()}
    for answer in answers:
        kinds[answer.label == NOT_A_DIGIT].add(answer.speaker_id)
    return min(map(len, kinds.values())) >= LEAST


def _with_threshold(trait: TraitCard, answers: Sequence[Validated]) -> TraitCard:
    found = [calibrated(answer.z, trait) for answer in answers]
    sure = [probabilities[label] for label, probabilities in found]
    right = [
        trait.labels[label] == answer.label
        for (label, _), answer in zip(found, answers, strict=True)
    ]
    threshold = choose_threshold(sure, right, [answer.speaker_id for answer in answers])
    return replace(trait, unsure_below=round(threshold, 6))


def _with_shift(
    trait: TraitCard,
    z: NDArray[np.float64],
    truth: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> TraitCard:
    """As if no digit were as common as a digit: no corpus can say how often people say others."""
    label = trait.labels.index(NOT_A_DIGIT)
    other = truth == label
    share = 1 / len(trait.labels)
    wanted = np.where(other, share / weights[other].sum(), (1 - share) / weights[~other].sum())
    temperature, shift = fit_shift(z, truth, label, weights * wanted)
    bias = [0.0] * len(trait.labels)
    bias[label] = round(shift, 4)
    return replace(trait, temperature=round(temperature, 4), bias=tuple(bias), prior=())


def _with_shares(trait: TraitCard, shares: Shares, temperature: float) -> TraitCard:
    # Rounded, so that calibrating again on the same answers changes nothing.
    bias = tuple(np.round(-np.log(shares.seen) / temperature, 6).tolist())
    return replace(trait, temperature=temperature, bias=bias, prior=shares.natural)
