from __future__ import annotations

from pathlib import Path

from voxtrait.corpora import Manifest, Utterance
from voxtrait.corpora.description import Count


def row(speaker: str, language: str, seconds: float = 0.0, **labels: str) -> Utterance:
    return Utterance(
        Path("a.wav"),
        "common_voice",
        f"common_voice/{speaker}",
        labels,
        language=language,
        duration=seconds,
    )


MANIFEST = Manifest(
    [
        row("ann", "de", 1800, gender="female", age="40s"),
        row("ann", "en", 1800, gender="female", age="50s"),
        row("bob", "en", 3600, gender="male"),
        row("unknown:1", "en", gender="male", age="teens"),
        Utterance(Path("n.ogg"), "noise", "noise/n", {"digit": "not_a_digit"}, kind="noise"),
    ]
)


def test_speakers_count_once_and_unknown_ones_and_noise_not_at_all() -> None:
    assert MANIFEST.describe().total == Count(recordings=5, speakers=2, hours=2.0)


def test_a_speaker_with_two_ages_counts_under_both() -> None:
    ages = MANIFEST.describe().tables["age"]
    assert list(ages) == ["teens", "40s", "50s", "(no label)"]
    assert ages["40s"] == ages["50s"] == Count(1, 1, 0.5)
    assert ages["teens"] == Count(1, 0, 0.0)


def test_languages_come_by_size_and_pairs_by_label() -> None:
    tables = MANIFEST.describe().tables
    assert list(tables["language"]) == ["en", "de"]
    assert list(tables["gender, age"]) == [
        "female, 40s",
        "female, 50s",
        "male, teens",
        "male, (no label)",
    ]


def test_the_plain_form_holds_the_same_counts() -> None:
    plain = MANIFEST.describe().to_dict()
    assert plain["total"] == {"recordings": 5, "speakers": 2, "hours": 2.0}
    assert plain["tables"]["corpus"]["noise"] == {"recordings": 1, "speakers": 0, "hours": 0.0}


def test_nothing_has_no_counts() -> None:
    description = Manifest().describe()
    assert (description.total, description.tables) == (Count(0, 0, 0.0), {})
