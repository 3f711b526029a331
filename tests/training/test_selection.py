"""Who trains and who validates: nothing of a part that is kept aside reaches training."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import pytest

from voxtrait.corpora import Utterance
from voxtrait.errors import RecipeError, SplitError
from voxtrait.training.prepared import INDEX
from voxtrait.training.recipe import parse_recipe
from voxtrait.training.sampler import draw_weights, drawn_shares
from voxtrait.training.selection import HOMOPHONES, part_of_word, select, unheard_words
from voxtrait.training.settings import SampleSettings
from voxtrait.traits import TRAITS


def utterance(number: int, corpus: str, speaker: str, **labels: str) -> Utterance:
    return Utterance(Path(f"{number}.wav"), corpus, f"{corpus}/{speaker}", labels)


def examples(*rows: tuple[int, int, int, int]) -> np.ndarray:
    """(utterance, copy, part, material) each."""
    index = np.zeros(len(rows), INDEX)
    for place, name in enumerate(("utterance", "copy", "part", "material")):
        index[name] = [row[place] for row in rows]
    return index


RECIPES = Path(__file__).parents[2] / "recipes"
LISTS = (("synthetic_digits", "OTHER_WORDS"), ("natural_words", "NEAR_WORDS"))
DEALT = [0, 0, 1, 2, 4, 4]  # of tree, bed, cat, dog, yes, no

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


def test_who_has_no_label_trains_but_does_not_validate() -> None:
    training, validating = select(ROWS, INDEXED, validation={1, 2}, unlabelled=[1])
    assert training.tolist() == [True, True, False, False, True, False, False]
    assert validating.tolist() == [False] * 6 + [True]
    training, _ = select(ROWS, INDEXED, validation={1}, unlabelled=[0, 3])
    assert training.tolist() == [True, True, False, False, True, False, True]
    with pytest.raises(SplitError, match="0 validate"):
        select(ROWS, INDEXED, validation={1}, unlabelled=[1])


def test_words_that_are_not_to_be_heard_do_not_train() -> None:
    training, _ = select(ROWS, INDEXED, validation={1}, unheard={"tree"})
    assert not training[6]


def test_a_speaker_or_a_corpus_can_be_left_out() -> None:
    assert not select(ROWS, INDEXED, validation={1}, exclude={"b"})[0][4:].any()
    assert not select(ROWS, INDEXED, validation={1}, exclude={"a/x"})[0][:2].any()


def test_voices_of_a_silent_part_are_mixed_into_nothing_though_others_of_it_train() -> None:
    training, _ = select(ROWS, INDEXED, validation={1}, silent={0})
    assert training.tolist() == [True, False, False, False, False, False, True]


def test_a_noise_of_a_silent_part_is_no_example_for_others_are_mixed_with_those() -> None:
    noise = Utterance(Path("4.wav"), "noise", "noise/rain", {"digit": "not_a_digit"}, kind="noise")
    index = np.concatenate([INDEXED, examples((4, 0, 0, -1), (4, 0, 2, -1))])
    training, _ = select([*ROWS, noise], index, validation={1}, silent={0})
    assert training[0]
    assert training[-2:].tolist() == [False, True]


def test_a_split_without_anybody_is_an_error() -> None:
    with pytest.raises(SplitError, match="0 validate"):
        select(ROWS, INDEXED, validation={7})


def test_words_are_dealt_to_parts_by_their_letters_alone() -> None:
    """Of another dealing the words that a model was tested on would not be those it left out."""
    parts = [part_of_word(word, 5) for word in ("tree", "bed", "cat", "dog", "yes", "no")]
    assert parts == DEALT


@pytest.mark.parametrize(("word", "other"), HOMOPHONES.items())
def test_what_sounds_like_a_word_that_is_not_heard_is_not_heard_either(
    word: str, other: str
) -> None:
    words = ["", word, other]
    assert unheard_words(words, part_of_word(other, 5), 5) == {word, other}
    assert "" not in unheard_words(words, part_of_word("", 5), 5)


def test_every_made_word_that_begins_with_all_of_another_is_known_to_sound_like_it() -> None:
    commands = "backward bed bird cat dog down follow forward go happy house learn left marvin no "
    commands += "off on right sheila stop tree up visual wow yes"
    made = []
    for script, name in LISTS:
        found = re.search(
            rf"{name} = (\(.*?\n\))", (RECIPES / f"{script}.py").read_text(), re.DOTALL
        )
        assert found
        made += ast.literal_eval(found[1]).split()
    longer = {
        w for w in made for c in commands.split() for end in ("s", "es", "ed") if w == c + end
    }
    assert longer
    assert longer <= {*HOMOPHONES}
    assert {*HOMOPHONES.values()} <= {*commands.split()}
    assert {*HOMOPHONES} <= {*made} - {*commands.split()}


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


def test_a_release_that_only_holds_what_is_not_wanted_is_not_drawn() -> None:
    rows = [utterance(0, "a", "x", digit="1"), utterance(1, "a", "unknown:1", digit="2")]
    index = examples((0, 0, 0, -1), (1, 0, -1, -1))
    weights = draw_weights(rows, index, ["digit"], SampleSettings(classes={"2": 0.0}))
    np.testing.assert_allclose(weights, [1, 0])
    with pytest.raises(RecipeError, match="every example that could train has the weight 0"):
        draw_weights(rows, index, ["digit"], SampleSettings(classes={"1": 0.0, "2": 0.0}))


def test_clean_copies_get_their_share_and_changed_ones_the_rest() -> None:
    rows = [utterance(0, "a", "x", digit="1")]
    index = examples((0, 0, 0, -1), (0, 1, 0, 0), (0, 2, 0, 0))
    weights = draw_weights(rows, index, ["digit"], SampleSettings(clean=0.2))
    np.testing.assert_allclose(weights, [0.2, 0.4, 0.4])


def test_a_release_without_speakers_has_the_age_groups_of_the_rest() -> None:
    """Else the old, most of whom it holds, would be known by how it sounds."""
    named = [utterance(n, "a", f"s{n}", age="20s" if n < 8 else "60+") for n in range(10)]
    nameless = [
        utterance(n, "a", f"unknown:{n}", age="20s" if n < 16 else "60+") for n in range(10, 20)
    ]
    rows = [*named, *nameless]
    index = examples(*((n, 0, 0, -1) for n in range(20)))
    for balance in (0.0, 0.5):
        weights = draw_weights(rows, index, ["age"], SampleSettings(balance=balance))
        old = [weights[8:10].sum() / weights[:10].sum(), weights[16:].sum() / weights[10:].sum()]
        assert old[0] == pytest.approx(old[1])
        assert weights[:10].sum() == pytest.approx(0.5)
        # 14 speakers in their twenties and 6 above sixty, half evened out at the balance of a half.
        twenties, sixties = 14 ** (1 - balance), 6 ** (1 - balance)
        assert old[0] == pytest.approx(sixties / (twenties + sixties))


def test_a_label_that_training_never_meets_is_not_lifted_for_its_rarity() -> None:
    recipe = parse_recipe(
        {
            "name": "a",
            "corpora": ["table"],
            "traits": ["age"],
            "front_end": {"name": "log_mel"},
            "network": {"name": "tdnn"},
        }
    )
    ages = ["20s", "20s", "20s", "40s"]
    rows = [
        Utterance(Path(f"{n}.wav"), "table", f"table/{n}", {"age": age})
        for n, age in enumerate(ages)
    ]
    index = examples(*((n, 0, 0, n) for n in range(4)))
    balanced = dict(
        zip(TRAITS["age"].labels, drawn_shares(rows, index, recipe, "age"), strict=True)
    )
    assert balanced["teens"] == balanced["60+"] == max(balanced.values())
    assert balanced["40s"] == pytest.approx(balanced["20s"], rel=0.01)
    assert sum(balanced.values()) == pytest.approx(1)
