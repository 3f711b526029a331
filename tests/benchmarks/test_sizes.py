from __future__ import annotations

import json
from pathlib import Path

import pytest

import sizes
from voxtrait.corpora import Utterance
from voxtrait.errors import UsageError
from voxtrait.evaluation.scored import Scored, write_rows
from voxtrait.testing import fake_model

TRUTHS = ["female", "male"]
RECIPE = """name = "{name}"
corpora = ["common_voice"]
traits = ["gender"]
[front_end]
name = "log_mel"
[network]
name = "tdnn"
channels = {channels}
"""


def heard(number: int, corpus: str, answer: str) -> Scored:
    """What was answered to a clip of a speaker of its own."""
    utterance = Utterance(
        Path(f"/clips/{corpus}/{number}.wav"),
        corpus,
        f"{corpus}/{number}",
        {"gender": TRUTHS[number % 2]},
    )
    chances = tuple(float(label == answer) for label in TRUTHS)
    return Scored(
        utterance,
        probabilities={"gender": chances},
        label={"gender": answer},
        models={"gender": "m"},
    )


def folder(path: Path, wrong: int, folds: tuple[str, ...]) -> Path:
    """Twenty clips of a corpus a fold, of which some are answered wrong, and three of another."""
    for fold in folds:
        first = 20 * int(fold[-1])
        target = path / fold
        target.mkdir(parents=True)
        rows = [
            heard(number, "common_voice", TRUTHS[(number + (number % 20 < wrong)) % 2])
            for number in range(first, first + 20)
        ]
        rows += [heard(number, "librispeech", TRUTHS[number % 2]) for number in range(3)]
        write_rows(target / sizes.ANSWERS, rows)
        (target / "model.onnx").write_bytes(fake_model(("gender",)))
        (target / "recipe.toml").write_text(
            RECIPE.format(name=path.name, channels=16 + len(path.name))
        )
        (target / "split.json").write_text(json.dumps({"test": [int(fold[-1])]}))
    return path


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return folder(tmp_path / "a", 4, ("fold_0", "fold_1")), folder(tmp_path / "b", 2, ("fold_1",))


def test_folds_that_both_answered_are_compared_clip_by_clip(pair) -> None:
    found = sizes.compared(*pair)
    assert found["folds"] == ["fold_1"]
    assert found["bytes"][0] == len(fake_model(("gender",)))
    by_pool = {(row["pool"], row["metric"]): row for row in found["figures"]}
    row = by_pool["common_voice", "accuracy"]
    assert (row["clips"], row["speakers"]) == (20, 20)
    assert (row["first"], row["second"], row["change"]) == pytest.approx((0.8, 0.9, 0.1))
    assert row["low"] < 0.1 < row["high"]
    # Three speakers with a clip each are no figure, but count among all.
    assert {pool for pool, _ in by_pool} == {"common_voice", "all"}
    assert by_pool["all", "accuracy"]["clips"] == 23


def test_folders_without_a_fold_in_common_are_refused(tmp_path: Path) -> None:
    first, second = folder(tmp_path / "a", 0, ("fold_0",)), folder(tmp_path / "b", 0, ("fold_1",))
    with pytest.raises(UsageError, match="no fold that both answered"):
        sizes.compared(first, second)
    assert sizes.main([str(first), str(second), "--measured", str(tmp_path / "m.json")]) == 2


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("recipe.toml", "[network]", "[fit]\nepochs = 3\n[network]"), ("split.json", "1", "2")],
)
def test_runs_that_differ_in_more_than_the_network_are_refused(pair, file, old, new) -> None:
    changed = pair[1] / "fold_1" / file
    changed.write_text(changed.read_text().replace(old, new))
    with pytest.raises(UsageError, match="more than the network"):
        sizes.compared(*pair)


def test_the_page_is_written_from_what_is_kept_and_checked(pair, tmp_path: Path) -> None:
    places = ["--measured", str(tmp_path / "m.json"), "--page", str(tmp_path / "p.md")]
    assert sizes.main([*places, "--check"]) == 1
    assert sizes.main([*map(str, pair), *places]) == 0
    text = (tmp_path / "p.md").read_text()
    (name,) = json.loads((tmp_path / "m.json").read_text())
    assert f"## `{name}`" in text
    assert (
        "| perceived gender, common voice | Accuracy | 20 | 20 | 0.800 | 0.900 | +0.100 (" in text
    )
    assert sizes.main([*places, "--check"]) == 0
    assert sizes.main(places) == 0
    assert (tmp_path / "p.md").read_text() == text


def test_nothing_measured_is_said(tmp_path: Path) -> None:
    assert sizes.page({}).endswith("Not measured yet.\n")


def test_the_page_in_the_documentation_is_current() -> None:
    assert sizes.main(["--check"]) == 0
