from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import write_model_cards
from model_cards.page import page
from model_cards.reduced import reduced
from model_cards.speech import kept
from voxtrait.corpora import Utterance
from voxtrait.evaluation import ways
from voxtrait.evaluation.report import build
from voxtrait.evaluation.scored import Scored
from voxtrait.model_file import Card, ModelFile, with_card
from voxtrait.runtime.registry import models, write_checksums
from voxtrait.testing import fake_detector, fake_model
from voxtrait.training.teachers import TEACHERS
from voxtrait.traits import TRAITS

NAVIGATION = "nav:\n  - Models:\n  # model cards: begin\n  # model cards: end\n  - Python: a.md\n"
HEARD = (
    {"corpus": "common_voice", "speakers": 90, "hours": 1.5, "licence": "CC0-1.0"},
    {"corpus": "fsdd", "speakers": 4, "hours": 0.1, "licence": "CC-BY-SA-4.0"},
)


def scored(number: int, rng: np.random.Generator, condition: str = "clean") -> Scored:
    """One clip of one of 100 speakers, answered at random."""
    speaker = number % 100
    labels = {
        "gender": ("female", "male")[speaker % 2],
        "age": TRAITS["age"].labels[speaker // 2 % 6],
        "digit": str(speaker % 10),
    }
    shares = {name: rng.dirichlet(np.ones(len(trait.labels))) for name, trait in TRAITS.items()}
    return Scored(
        Utterance(
            Path(f"/clips/{number}.wav"),
            ("near", "far")[speaker // 50],
            f"near/{speaker}",
            labels,
            word=labels["digit"],
            age_years=16.0 + speaker % 60,
            language="en",
        ),
        probabilities={name: tuple(row.tolist()) for name, row in shares.items()},
        label={name: TRAITS[name].labels[int(row.argmax())] for name, row in shares.items()},
        unsure={name: bool(row.max() < 0.4) for name, row in shares.items()},
        years=float(rng.uniform(15, 70)),
        interval=(20.0, 60.0),
        models=dict.fromkeys(TRAITS, "made-up-tiny"),
        duration=float(rng.uniform(0.5, 5)),
        speech=0.5,
        condition=condition,
    )


def refused(row: Scored) -> Scored:
    """The same without an answer."""
    nothing = {"label": {}, "probabilities": {}, "unsure": {}, "years": None, "interval": None}
    return replace(row, **nothing, error="NoSpeech")


def of_words(number: int, rng: np.random.Generator) -> Scored:
    """As `scored`, but that some say another word than a digit, and corpus far reads books."""
    row = scored(number, rng)
    word = ("cat", "tree")[number % 2]
    if row.utterance.corpus == "near" and number % 100 < 30:
        return row
    said = word if row.utterance.corpus == "near" else ""
    utterance = replace(row.utterance, labels={"digit": "not_a_digit"}, word=said)
    return replace(row, utterance=utterance)


@pytest.fixture(scope="module")
def spoken_words() -> dict:
    rng = np.random.default_rng(2)
    rows = [of_words(n, rng) for n in range(200)]
    trees = [row.utterance.path for row in rows if row.utterance.word == "tree"]
    return build(rows, split="5 speaker folds, pooled", traits=["digit"], unheard=trees, draws=20)


@pytest.fixture(scope="module")
def report() -> dict:
    rng = np.random.default_rng(0)
    rows = [scored(n, rng) for n in range(200)]
    rows[50:55] = [refused(row) for row in rows[50:55]]
    rows += [scored(n, rng, "noise 10 dB") for n in range(200)]
    return build(rows, split="5 speaker folds, pooled", median_years=30.0, draws=20)


@pytest.fixture(scope="module")
def left_out() -> dict:
    rng = np.random.default_rng(1)
    rows = [scored(n, rng) for n in range(100) if n >= 50]
    return build(rows, split="trained without far", median_years=30.0, draws=20)


def card_of(*traits: str, **values: object) -> Card:
    card = ModelFile.load(fake_model(traits)).card
    return replace(card, name="made-up-tiny", trained_on=HEARD, recipe="seed = 1\n", **values)


@pytest.fixture(scope="module")
def text(report, left_out) -> str:
    measured = {"reports": [reduced(report), reduced(left_out)]}
    return page(card_of("gender", "age"), 1_100_000, measured)


def test_reducing_twice_changes_nothing_and_keeps_every_result(report) -> None:
    once = reduced(report)
    assert reduced(once) == once
    assert len(once["results"]) == len(report["results"])
    assert len(json.dumps(once)) < len(json.dumps(report)) / 1.5


def test_a_card_has_every_section(text: str) -> None:
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "Data", "Split", "Figures", "By label", "Age in years", "By group: perceived gender",
        "By group: age", "Noise, room, telephone, duration", "Calibration", "Unsure", "Limits",
        "What it must not be used for", "The law", "How to make it again",
    ]  # fmt: skip


def test_a_card_names_corpora_speakers_hours_and_licences(text: str) -> None:
    assert "| common voice | 90 | 1.50 | CC0-1.0 |" in text
    assert "Share-alike" in text


def test_share_alike_is_spoken_of_only_where_its_corpus_was_heard(report) -> None:
    card = replace(card_of("gender"), trained_on=HEARD[:1])
    assert "Share-alike" not in page(card, 1, {"reports": [reduced(report)]})


@pytest.mark.parametrize("teacher", TEACHERS)
def test_whoever_it_learnt_from_is_named_and_part_of_how_to_make_it_again(
    report, teacher: str
) -> None:
    measured = {"reports": [reduced(report)]}
    taught = replace(card_of("gender"), recipe=f'[teacher]\nname = "{teacher}"\n')
    assert "**Teacher.**" not in page(card_of("gender"), 1, measured)
    found = page(taught, 1, measured)
    assert "**Teacher.**" in found
    assert "$ python recipes/teachers.py --output made/teachers\n" in found
    commands = [line for line in found.splitlines() if line.startswith("$ voxtrait")]
    asked = [line.split()[2] for line in commands if "--teachers made/teachers" in line]
    assert asked == ["train", "cross-validate"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_corpora_that_training_never_heard_come_first_however_reports_are_given(
    report, left_out, order: tuple[int, ...]
) -> None:
    in_turn = {**left_out, "split": "each speaker of far left out in turn, pooled"}
    given = [reduced(one) for one in (report, in_turn, left_out)]
    measured = {"reports": [given[i] for i in order]}
    found = page(card_of("gender", "age"), 1, measured)
    figures = found[found.index("## Figures") : found.index("## By label")]
    places = [
        figures.index(f"| {split} |")
        for split in ("trained without far", in_turn["split"], "5 speaker folds, pooled")
    ]
    assert places == sorted(places)
    # What needs everybody is of the folds.
    assert "Of 5 speaker folds, pooled." in found


def test_a_page_is_made_of_whatever_is_there(left_out) -> None:
    found = page(card_of("gender"), 1, {"reports": [reduced(left_out)]})
    assert "Of trained without far." in found
    assert "| perceived gender, far | trained without far | 50 | 50 | 0 |" in found


def test_headline_figures_are_those_of_the_report(text: str, report) -> None:
    (result,) = [
        r
        for r in report["results"]
        if (r["trait"], r["corpus"], r["condition"], r["by"]) == ("gender", "far", "clean", "clip")
    ]
    uar = result["uar_with_refusals_wrong"]
    cell = f"{uar['value']:.3f} ({uar['low']:.3f} to {uar['high']:.3f})"
    line = f"| perceived gender, far | 5 speaker folds, pooled | 50 | 100 | 5 | {cell} | "
    (found,) = [row for row in text.splitlines() if row.startswith(line)]
    assert f"| {result['uar']['value']:.3f} | {result['accuracy']['value']:.3f} |" in found
    assert result["refused"] == 5
    assert uar["value"] < result["uar"]["value"]
    ece, perfect = (result["calibration"][name] for name in ("ece", "perfect"))
    assert (
        f"{ece['value']:.3f} ({ece['low']:.3f} to {ece['high']:.3f}) | {perfect['mean']:.3f}"
        in (text)
    )


def test_groups_under_ten_speakers_are_counts_only(text: str, report) -> None:
    small = [g for g in report["groups"]["age"] if g["speakers"] < 10 and len(g["cell"]) == 2]
    named = ", ".join(f"{name} {value}" for name, value in small[0]["cell"].items())
    assert f"{named}: {small[0]['speakers']}" in text
    assert f"| {named} |" not in text
    assert "**Worst group** of at least 10 speakers" in text


def test_noise_stands_beside_the_clean_figures(text: str) -> None:
    assert "| perceived gender, all corpora | noise 10 dB | 100 |" in text


def test_the_duty_to_tell_people_and_the_prohibition_are_named(text: str) -> None:
    for words in ("Article 50(3)", "Article 5(1)(g)", "no legal advice", "perceived gender"):
        assert words in text


def test_a_model_of_words_has_its_own_figures_and_puts_nobody_into_a_category(report) -> None:
    card = card_of("digit")
    found = page(card, 1, {"reports": [reduced(report)]})
    assert "| corpus | split | ten digits | of answers | eleven labels |" in found
    assert "Article 50" not in found
    assert "puts no person into a category" in found


def test_words_never_heard_stand_beside_all_other_words(spoken_words) -> None:
    found = page(card_of("digit"), 1, {"reports": [reduced(spoken_words)]})
    words = found[found.index("## Words") : found.index("## By group")]
    (line,) = [row for row in words.splitlines() if "clips of" in row]
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[0] == "near"
    assert cells[3].endswith(", 40 clips of 2 words")
    assert cells[4].endswith(", 20 clips of 1 words")
    assert "Only corpora that hold digits are in these groups" in found
    assert "| corpus far |" not in found


@pytest.mark.parametrize(
    ("traits", "words"),
    [
        (("gender", "age"), "it is the one that ships, which was trained on speakers of all"),
        (("gender", "age"), "`label` may not be the most\nprobable group"),
        (("gender", "age"), "of folds, pooled over the folds"),
        (("gender", "age"), "trained without a corpus, on that\ntraining's own"),
        (("gender", "age"), "figures are a little optimistic"),
        (("digit",), "always `not_a_digit` and never unsure"),
        (("digit",), "had never heard alone in\ntraining"),
    ],
)
def test_a_card_says_what_its_figures_do_not_show(report, traits, words: str) -> None:
    assert words in page(card_of(*traits), 1, {"reports": [reduced(report)]})


def share(value: float, **more: object) -> dict:
    return {"value": value, "low": 0.0, "high": 1.0, "part": 1, "whole": 2, "speakers": 2, **more}


@pytest.fixture
def found() -> dict:
    frames = {name: share(0.25) for name in ("error", "hits", "alarms")}
    return {
        "corpora": {"noise": {"clips": 2, "speakers": 2, "hours": 0.01}},
        "goals": {"noise": share(0.96, least=0.95), "refused": share(0.004, most=0.01)},
        "examples": [], "clean_by_corpus": {"fsdd": frames}, "folds": 5, "machine": {},
        "conditions": {"clean": {"voxtrait": frames, "energy": frames}},
        "spoken": {"fsdd": {"any": share(0.0), "voice": share(0.1)}},
        "sures": {}, "elsewhere": [], "agreement": {"energy": {}},
        "noise": {"categories": {"rain": share(1.0)}, "human": {}, "music": [], "answered": []},
    }  # fmt: skip


def shipped_in(folder: Path):
    """Two model files with their checksums, as the package has them."""
    folder.mkdir()
    voice = with_card(fake_model(("gender", "age")), card_of("gender", "age", version="2.0.0"))
    (folder / "voice-tiny.onnx").write_bytes(voice)
    (folder / "speech.onnx").write_bytes(fake_detector())
    write_checksums(folder)
    return models(folder)


def test_pages_are_written_once_and_then_current(tmp_path: Path, report, found, capsys) -> None:
    shipped = shipped_in(tmp_path / "models")
    (tmp_path / "mkdocs.yml").write_text(NAVIGATION)
    (tmp_path / "report.json").write_text(json.dumps(report))
    (tmp_path / "speech.json").write_text(json.dumps(found))

    def run(*arguments: str) -> int:
        return write_model_cards.main(arguments, tmp_path, shipped)

    assert run("--check") == 1
    assert "docs/measured/voice-tiny.json is not there" in capsys.readouterr().err
    (tmp_path / "old.json").write_text(json.dumps({**report, "schema": 1}))
    assert run("--measured", "voice-tiny", str(tmp_path / "old.json")) == 1
    assert "docs/measured/voice-tiny.json is of another version" in capsys.readouterr().err
    assert run("--measured", "voice-tiny", str(tmp_path / "report.json")) == 1
    assert run("--measured", "speech", str(tmp_path / "speech.json")) == 0
    assert run("--check") == 0
    cards = tmp_path / "docs" / "models"
    assert sorted(path.name for path in cards.iterdir()) == ["speech.md", "voice-tiny.md"]
    assert "at least 95 % | 0.960 (0.000 to 1.000)" in (cards / "speech.md").read_text()
    navigation = (tmp_path / "mkdocs.yml").read_text()
    assert (
        "      - voice-tiny: models/voice-tiny.md\n      - speech: models/speech.md\n" in navigation
    )
    assert navigation.endswith("  # model cards: end\n  - Python: a.md\n")


def test_a_stale_page_and_one_of_no_model_are_found(tmp_path: Path, found, capsys) -> None:
    shipped = [model for model in shipped_in(tmp_path / "models") if model.name == "speech"]
    (tmp_path / "mkdocs.yml").write_text(NAVIGATION)
    (tmp_path / "speech.json").write_text(json.dumps(found))
    write_model_cards.main(
        ["--measured", "speech", str(tmp_path / "speech.json")], tmp_path, shipped
    )
    cards = tmp_path / "docs" / "models"
    (cards / "speech.md").write_text("typed by hand")
    (cards / "gone.md").write_text("of a model that ships no more")
    assert write_model_cards.main(["--check"], tmp_path, shipped) == 1
    said = capsys.readouterr().err
    assert "docs/models/speech.md is not current" in said
    assert "docs/models/gone.md is not current" in said
    assert write_model_cards.main([], tmp_path, shipped) == 0
    assert [path.name for path in cards.iterdir()] == ["speech.md"]


SPLITS = {
    "5 speaker folds, pooled": "--folds 5",
    "fold 0, fold 3 of 5 speaker folds": "--folds 5 --only 0 --only 3",
    "trained without far_away": "--leave-corpus-out far_away",
    "each speaker of fsdd left out in turn, pooled": "--leave-one-speaker-out fsdd",
}


ESPEAK = "python recipes/synthetic_digits.py --output made/synthetic"
MADE_BY = {
    "recipes/synthetic_digits.py": ("--root synthetic=made/synthetic", [ESPEAK]),
    "recipes/synthetic_digits.py and recipes/natural_words.py": (
        "--root synthetic=made/synthetic --root synthetic=made/natural_words",
        [
            "python recipes/kokoro.py --output made/kokoro",
            ESPEAK,
            "python recipes/natural_words.py --kokoro made/kokoro --output made/natural_words",
        ],
    ),
}


@pytest.mark.parametrize("scripts", MADE_BY)
def test_every_report_has_the_command_that_makes_it_again(report, left_out, scripts: str) -> None:
    heard = (*HEARD, {"corpus": "synthetic", "speakers": 0, "hours": 0.1, "licence": "made"})
    card = replace(card_of("gender", "age"), trained_on=heard)
    card = replace(card, recipe=f"# made by {scripts}\n{card.recipe}")
    some = [left_out, report, report, report]
    for number, split in enumerate(SPLITS):
        if "fsdd" in split:
            split = ways.calibrated(split)
        some[number] = {**some[number], "split": split}
    del some[1]  # there are all of the folds
    found = page(card, 1, {"reports": [reduced(one) for one in some]})
    places, make = MADE_BY[scripts]
    root = f"--corpora DIR {places}"
    measure, runs = "$ voxtrait cross-validate recipes/made_up_tiny.toml", "runs/made-up-tiny"
    folders = [f"{runs}-{way}" for way in ("folds", "without-far_away", "each-of-fsdd")]
    again = f"--calibration {folders[0]} --noise-snr 10"
    reports = " ".join(f"--measured {folder}/report.json" for folder in folders)
    assert found.split("```console\n")[1].splitlines()[:-1] == [
        *(f"$ {line}" for line in make),
        f"$ voxtrait train recipes/made_up_tiny.toml {root} --output {runs}",
        f"{measure} --folds 5 {root} --output {folders[0]}",
        f"{measure} --leave-corpus-out far_away --noise-snr 10 {root} --output {folders[1]}",
        f"{measure} --leave-one-speaker-out fsdd {again} {root} --output {folders[2]}",
        f"$ voxtrait export {runs} --folds {folders[0]} {reports} --output made-up-tiny.onnx",
    ]


@pytest.mark.parametrize("split", SPLITS)
def test_the_command_says_which_part_of_a_split_was_measured(left_out, split: str) -> None:
    found = page(card_of("gender"), 1, {"reports": [{**reduced(left_out), "split": split}]})
    (line,) = [row for row in found.splitlines() if "cross-validate" in row]
    assert f" recipes/made_up_tiny.toml {SPLITS[split]} --corpora DIR " in line


def test_a_model_of_another_recipe_than_the_repository_s_is_found(
    tmp_path: Path, found, capsys
) -> None:
    (speech,) = [one for one in shipped_in(tmp_path / "models") if one.name == "speech"]
    (tmp_path / "mkdocs.yml").write_text(NAVIGATION)
    (tmp_path / "speech.json").write_text(json.dumps(found))
    (tmp_path / "recipes").mkdir()
    recipe = tmp_path / "recipes" / "speech.toml"

    def outdated(here: str, trained_by: str) -> bool:
        recipe.write_text(here)
        card = replace(speech.card, name="speech", recipe=trained_by)
        model = SimpleNamespace(name="speech", size=1, card=card)
        measured = ["--measured", "speech", str(tmp_path / "speech.json")]
        assert write_model_cards.main(measured, tmp_path, [model]) == 0
        capsys.readouterr()
        assert write_model_cards.main(["--check"], tmp_path, [model]) == 0
        code = write_model_cards.main(["--check", "--recipes"], tmp_path, [model])
        said = capsys.readouterr().err
        named = "speech was not trained by recipes/speech.toml as it is; run voxtrait train "
        assert (code == 1) == said.startswith(named)
        return code == 1

    values = "seed = 1\n[fit]\nepochs = 5\n"
    assert not outdated(values, values)
    assert not outdated(f"# The detector.\n{values}", "seed = 1\nfit = { epochs = 5 }\n")
    assert outdated(values, values.replace("5", "6"))
    assert outdated(values, f"{values}# --set fit.epochs=6\n")
    assert outdated(values, "")


def test_of_the_detector_s_figures_other_detectors_are_not_kept(found) -> None:
    assert kept(found)["conditions"]["clean"].keys() == {"voxtrait"}
    assert kept(kept(found)) == kept(found)
