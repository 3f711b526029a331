from __future__ import annotations

from pathlib import Path

from voxtrait.corpora.utterance import Utterance
from voxtrait.evaluation.answers import answers
from voxtrait.evaluation.years import by_decade, median_of_speakers


def test_signed_error_is_by_true_decade_with_everybody_under_twenty_together(row) -> None:
    rows = [
        row("age", "teens", {"20s": 1.0}, age=9, years=24.0, speaker="child"),
        row("age", "teens", {"20s": 1.0}, age=16, years=21.0, speaker="teen"),
        row("age", "60+", {"50s": 1.0}, age=75, years=55.0, speaker="old"),
        row("age", "60+", {"50s": 1.0}, age=75, years=59.0, speaker="old"),
        row("age", "60+", {"50s": 1.0}, age=None, years=59.0),
    ]
    teens, seventies = by_decade(answers(rows, "age"))
    assert (teens.name, teens.speakers, teens.bias) == ("teens", 2, 10)
    assert (seventies.name, seventies.speakers, seventies.clips) == ("70s", 1, 2)
    assert (seventies.bias, seventies.mae) == (-18, 18)


def test_the_median_counts_each_speaker_once() -> None:
    clips = [("a", 20.0)] * 9 + [("b", 40.0), ("c", 60.0), ("d", None)]
    rows = [
        Utterance(Path(f"{i}.wav"), "x", f"x/{who}", age_years=age)
        for i, (who, age) in enumerate(clips)
    ]
    assert median_of_speakers(rows) == 40
    assert median_of_speakers(rows[-1:]) is None
