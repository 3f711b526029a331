from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

import networks
from rival_networks import cost
from rival_networks.accuracy import Heard, answers, summary
from rival_networks.bc_resnet import BcResNet, SubSpectralNorm
from rival_networks.counting import multiply_adds, parameters
from rival_networks.families import FAMILIES, FRONT_END, OURS, RECIPES, model_of, recipe_of
from rival_networks.matchbox import MatchboxNet
from rival_networks.page import page
from rival_networks.training import train
from speed.clock import Spent
from voxtrait.corpora import Manifest, Utterance
from voxtrait.networks import Network
from voxtrait.training.prepared import INDEX, Prepared
from voxtrait.training.recipe import Recipe, load_recipe
from voxtrait.traits import TRAITS

FOLDER = Path(__file__).parents[2] / "recipes"
TINY = recipe_of("digit_tiny")


def network_of(name: str) -> Network:
    """At random, with batch normalisation that has seen something."""
    torch.manual_seed(0)
    network = model_of(name, "tiny", TINY).network
    network.train()(torch.randn(4, 40, 50) + 1, torch.ones(4, 1, 50))
    return network.eval()


NETWORKS = {name: network_of(name) for name in [*FAMILIES, FRONT_END]}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("frames", [1, 4, 101])
def test_any_length_gives_one_embedding(name: str, frames: int) -> None:
    network = NETWORKS[name]
    embedding = network(torch.randn(3, 40, frames), torch.ones(3, 1, frames))
    assert embedding.shape == (3, network.width)
    assert torch.isfinite(embedding).all()


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(("frames", "behind"), [(1, 30), (37, 1), (50, 63)])
def test_what_stands_behind_a_row_s_end_changes_nothing(
    name: str, frames: int, behind: int
) -> None:
    alone = torch.randn(1, 40, frames)
    rows = torch.cat([alone, 5 * torch.randn(1, 40, behind)], dim=2)
    rows = torch.cat([rows, torch.randn(1, 40, frames + behind)])
    mask = (torch.arange(frames + behind) < torch.tensor([[frames], [frames + behind]])).float()
    with torch.inference_mode():
        expected = NETWORKS[name](alone, torch.ones(1, 1, frames))
        together = NETWORKS[name](rows, mask.unsqueeze(1))
    torch.testing.assert_close(together[:1], expected, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("which", RECIPES)
@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_trains_on_what_the_recipe_s_front_end_gives(name: str, which: str) -> None:
    recipe = recipe_of(which)
    model = model_of(name, RECIPES[which], recipe).train()
    outputs = model.from_features(torch.randn(2, model.front_end.bands, 20), torch.ones(2, 1, 20))
    assert [len(logits) for logits in outputs] == [2] * len(recipe.traits)


@pytest.mark.parametrize("which", RECIPES)
def test_all_of_a_recipe_have_about_as_many_parameters_and_the_same_answers(which: str) -> None:
    recipe = recipe_of(which)
    models = {name: model_of(name, RECIPES[which], recipe) for name in FAMILIES}
    ours = parameters(models[OURS])
    for model in models.values():
        assert parameters(model) == pytest.approx(ours, rel=0.05)
        assert tuple(model.heads) == recipe.traits
        for trait in recipe.traits:
            assert model.heads[trait].out_features == len(TRAITS[trait].labels)


@pytest.mark.parametrize(
    ("network", "labels", "published"),
    [
        (BcResNet(40, 1), 12, 9_200),
        (BcResNet(40, 3), 12, 54_200),
        (BcResNet(40, 8), 12, 321_000),
        (MatchboxNet(64, 64), 30, 93_000),
    ],
)
def test_a_paper_s_network_has_the_paper_s_parameters(network, labels: int, published: int) -> None:
    bands = network.bands.normalise.num_features
    head = labels * (network.width + 1)
    # Normalising the features is no part of the papers' networks.
    assert parameters(network) - 2 * bands + head == pytest.approx(published, rel=0.005)


def test_multiply_adds_are_those_of_matrices_and_convolutions() -> None:
    recipe = TINY
    assert multiply_adds(model_of(FRONT_END, "tiny", recipe).eval(), 101) == 40 * 11
    hidden = FAMILIES["gru"].tiny["hidden"]
    each_frame = 3 * hidden * (40 + hidden) + 3 * hidden * (hidden + hidden)
    gru = model_of("gru", "tiny", recipe).eval()
    assert multiply_adds(gru, 101) == 101 * each_frame + 11 * hidden
    # Stem and five blocks: 50 frames of 40 bands, then 25 of 20 for a first block that strides.
    c = FAMILIES["ds_cnn"].small["channels"]
    stem, places = 51 * 40 * 45 * c, 26 * 20
    expected = stem + 5 * places * (9 * c + c * c) + 11 * c
    assert multiply_adds(model_of("ds_cnn", "small", recipe).eval(), 101) == expected


def test_sub_bands_are_normalised_alike_in_one_step_and_in_three() -> None:
    torch.manual_seed(0)
    layer = SubSpectralNorm(3, high=10, sub_bands=5)
    torch.nn.init.normal_(layer.normalise.weight)
    layer.train()(torch.randn(8, 3, 10, 20) + 2)
    layer.eval()
    x = torch.randn(2, 3, 10, 7)
    expected = layer.normalise(x.reshape(2, 15, 2, 7)).reshape(x.shape)
    torch.testing.assert_close(layer(x), expected)


@pytest.fixture(scope="module")
def graph() -> bytes:
    model = model_of("gru_strided", "tiny", TINY).eval()
    return cost.exported(model, TINY)


def test_an_exported_rival_answers_as_torch_does(graph: bytes) -> None:
    assert len(graph) < 200_000


def test_time_is_compared_with_our_network_and_without_the_front_end(graph, monkeypatch) -> None:
    spent = {FRONT_END: [2.0, 2.0], OURS: [4.0, 6.0], "gru": [8.0, 9.0]}
    runs = {name: [Spent(0.0, value) for value in values] for name, values in spent.items()}
    monkeypatch.setattr(cost, "interleaved", lambda tasks, rounds: runs)
    found = cost.timed(dict.fromkeys(spent, graph), 0.1, rounds=2)
    assert found["gru"]["ms"] == pytest.approx(1e3 * 8.5 / cost.REPEATS)
    assert found["gru"]["ratio"] == pytest.approx((2.0 + 1.5) / 2)
    assert found["gru"]["beyond"] == pytest.approx((8 - 2) / (4 - 2))
    assert "beyond" not in found[FRONT_END]


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    changes = ["fit.batch=8", "fit.steps=5", "fit.narrow=0.0", "fit.rate=1e-2"]
    return load_recipe(FOLDER / "digit_tiny.toml", changes)


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """Two words that stand in other bands, by six speakers."""
    rng = np.random.default_rng(0)
    rows, entries, frames = [], [], []
    for number in range(24):
        label = "12"[number % 2]
        labels = {"digit": label}
        speaker = f"speech_commands/{number % 6}"
        rows.append(Utterance(Path(f"{number}.flac"), "speech_commands", speaker, labels))
        entries.append((number, 0, number % 6, -1, False, 0, 30 * number, 30))
        sound = rng.normal(-5, 1, (30, 40))
        sound[:, slice(0, 20) if label == "1" else slice(20, 40)] += 8
        frames.append(sound)
    index = np.array(entries, INDEX)
    shard = np.concatenate(frames).astype(np.float16)
    return Prepared(Manifest(rows), index, [shard], [np.zeros(0, np.uint8)])


class Clock:
    """Each look at it is a second."""

    def __init__(self) -> None:
        self.now = -1.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def test_a_training_ends_with_its_time_and_has_learnt(recipe, prepared) -> None:
    torch.manual_seed(0)
    model = model_of("gru_strided", "tiny", recipe)
    every = np.ones(len(prepared.index), bool)
    done = train(model, recipe, prepared, every, seconds=20, clock=Clock())
    assert done.steps == 20
    assert done.clips_a_second == 20 * 8 / 21
    assert not model.training
    found = summary(answers(model, prepared, every))
    assert found["digits"]["value"] == 1.0
    assert (found["digits"]["whole"], found["digits"]["speakers"]) == (24, 6)


def test_answers_are_counted_by_what_they_should_be() -> None:
    found = summary(
        [
            Heard("speech_commands", "a", "digit", "1", "1"),
            Heard("fsdd", "b", "digit", "1", "7"),
            Heard("noise", "c", "digit", "not_a_digit", "not_a_digit"),
            Heard("noise", "d", "digit", "not_a_digit", "3"),
        ]
    )
    assert set(found) == {"digits", "speech_commands", "not_a_digit"}
    assert found["digits"]["value"] == 0.5
    assert found["speech_commands"]["value"] == 1.0
    assert found["not_a_digit"]["value"] == 0.5


def test_an_age_may_be_one_group_off_and_a_gender_may_not() -> None:
    found = summary(
        [
            Heard("common_voice", "a", "gender", "female", "male"),
            Heard("librispeech", "b", "gender", "female", "female"),
            Heard("common_voice", "a", "age", "30s", "20s"),
            Heard("common_voice", "c", "age", "50s", "30s"),
        ]
    )
    assert {name: row["value"] for name, row in found.items()} == {
        "genders": 0.5, "common_voice": 0.0, "ages": 0.5,
    }  # fmt: skip


def test_an_age_is_the_group_of_the_median() -> None:
    index = np.array([(0, 0, 0, -1, False, 0, 0, 30)], INDEX)
    rows = [Utterance(Path("a.mp3"), "common_voice", "a", {"gender": "male", "age": "30s"})]
    shard, mask = np.zeros((30, 64), np.float16), np.zeros(0, np.uint8)
    model = model_of(OURS, "small", recipe_of("voice_small")).eval()
    with torch.no_grad():
        for name, logits in (("gender", [0.0, 1.0]), ("age", [2.0, 1.0, 1.0, 1.9, -9.0, -9.0])):
            model.heads[name].weight.zero_()
            model.heads[name].bias.copy_(torch.tensor(logits))
    heard = answers(model, Prepared(Manifest(rows), index, [shard], [mask]), np.ones(1, bool))
    assert [(row.trait, row.answer) for row in heard] == [("gender", "male"), ("age", "20s")]


MACHINE = {
    "system": "Linux", "processor": "P", "cores": 2,
    "python": "3", "onnxruntime": "1", "numpy": "2",
}  # fmt: skip


def cost_row(ratio: float) -> dict[str, object]:
    time = {"ms": ratio / 2, "ratio": ratio, "quartiles": [ratio, ratio], "beyond": ratio}
    return {
        "parameters": 1234, "multiply_adds": 5.5e6, "bytes": 9000, "1_s": time, "3_s": time,
    }  # fmt: skip


def measured() -> dict[str, object]:
    share = {"value": 0.9, "low": 0.8, "high": 0.95, "part": 9, "whole": 10, "speakers": 4}
    parts = dict.fromkeys(("digits", "speech_commands", "not_a_digit"), share)
    row = {"steps": 70, "clips_a_second": 812.4, "load": 0.1, **parts}
    voice = {**row, **dict.fromkeys(("genders", "common_voice", "ages"), share)}
    voice = {name: value for name, value in voice.items() if name not in parts}
    rows = {FRONT_END: cost_row(0.5), OURS: cost_row(1.0), "ds_cnn": cost_row(7.4)}
    return {
        "cost": {"machine": MACHINE, "load": 4.0, "rounds": 3, "recipes": {"digit_small": rows}},
        "accuracy": {
            "minutes": 2.0, "fold": 0, "folds": 5, "machine": MACHINE,
            "recipes": {"digit_small": {OURS: row, "ds_cnn": row}, "voice_small": {OURS: voice}},
        },
    }  # fmt: skip


def test_the_page_says_all_that_was_measured_and_how() -> None:
    text = page(measured())
    assert "by `digit_small.toml`, front end included: DS-CNN 7.4." in text
    assert "| 1,234 | 5.5 | 9 | 3.70 | 7.40 (7.40 to 7.40) | 7.4 |" in text
    assert "| DS-CNN | 70 | 812 | 90.0 % (80.0 to 95.0) |" in text
    assert "Digits: 10 recordings of 4 speakers" in text
    assert "| network | batches | clips a second | genders | of Common Voice | ages |" in text
    assert "Genders: 10 recordings of 4 speakers" in text
    assert "**validation** side" in text
    assert "it was busy with other work (a load of 4.0 when it began)" in text
    assert "it was idle (a load of 0.1 when it began)" in text


def test_a_part_that_is_missing_is_said_to_be() -> None:
    whole = measured()
    assert page({}).count("Not measured yet.") == 3
    assert page({"cost": whole["cost"]}).count("Not measured yet.") == 1


def test_the_page_is_checked_and_written_without_measuring_again(tmp_path: Path) -> None:
    results, target = tmp_path / "networks.json", tmp_path / "networks.md"
    results.write_text(json.dumps(measured()))
    places = ["--measured", str(results), "--page", str(target)]
    assert networks.main([*places, "--check"]) == 1
    assert networks.main(places) == 0
    assert target.read_text() == page(measured())
    assert networks.main([*places, "--check"]) == 0


def test_only_trainings_of_the_same_setting_are_kept(tmp_path: Path) -> None:
    results = tmp_path / "networks.json"
    assert networks.kept(results, {"minutes": 2.0}) == {}
    networks.keep(results, {"accuracy": measured()["accuracy"]})
    networks.keep(results, {"cost": {"rounds": 1}})
    assert list(networks.kept(results, {"minutes": 2.0})["digit_small"]) == [OURS, "ds_cnn"]
    assert networks.kept(results, {"minutes": 3.0}) == {}


def test_tables_keep_their_order_whichever_training_came_first() -> None:
    rows = {"digit_tiny": {"gru": {}, OURS: {}}, "digit_small": {"bc_resnet": {}, "gru": {}}}
    found = networks.ordered(rows)
    assert {which: list(names) for which, names in found.items()} == {
        "digit_small": ["gru", "bc_resnet"], "digit_tiny": [OURS, "gru"],
    }  # fmt: skip


def test_a_root_names_corpus_and_folder() -> None:
    options = networks.arguments().parse_args(["--root", "fsdd=a", "--root", "fsdd=b"])
    assert networks.roots(options.root) == {"fsdd": [Path("a"), Path("b")]}
    with pytest.raises(SystemExit):
        networks.arguments().parse_args(["--root", "fsdd"])


def test_the_page_in_the_documentation_is_current() -> None:
    assert networks.main(["--check"]) == 0
