"""What is said of a recording."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from voxtrait.runtime.html import answer_html
from voxtrait.runtime.years import quantiles, typical_years
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["AgeAnswer", "Answer", "DigitAnswer", "WordAnswer", "with_years"]


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The answer for one trait.

    Args:
        trait: its name.
        label: the answer.
        probability: of the label, 0 to 1.
        probabilities: of every label that the model knows, summing to 1.
        unsure: the probability is below the model's threshold; better not to rely on it.
        model: the model file that answered, as its name, version and the beginning of its SHA-256:
            ``"voice-small 1.0.0+3f2a9c1b"``.
    """

    trait: str
    label: str
    probability: float
    probabilities: Mapping[str, float]
    unsure: bool
    model: str

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON would have it; probabilities to six digits."""
        return {**_rounded(self), "model": self.model}

    def describe(self) -> str:
        """The answer in a few words, such as ``"female 97 %"``."""
        return f"{self.label} {_percent(self.probability)}" + (", unsure" if self.unsure else "")

    def __repr__(self) -> str:
        return f"<{TRAITS[self.trait].title}: {self.describe()}>"

    def _repr_html_(self) -> str:
        return answer_html(self)


@dataclass(frozen=True, slots=True, repr=False)
class AgeAnswer(Answer):
    """An answer with years behind its labels.

    Args:
        years: the middle of the group that the median lies in, as ages were given by decade.
        interval_years: the years that 80 % lie between, to a tenth.
    """

    years: float
    interval_years: tuple[float, float]

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON would have it."""
        interval = list(self.interval_years)
        return {**super(AgeAnswer, self).to_dict(), "years": self.years, "interval_years": interval}

    def describe(self) -> str:
        """The years alone, such as ``"35 years (22 to 51), unsure"``.

        The group that a voice speaks for, its ``label``, need not be the one they lie in.
        """
        low, high = self.interval_years
        unsure = ", unsure" if self.unsure else ""
        return f"{self.years:.0f} years ({low:.0f} to {high:.0f}){unsure}"


def with_years(answer: Answer, edges: Sequence[float]) -> AgeAnswer:
    """An answer whose labels are spans of years, with the years that follow from them.

    See :func:`voxtrait.runtime.years.typical_years`; and the 10 and 90 % quantiles of the
    distribution that has each label's probability and is uniform between its edges.

    Args:
        answer: labels in rising order of years.
        edges: borders of the labels in years, one more than there are labels.
    """
    chances = list(answer.probabilities.values())
    # Rounded here and nowhere else: 33.46 shown as 33 here and, by way of 33.5, as 34 there would
    # be two answers.
    low, high = (round(years, 1) for years in quantiles(chances, edges, (0.1, 0.9)))
    parts = {part.name: getattr(answer, part.name) for part in fields(answer)}
    return AgeAnswer(**parts, years=typical_years(chances, edges), interval_years=(low, high))


@dataclass(frozen=True, slots=True, repr=False)
class WordAnswer:
    """The answer for one of several words.

    Args:
        start_s: where it starts, in seconds from the recording's beginning.
        end_s: where it ends.
        label, probability, probabilities, unsure: as in :class:`Answer`.
    """

    start_s: float
    end_s: float
    label: str
    probability: float
    probabilities: Mapping[str, float]
    unsure: bool

    def to_dict(self) -> dict[str, Any]:
        """The word as JSON would have it; seconds to a millisecond."""
        return {
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            **_rounded(self),
        }

    def __repr__(self) -> str:
        unsure = ", unsure" if self.unsure else ""
        return (
            f"<{self.start_s:.2f} to {self.end_s:.2f} s: "
            f"{self.label} {_percent(self.probability)}{unsure}>"
        )


@dataclass(frozen=True, slots=True, repr=False)
class DigitAnswer(Answer):
    """An answer that is given word by word.

    Of several words it is ``not_a_digit``, for together they are none: by a rule, so that its
    probability of 0.999 was not measured; that of each word was calibrated as ever.

    Args:
        segments: each word; the answer itself is the word's where there is only one.
    """

    segments: tuple[WordAnswer, ...]

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON would have it; ``segments`` only where there are several words."""
        several = {"segments": [word.to_dict() for word in self.segments]}
        return {**super(DigitAnswer, self).to_dict(), **(several if len(self.segments) > 1 else {})}

    def describe(self) -> str:
        """The answer in a few words; of several words also their labels."""
        words = ", ".join(word.label for word in self.segments[:10])
        more = ", ..." if len(self.segments) > 10 else ""
        several = f" ({len(self.segments)} words: {words}{more})" if len(self.segments) > 1 else ""
        return super(DigitAnswer, self).describe() + several


def _percent(probability: float) -> str:
    """Whole percents, but never "100 %" of what is not certain."""
    if 0.995 <= probability < 1:
        return "> 99 %"
    return f"{probability:.0%}".replace("%", " %")


def _rounded(answer: Answer | WordAnswer) -> dict[str, Any]:
    return {
        "label": answer.label,
        "probability": round(answer.probability, 6),
        "probabilities": {name: round(p, 6) for name, p in answer.probabilities.items()},
        "unsure": answer.unsure,
    }
