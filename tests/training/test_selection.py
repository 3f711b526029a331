"""Who trains and who validates: nothing of a part that is kept aside reaches training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voxtrait.corpora import Utterance
from voxtrait.errors import SplitError
from voxtrait.training.prepared import INDEX
from voxtrait.training.recipe import SampleSettings
from voxtrait.training.sampler import draw_weights
from voxtrait.training.selection import part_of_word, select


def utterance(number: int, corpus: str, speaker: str, **labels: str) -> Utterance:
    return Utterance(Path(f"{number}.wav"), corpus, f"{corpus}/{speaker}", labels)


def examples(*rows: tuple[int, int, int, int]) -> np.ndarray:
    """(utterance, copy, part, material) each."""
    index = np.zeros(len(rows), INDEX)
    for place, name in enumerate(("utterance", "copy", "part", "material")):
        index[name] = [row[place] for row in rows]
    return index


ROWS = [
    utterance(0, "a", "x", digit="1"),
    utterance(1, "a", "y", digit="2"),
    utterance(2, "b", "unknown:2", digit="1"),
    Utterance(Path("3.wav"), "b", "b/z", {"digit": "not_a_digit"}, word="tree"),
]
INDEXED = examples(
    (0, 0, 0, -1),
    (0, 1, 0, 0),
    (1, 0, 1, -1),
    (1, 1, 1, 1),
    (2, 1, -1, 0),
    (2, 2, -1, 1),
    (3, 0, 2, -1),
)


def test_neither_a_speaker_nor_a_sound_of_a_part_kept_aside_trains() -> None:
    training, validating = select(ROWS, INDEXED, validation={1}, test=())
    assert training.tolist() == [True, True, False, False, True, False, True]
    assert validating.tolist() == [False, False, True, False, False, False, False]


def test_a_test_part_neither_trains_nor_validates() -> None:
    training, validating = select(ROWS, INDEXED, validation={1}, test={0})
    assert training.tolist() == [False] * 6 + [True]
    assert validating.sum() == 1


def test_words_that_are_not_to_be_heard_do_not_train() -> None:
    training, _ = select(ROWS, INDEXED, validation={1}, unheard={"tree"})
    assert not training[6]


def test_a_speaker_or_a_corpus_can_be_left_out() -> None:
    assert not select(ROWS, INDEXED, validation={1}, exclude={"b"})[0][4:].any()
    assert not select(ROWS, INDEXED, validation={1}, exclude={"a/x"})[0][:2].any()


def test_voices_of_a_silent_part_are_mixed_into_nothing_though_others_of_it_train() -> None:
    training, _ = select(ROWS, INDEXED, validation={1}, silent={0})
    assert training.tolist() == [True, False, False, False, False, False, True]


def test_a_split_without_anybody_is_an_error() -> None:
    with pytest.raises(SplitError, match="0 validate"):
        select(ROWS, INDEXED, validation={7})


def test_words_are_dealt_to_parts_by_their_letters_alone() -> None:
    parts = [part_of_word(word, 5) for word in ("tree", "bed", "cat", "dog", "yes", "no")]
    assert parts == [part_of_word(word, 5) for word in ("tree", "bed", "cat", "dog", "yes", "no")]
    assert len(set(parts)) > 1


def test_speakers_of_a_class_weigh_the_same_however_many_clips_they_have() -> None:
    rows = [utterance(i, "a", "x" if i < 9 else "y", digit="1") for i in range(10)]
    index = examples(*((i, 0, 0, -1) for i in range(10)))
    weights = draw_weights(rows, index, ["digit"], SampleSettings())
    assert weights.sum() == pytest.approx(1)
    assert weights[:9].sum() == pytest.approx(weights[9])


def test_classes_and_corpora_get_the_shares_that_the_recipe_gives_them() -> None:
    rows = [utterance(i, "a", str(i), digit="1" if i < 9 else "2") for i in range(10)]
    rows += [utterance(10, "b", "z", digit="1")]
    index = examples(*((i, 0, 0, -1) for i in range(11)))
    even = draw_weights(rows, index, ["digit"], SampleSettings(balance=1.0, corpora={"b": 0.5}))
    assert even[9] == pytest.approx(even[:9].sum())
    assert even[10] == pytest.approx(1 / 3)
    favoured = draw_weights(rows, index, ["digit"], SampleSettings(classes={"2": 3.0}))
    assert favoured[9] == pytest.approx(3 * favoured[:9].sum())
    natural = draw_weights(rows, index, ["digit"], SampleSettings(balance=0.0))
    assert natural[9] == pytest.approx(natural[0])


def test_clean_copies_get_their_share_and_changed_ones_the_rest() -> None:
    rows = [utterance(0, "a", "x", digit="1")]
    index = examples((0, 0, 0, -1), (0, 1, 0, 0), (0, 2, 0, 0))
    weights = draw_weights(rows, index, ["digit"], SampleSettings(clean=0.2))
    np.testing.assert_allclose(weights, [0.2, 0.4, 0.4])
