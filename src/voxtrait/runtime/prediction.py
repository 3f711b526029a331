"""All answers to one recording, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from voxtrait.errors import NoAnswer, rounded_down
from voxtrait.runtime.html import answers_html
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxtrait.errors import VoxtraitError
    from voxtrait.runtime.answer import Answer

__all__ = ["Failure", "Prediction"]


@dataclass(frozen=True, slots=True, repr=False)
class Prediction:
    """The answers to one recording, also as ``prediction.gender`` or ``prediction["gender"]``.

    Args:
        path: of the recording; ``None`` where it came as bytes, a file object or an array.
        duration_s: seconds of the recording.
        speech_s: seconds of it in which somebody speaks.
        traits: the answers by trait.
        warnings: what of the recording is missing or damaged, a sentence each.
        withheld: traits that were asked for and have no answer, with the reason: they need more
            speech than there is. Too little for all of them raises ``NoSpeech`` instead.
    """

    path: str | None
    duration_s: float
    speech_s: float
    traits: Mapping[str, Answer]
    warnings: tuple[str, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)

    # A trait is named in one place, traits.py; so there are no properties to keep in step.
    def __getattr__(self, name: str) -> Any:
        if name not in TRAITS:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if name not in self.traits:
            raise self._no_answer(name)
        return self.traits[name]

    def __getitem__(self, trait: str) -> Answer:
        if trait not in self.traits:
            raise self._no_answer(trait)
        return self.traits[trait]

    def __contains__(self, trait: object) -> bool:
        return trait in self.traits

    def _no_answer(self, trait: str) -> NoAnswer:
        if trait not in TRAITS:
            return NoAnswer(f"{trait!r} is no trait.", f"Known: {', '.join(TRAITS)}.")
        known = ", ".join((*self.traits, *self.withheld))
        reason = self.withheld.get(trait, f"asked for were {known}; load a model of it too")
        return NoAnswer(
            f"There is no answer for {trait}: {reason}.",
            f"Ask before: {trait!r} in prediction.traits",
        )

    def to_dict(self) -> dict[str, Any]:
        """The prediction as one line of ``voxtrait predict --format json``."""
        return {
            "path": self.path,
            "duration_s": round(self.duration_s, 3),
            "speech_s": round(self.speech_s, 3),
            "traits": {name: answer.to_dict() for name, answer in self.traits.items()},
            **({"withheld": dict(self.withheld)} if self.withheld else {}),
            **_warnings(self),
        }

    def __repr__(self) -> str:
        said = {name: answer.describe() for name, answer in self.traits.items()}
        said |= self.withheld
        answers = "; ".join(f"{TRAITS[name].title}: {words}" for name, words in said.items())
        warned = "".join(f"; warning: {warning}" for warning in self.warnings)
        return f"<Prediction {self._caption()}: {answers}{warned}>"

    def _repr_html_(self) -> str:
        return answers_html(self._caption(), self.traits.values(), self.withheld, self.warnings)

    def _caption(self) -> str:
        name = "" if self.path is None else f"{self.path!r}, "
        whole, spoken = rounded_down(self.duration_s), rounded_down(self.speech_s)
        return f"{name}{whole:.2f} s, {spoken:.2f} s of speech"


@dataclass(frozen=True, slots=True, repr=False)
class Failure:
    """A recording that could not be answered, as ``predict_many(..., on_error="return")`` gives it.

    Args:
        path: of the recording; ``None`` where it had none.
        error: why.
        warnings: what of the recording is missing or damaged, a sentence each.
    """

    path: str | None
    error: VoxtraitError
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The failure as one line of ``voxtrait predict --format json``."""
        reason: dict[str, Any] = {
            "type": type(self.error).__name__,
            "message": self.error.message,
            "hint": self.error.hint,
        }
        for name in ("duration_s", "speech_s"):  # of NoSpeech
            if hasattr(self.error, name):
                reason[name] = round(getattr(self.error, name), 3)
        return {"path": self.path, "error": reason, **_warnings(self)}

    def __repr__(self) -> str:
        return f"<Failure {self.path!r}: {type(self.error).__name__}: {self.error.message}>"


def _warnings(answered: Prediction | Failure) -> dict[str, list[str]]:
    """The warnings as JSON has them: only where there are any."""
    return {"warnings": list(answered.warnings)} if answered.warnings else {}
