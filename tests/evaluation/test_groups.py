from __future__ import annotations

from dataclasses import replace

import pytest

from voxtrait.evaluation.groups import (
    Group,
    by_condition,
    by_group,
    duration_name,
    worst_group,
)


@pytest.fixture
def two_groups(row):
    """Twelve women in corpus near, one missed; twelve men, half missed; nine men in corpus far."""
    rows = []
    for i in range(12):
        said = "male" if i == 0 else "female"
        rows.append(row("gender", "female", {said: 1.0}, speaker=f"w{i}", corpus="near"))
        said = "male" if i % 2 else "female"
        rows.append(row("gender", "male", {said: 1.0}, speaker=f"m{i}", corpus="near"))
    far = [row("gender", "male", {"female": 1.0}, speaker=f"f{i}", corpus="far") for i in range(9)]
    return rows + far


def cell(groups: list[Group], **values: str) -> Group:
    (found,) = [group for group in groups if group.cell == values]
    return found


def test_a_cell_of_ten_speakers_has_figures(two_groups) -> None:
    found = cell(by_group(two_groups, "gender"), gender="female")
    assert (found.speakers, found.clips) == (12, 12)
    assert found.accuracy == pytest.approx(11 / 12)


def test_a_cell_under_ten_speakers_gives_its_count_only(two_groups) -> None:
    found = cell(by_group(two_groups, "gender"), corpus="far")
    assert found == Group({"corpus": "far"}, 9, 9, 0, None, None)


def test_speakers_count_and_not_clips(row) -> None:
    rows = [
        row("gender", "male", {"male": 1.0}, speaker=str(i % 9), corpus=("a", "b")[i % 2])
        for i in range(90)
    ]
    assert cell(by_group(rows, "gender"), corpus="a").accuracy is None


def test_all_four_dimensions_are_crossed(row) -> None:
    rows = [
        row(
            "gender", ("male", "female")[i % 2], {"male": 1.0}, corpus=("a", "b")[i // 2 % 2],
            also={"age": ("20s", "60+")[i // 4 % 2]}, language=("en", "de")[i // 8 % 2],
        )
        for i in range(160)
    ]  # fmt: skip
    groups = by_group(rows, "gender")
    found = cell(groups, gender="male", age="60+", corpus="b", language="de")
    assert (found.speakers, found.accuracy) == (10, 1)
    assert sum(len(group.cell) == 4 for group in groups) == 16


def test_a_dimension_in_which_all_agree_is_left_out(two_groups) -> None:
    groups = by_group(two_groups, "gender")
    assert {name for group in groups for name in group.cell} == {"gender", "corpus"}
    assert sum(group.cell == {"gender": "male", "corpus": "near"} for group in groups) == 1


def test_the_worst_group_has_one_true_label_and_ten_speakers(two_groups) -> None:
    worst = worst_group(by_group(two_groups, "gender"), "gender")
    # All 21 men, six of them heard as such; corpus far alone is worse but too small.
    assert worst.cell == {"gender": "male"}
    assert worst.recall == pytest.approx(6 / 21)
    assert worst.speakers == 21


def test_there_is_no_worst_group_among_small_ones(row) -> None:
    assert worst_group(by_group([row("gender", "male", {"male": 1.0})], "gender"), "gender") is None


def test_a_refused_clip_is_wrong_in_its_group_and_a_quiet_noise_is_not(row) -> None:
    rows = [row("gender", "male", {"male": 1.0} if i else None, speaker=f"m{i}") for i in range(10)]
    rows.append(row("gender", "male", None, speaker="n", kind="noise"))
    found = cell(by_group(rows, "gender"), gender="male")
    assert (found.clips, found.refused, found.accuracy) == (10, 1, 0.9)


def test_every_condition_but_the_first_is_a_group_alone_and_with_the_label(two_groups) -> None:
    rooms = [replace(row, condition="room") for row in two_groups]
    found = by_condition([*two_groups, *rooms], "gender")
    assert [group.cell for group in found] == [
        {"condition": "room"},
        {"gender": "female", "condition": "room"},
        {"gender": "male", "condition": "room"},
    ]
    assert [(group.speakers, group.clips) for group in found] == [(33, 33), (12, 12), (21, 21)]
    assert found[2].accuracy == pytest.approx(6 / 21)


@pytest.mark.parametrize(
    ("seconds", "name"),
    [(0.0, "0 to 1 s"), (1.0, "1 to 2 s"), (3.99, "2 to 4 s"), (8.0, "8 s and more")],
)
def test_a_duration_falls_into_one_span(seconds: float, name: str) -> None:
    assert duration_name(seconds) == name
