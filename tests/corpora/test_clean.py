from __future__ import annotations

import pytest

from voxtrait.corpora import Dropped, clean


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("female", "female"),
        ("F", "female"),
        (" Female ", "female"),
        ("female_feminine", "female"),
        ("woman", "female"),
        ("male", "male"),
        ("M", "male"),
        ("male_masculine", "male"),
    ],
)
def test_gender_words_of_every_corpus_have_a_label(written: str, label: str) -> None:
    dropped = Dropped()
    assert clean.gender(written, dropped, "row 1") == label
    assert not dropped.labels


@pytest.mark.parametrize(
    "written",
    ["other", "non-binary", "transgender", "intersex", "do_not_wish_to_say", "unknown", "1"],
)
def test_other_gender_words_have_no_label_and_are_counted(written: str) -> None:
    dropped = Dropped()
    assert clean.gender(written, dropped, "row 1") is None
    assert dropped.labels == {f"gender: '{written}' has no label here": 1}
    assert not dropped.rows


@pytest.mark.parametrize(
    ("written", "years", "group"),
    [
        ("teens", 16, "teens"),
        ("twenties", 25, "20s"),
        ("thirties", 35, "30s"),
        ("fourties", 45, "40s"),
        ("forties", 45, "40s"),
        ("Fifties", 55, "50s"),
        ("sixties", 65, "60+"),
        ("seventies", 75, "60+"),
        ("eighties", 85, "60+"),
        ("nineties", 95, "60+"),
        ("20s", 25, "20s"),
        ("90s", 95, "60+"),
        (30, 30, "30s"),
        ("29", 29, "20s"),
        ("29.9", 29.9, "20s"),
        ("19", 19, "teens"),
        ("60", 60, "60+"),
        ("110", 110, "60+"),
        ("60+", None, "60+"),
    ],
)
def test_ages_become_years_and_a_group(written: object, years: float | None, group: str) -> None:
    dropped = Dropped()
    assert clean.age(written, dropped, "row 1") == (years, group)
    assert not dropped.labels


@pytest.mark.parametrize(
    "written", ["1234", "3", "0", "-5", "nan", "inf", "1e1", "old", "٣٠", "111"]
)
def test_what_is_no_age_has_no_label_and_is_counted(written: str) -> None:
    dropped = Dropped()
    assert clean.age(written, dropped, "row 1") == (None, None)
    assert dropped.labels.total() == 1


def test_an_empty_value_is_unknown_and_not_counted() -> None:
    dropped = Dropped()
    assert clean.gender("", dropped, "row 1") is None
    assert clean.age(" ", dropped, "row 1") == (None, None)
    assert not dropped.labels


def test_a_long_or_odd_value_is_shortened_and_escaped_in_its_reason() -> None:
    dropped = Dropped()
    clean.gender("\x1b[2J" + "x" * 5000, dropped, "row 1")
    (reason,) = dropped.labels
    assert "\x1b" not in reason
    assert len(reason) < 80


def test_a_speaker_with_both_genders_is_contradicted_and_others_are_not() -> None:
    rows = [
        ("a", "male"),
        ("b", "M"),
        ("c", ""),
        ("a", "female_feminine"),
        ("b", "other"),
        ("c", "F"),
    ]
    assert clean.contradicted(rows) == {"a"}


@pytest.mark.parametrize(
    ("word", "label"),
    [("zero", "0"), ("Nine", "9"), ("4", "4"), ("oh", "not_a_digit"), ("10", "not_a_digit")],
)
def test_only_the_ten_digits_are_digits(word: str, label: str) -> None:
    assert clean.digit(word) == label
