"""What a voice is asked for. A new trait is one line here, and what answers it needs no other."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AGE", "DIGIT", "GENDER", "NOT_A_DIGIT", "TRAITS", "Trait"]

NOT_A_DIGIT = "not_a_digit"


@dataclass(frozen=True, slots=True)
class Trait:
    """One question to a voice.

    Args:
        name: name of the output in a model file's graph.
        labels: every possible answer, in order; a model may know a subset, in this order.
        title: how people are shown the trait.
        per_word: answered for each spoken word, not for the whole recording.
        edges: for a trait with years behind its labels, the ``len(labels) + 1`` borders of the
            labels in years; empty for any other.
        family: of the shipped models that answer it, as in ``voice-small``; its name if empty.
    """

    name: str
    labels: tuple[str, ...]
    title: str
    per_word: bool = False
    edges: tuple[float, ...] = ()
    family: str = ""


DIGIT = Trait("digit", (*"0123456789", NOT_A_DIGIT), title="digit", per_word=True)
# As the corpora's speakers or editors labelled it: how a voice is perceived, never who somebody is.
GENDER = Trait("gender", ("female", "male"), title="perceived gender", family="voice")
AGE = Trait(
    "age",
    ("teens", "20s", "30s", "40s", "50s", "60+"),
    title="age",
    edges=(10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 95.0),
    family="voice",
)

TRAITS = {trait.name: trait for trait in (DIGIT, GENDER, AGE)}
