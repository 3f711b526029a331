from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

import speech
from detection.cost import LONG, cost, of_length
from detection.figures import agreement, choose, frames, refused, share, silent
from detection.fold import as_shipped, rules
from detection.hearing import SURES, hear
from detection.measure import OURS, Row, measure
from detection.page import page
from detection.result import result
from detection.rivals import Rival, rivals, spread
from detection.usable import fault
from detection.without_voice import Silent, ask, by_folder
from voxtrait.corpora import Utterance
from voxtrait.model_file import ModelFile
from voxtrait.runtime.registry import models
from voxtrait.speech import SpeechDetector
from voxtrait.testing import fake_detector, fake_model

RATE = 16_000


def burst(seconds: float, *, level: float = 0.3, before=0.4, after=0.4, frequency=300):
    """A tone between silences: speech to the fake detector, which goes by energy."""
    time = np.arange(int(seconds * RATE)) / RATE
    tone = level * np.sin(2 * np.pi * frequency * time)
    parts = [np.zeros(int(before * RATE)), tone, np.zeros(int(after * RATE))]
    return np.concatenate(parts).astype(np.float32)


def row(**values) -> Row:
    made = {
        "path": "a.wav", "corpus": "common_voice", "speaker": "a", "kind": "speech",
        "category": "", "side": "test", "seconds": 1.0, "fault": "",
        "heard": [1.0] * len(SURES), "telephone": [], **values,
    }  # fmt: skip
    return Row(**made)


@pytest.fixture(scope="module")
def detector() -> SpeechDetector:
    return SpeechDetector(ModelFile.load(fake_detector()))


def test_a_frame_takes_the_value_of_the_block_at_its_centre() -> None:
    assert spread(np.array([1, 2, 3]), 512, 10).tolist() == [1, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert spread(np.zeros(0, bool), 160, 3).tolist() == [False] * 3


def test_a_detector_that_is_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    found = {rival.name: rival for rival in rivals(tmp_path)}
    assert found["energy"].flags is not None
    assert found["Silero, sequence"].flags is None
    assert "silero-vad" in found["Silero, sequence"].missing
    assert not found["Silero, step by step"].judged


def test_what_is_heard_when_as_sure_as_the_card_says_is_what_the_runtime_finds(detector) -> None:
    waveform = np.concatenate([burst(0.5), burst(12.0)])
    by_runtime = sum(segment.seconds for segment in detector.segments(waveform))
    assert hear(detector, waveform, [detector.sure]) == [pytest.approx(by_runtime)]
    assert by_runtime > 12


def test_who_must_be_surer_hears_no_more(detector) -> None:
    quiet = burst(1.5, level=0.0145)  # near the fake detector's border
    heard = hear(detector, quiet)
    assert heard == sorted(heard, reverse=True)
    assert heard[0] > heard[-1]


@pytest.mark.parametrize(
    ("waveform", "why"),
    [
        (burst(0.4), ""),
        (burst(0.4, level=0.001), "silent"),
        (burst(1.0, before=0, after=0), "nothing stands out"),
        (burst(0.08, before=0.5, after=0.5), "cut"),
        (np.zeros(RATE, np.float32), "silent"),
        (np.zeros(0, np.float32), "silent"),
    ],
)
def test_a_clip_is_left_out_by_its_energy_alone(waveform, why: str) -> None:
    word = Utterance(Path("a.flac"), "speech_commands", "speech_commands/a", {"digit": "1"})
    assert fault(word, waveform) == why


def test_clips_of_other_corpora_are_never_left_out() -> None:
    clip = Utterance(Path("a.flac"), "librispeech", "librispeech/a", {})
    assert fault(clip, np.zeros(RATE, np.float32)) == ""


def test_a_share_has_an_interval_over_speakers() -> None:
    found = share([(str(n // 10), n % 3 == 0, 1) for n in range(300)])
    assert (found.part, found.whole, found.speakers) == (100, 300, 30)
    assert 0.3 < found.low < found.value < found.high < 0.37


def test_a_share_of_none_goes_by_the_rule_of_three() -> None:
    found = share([(str(n), 0, 1) for n in range(100)])
    assert (found.value, found.low, found.high) == (0, 0, 0.03)
    assert np.isnan(share([]).value)


def test_frames_are_counted_by_what_they_are() -> None:
    counts = {"clean": {OURS: [8, 10, 3, 30], "energy": [10, 10, 0, 30]}}
    found = frames([row(counts=counts)], "clean")
    assert [found[name].value for name in ("error", "hits", "alarms")] == [5 / 40, 0.8, 0.1]
    assert frames([row(counts=counts)], "clean", "energy")["error"].value == 0
    assert agreement([row(agreed={"energy": [35, 40]})], "energy").value == 35 / 40


def test_answers_are_counted_by_trait() -> None:
    rows = [row(answered=["digit"]), row(answered=["digit", "gender", "age"]), row()]
    assert refused(rows, ("gender", "age")).part == 2
    assert refused(rows, ("digit",)).part == 1
    assert silent(rows).part == 1


def heard_to(threshold: float) -> list[float]:
    return [1.0 if level <= threshold else 0.0 for level in SURES]


def test_the_value_chosen_is_the_surest_that_refuses_half_of_what_may_be_refused() -> None:
    noises = [row(kind="noise", speaker=f"n{n}", heard=heard_to(0.97)) for n in range(100)]
    early = [row(heard=heard_to(0.92 if n < 2 else 0.95), speaker=f"s{n}") for n in range(4)]
    spoken = [*early, *(row(speaker=f"t{n}") for n in range(396))]
    best, choices = choose([*noises, *spoken], least=0.1)
    by_level = {choice.sure: choice for choice in choices}
    assert [by_level[level].refused.part for level in (0.92, 0.94, 0.96)] == [0, 2, 4]
    assert best.sure == 0.95
    assert (by_level[0.97].noise.value, by_level[0.98].noise.value) == (0, 1)


def test_what_is_refused_down_a_telephone_chooses_too() -> None:
    lost = [row(speaker=f"s{n}", telephone=heard_to(0.92)) for n in range(2)]
    spoken = [*lost, *(row(speaker=f"t{n}", telephone=heard_to(1)) for n in range(98))]
    best, choices = choose([row(kind="noise"), *spoken, row(speaker="word")], least=0.1)
    assert {c.telephone.whole for c in choices} == {100}  # a word is judged by the threshold
    assert best.sure == 0.92


def test_where_all_refuse_too_much_or_nobody_speaks_the_least_sure_is_chosen() -> None:
    for rows in ([row(heard=[0.0] * len(SURES))], [row(kind="noise")], []):
        best, choices = choose(rows, least=0.1)
        assert best == choices[0]


def test_faulty_clips_and_human_noises_choose_nothing() -> None:
    rows = [
        row(fault="cut", heard=heard_to(0.0)),
        row(kind="noise", category="baby_cry"),
        row(kind="music"),
        row(heard=heard_to(0.94)),
        row(kind="noise", category="rain", heard=heard_to(0.7)),
    ]
    best, choices = choose(rows, least=0.1)
    assert best.sure == 0.94
    assert (choices[0].noise.whole, choices[0].refused.whole) == (1, 1)


def test_only_recordings_of_the_wanted_length_are_timed() -> None:
    waveforms = [np.zeros(int(s * RATE), np.float32) for s in (1, 6, 7, 8, 12)]
    assert [len(w) / RATE for w in of_length(waveforms, LONG, most=2)] == [6, 7]


def test_cost_is_in_seconds_a_second() -> None:
    waveforms = [np.zeros(RATE, np.float32)] * 3
    calls = []
    found = cost({"count": calls.append, "work": lambda w: np.sort(w)}, waveforms)
    assert len(calls) == 1 + 3 * 3
    assert found["work"] > found["count"] >= 0


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> tuple[list[Row], Path]:
    """Two voices, one noise of silence and one that the fake detector takes for a voice."""
    folder = tmp_path_factory.mktemp("recordings")
    sounds = {
        "ann": burst(0.6),
        "bob": burst(0.6, level=0.2),
        "cleo": burst(2.0, frequency=60),
        "rain": np.zeros(RATE, np.float32),
        "dog": burst(0.5),
        "baby": burst(0.5),
        "hall": np.exp(-np.arange(RATE, dtype=np.float32) / 4000),
    }
    rows = []
    for name, sound in sounds.items():
        path = folder / f"{name}.wav"
        soundfile.write(path, sound, RATE)
        spoken = name in ("ann", "bob", "cleo")
        rows.append(
            Utterance(
                path,
                "librispeech" if spoken else "noise",
                f"noise/{name}",
                {},
                kind="speech" if spoken else "room" if name == "hall" else "noise",
                category="baby_cry" if name == "baby" else "" if spoken else name,
            )
        )
    output = folder / "rows.jsonl"
    found = measure(
        ModelFile.load(fake_detector()),
        [ModelFile.load(fake_model(("digit",)))],
        {"test": rows, "validation": rows[:3:2]},
        [Rival("everything", lambda w: np.ones(1 + len(w) // 160, bool)), Rival("absent")],
        output,
        lambda done, total: None,
    )
    return found, output


def test_a_recording_s_row_tells_answer_frames_and_agreement(measured) -> None:
    rows, _ = measured
    by_name = {Path(r.path).name: r for r in rows if r.side == "test"}
    assert by_name["ann.wav"].answered == ["digit"]
    assert by_name["rain.wav"].error == "NoSpeech"
    assert list(by_name["ann.wav"].counts) == ["clean", "20 dB", "10 dB", "0 dB"]
    hit, speech, alarm, other = by_name["ann.wav"].counts["clean"]["everything"]
    assert (hit, alarm) == (speech, other)
    assert speech + other == 141
    assert by_name["rain.wav"].counts["noise alone"][OURS] == [0, 0, 0, 101]
    in_the_hall = by_name["ann.wav"].elsewhere["in a room or from a loudspeaker"]
    assert in_the_hall > by_name["ann.wav"].speech_s + 0.2
    assert by_name["ann.wav"].elsewhere["down a telephone"] > 0.5
    assert by_name["rain.wav"].agreed == {"everything": [0, 101]}


def test_human_noises_have_no_frames_to_be_right_about(measured) -> None:
    (baby,) = [r for r in measured[0] if r.path.endswith("/baby.wav")]
    assert baby.human
    assert baby.counts == {}


def test_validation_recordings_are_only_heard(measured) -> None:
    aside, longer = [r for r in measured[0] if r.side == "validation"]
    assert len(longer.telephone) == len(SURES)
    assert longer.heard[0] > 2 > longer.telephone[0]  # a telephone has no 60 Hz
    assert aside.heard[0] > 0.5
    assert aside.telephone == []  # 1.4 s may be one word
    assert (aside.answered, aside.counts) == ([], {})


def test_what_was_measured_is_not_measured_again(measured) -> None:
    rows, output = measured
    torn = output.read_text()
    output.write_text(torn + torn[:50])  # as a kill leaves it
    sides = {"test": [_utterance(r) for r in rows if r.side == "test"], "validation": []}
    model = ModelFile.load(fake_model(("digit",)))
    again = measure(
        ModelFile.load(fake_detector()), [model], sides, [], output, lambda done, total: None
    )
    assert again == [r for r in rows if r.side == "test"]
    assert output.read_text() == torn


def _utterance(r: Row) -> Utterance:
    return Utterance(Path("/gone") / r.path, r.corpus, r.speaker, {}, kind=r.kind)


def test_the_page_says_every_figure_and_names_what_failed(measured) -> None:
    rows, _ = measured
    found = result(rows, [], 0.1) | {
        "least": {"voice": 0.3, "word": 0.1}, "without_voice": {},
        "machine": {"processor": "made up", "cores": 2, "python": "3", "onnxruntime": "1",
                    "numpy": "2"},
        "recipe": "speech", "changes": ["--set fit.epochs=8"], "folds": 5,
        "model": {"parameters": 4865, "bytes": 133_000, "threshold": 0.5, "sure": 0.97},
        "cost": {OURS: {"long": 0.0005, "short": 0.001}},
        "missing": {"ten-vad": "not on this machine"},
    }  # fmt: skip
    from voxtrait.evaluation.figures import plain

    text = page(plain(json.loads(json.dumps(plain(found)))))
    assert "that give no answer | at least 95 % | 50.0 %" in text
    assert "Answered, with the seconds taken for speech: `recordings0/dog.wav` (dog, 0.6" in text
    assert "| baby cry | 0.0 %" in text
    assert "| ten-vad | not on this machine |" in text
    assert "refuses at most 0.5 % of the speech" in text
    assert "| sure | validation: noise unanswered | validation: speech refused | valid" in text
    assert "| 0.97 (the card's) | - | 0.0 % | " in text
    assert "--set fit.epochs=8" in text
    assert "no figure is typed but ten-vad's at the end" in text
    assert "The facts of the project, measured on another machine, have" in text
    assert "$" not in text
    assert "instruments.py" not in text
    told = plain({**found, "without_voice": by_folder([Silent("tune", "a", True)])})
    assert "| tune | 1 | 100.0 % (0.0 to 100.0) | 1 of 1 |" in page(json.loads(json.dumps(told)))
    there = page(plain(json.loads(json.dumps(plain({**found, "missing": {}})))))
    assert "no figure is typed. The" in there
    assert "another machine" not in there


def test_recordings_without_a_voice_are_counted_by_folder(tmp_path: Path, detector) -> None:
    for folder, name, sound in (
        ("tune", "a", burst(0.05)), ("tune", "b", burst(1.0)), ("chord", "a", np.zeros(RATE, "f4"))
    ):  # fmt: skip
        (tmp_path / folder).mkdir(exist_ok=True)
        soundfile.write(tmp_path / folder / f"{name}.wav", sound, RATE)
    asked = list(ask(detector, tmp_path, 0.3))
    assert [tuple(one) for one in asked] == [
        ("chord", "a.wav", True), ("tune", "a.wav", True), ("tune", "b.wav", False)
    ]  # fmt: skip
    shares = by_folder([*asked, *asked])
    assert shares["chord"]["value"] == 1
    assert (shares["tune"]["part"], shares["tune"]["whole"]) == (2, 4)
    assert shares["tune"]["speakers"] == 2  # recordings, not answers


def test_a_folder_without_a_recording_is_told_before_the_work(tmp_path: Path, capsys) -> None:
    (tmp_path / "notes.txt").write_text("no recording")
    assert speech.main(["--without-voice", str(tmp_path)]) == 3
    assert "no .wav file" in capsys.readouterr().err


def test_rows_of_other_rules_are_not_taken_for_these(monkeypatch) -> None:
    card = ModelFile.load(fake_detector()).card
    mine = rules(card)
    monkeypatch.setattr("detection.fold.SURES", (0.5,))
    assert rules(card) != mine
    monkeypatch.undo()
    monkeypatch.setattr("voxtrait.speech.stream.ALONE_SURE", 0.71)
    assert rules(card) != mine


def test_the_size_is_that_of_the_file_that_ships_where_it_is_the_same_network() -> None:
    (ours,) = [model for model in models() if model.name == "speech"]
    told = {"parameters": ours.card.parameters, "bytes": 1, "threshold": 0.5, "sure": 0.9}
    assert as_shipped(told) == {**told, "bytes": ours.path.stat().st_size}
    assert as_shipped({**told, "parameters": 7})["bytes"] == 1


def test_the_page_is_written_again_from_what_was_measured(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "speech.json").write_text('{"model": {"parameters": 7, "bytes": 1}}')
    monkeypatch.setattr(speech, "page", lambda found: f"{found['model']['bytes']} bytes\n")
    given = ["--measured", str(tmp_path / "speech.json"), "--page", str(tmp_path / "page.md")]
    assert speech.main(given) == 0
    assert (tmp_path / "page.md").read_text() == "1 bytes\n"
