"""What a finished training came to, in a sentence a trait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.runtime.calibration import calibrate
from voxtrait.training.calibrate import LEAST
from voxtrait.training.threshold import MOST_ERRORS
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voxtrait.model_file import TraitCard
    from voxtrait.training.validation import Validated

__all__ = ["verdicts"]


def verdicts(traits: Mapping[str, TraitCard], answers: Sequence[Validated]) -> Iterator[str]:
    """How the validation speakers were answered, and whether few of the sure answers are wrong.

    Args:
        traits: of the calibrated model.
        answers: what it was calibrated on.
    """
    for name, card in traits.items():
        mine = [answer for answer in answers if answer.trait == name]
        title = TRAITS[name].title
        if len(mine) < LEAST:
            few = f"{title}: {len(mine)} validation recordings are too few to calibrate on"
            yield f"{few}; the least probable fifth is marked unsure" if mine else few
            continue
        found = [(answer.label, *calibrate(answer.z, card)) for answer in mine]
        right = [card.labels[label] == truth for truth, label, _ in found]
        sure = [
            good
            for good, (_, label, chances) in zip(right, found, strict=True)
            if chances[label] >= card.unsure_below
        ]
        text = f"{title}: {sum(right) / len(mine):.1%} of {len(mine)} validation recordings right"
        if not sure:
            yield f"{text}, no answer sure"
            continue
        wrong = len(sure) - sum(sure)
        text += f", {len(sure) / len(mine):.0%} sure and {wrong / len(sure):.1%} of these wrong"
        # Of ages nobody is sure; the mark means the least probable fifth.
        missed = wrong > MOST_ERRORS * len(sure) and not card.edges
        yield text + (f": more than {MOST_ERRORS:.0%}" if missed else "")
