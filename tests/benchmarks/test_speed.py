from __future__ import annotations

import itertools
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from speed import cost, folder, memory, start
from speed.clock import Ratio, Spent, interleaved, ratio, spend
from speed.page import to_page
from speed.recordings import cut_clips, nine_seconds, one_second, sources
from speed.section import Goal, Section, table
from voxtrait import Predictor, audio
from voxtrait.model_file import ModelFile
from voxtrait.speech import SpeechDetector
from voxtrait.testing import fake_detector, fake_model

RATE = 16_000
REPOSITORY = Path(__file__).parents[2]


def spent(*seconds: float) -> list[Spent]:
    """Rounds whose CPU time is half the time on the wall."""
    return [Spent(wall, wall / 2) for wall in seconds]


def goal(kind: str = "at most", result: float | None = 1.0, bound: float = 1.0) -> Goal:
    return Goal("speed", kind, bound, "times", result)


def test_a_ratio_is_the_median_of_what_each_round_gives() -> None:
    # A round that a busy machine made slow is slow for both.
    found = ratio([2, 4, 60, 2.5, 2], [1, 2, 20, 1, 1])
    assert (found.median, found.low, found.high) == (2, 2, 2.5)
    assert str(found) == "2.00 (2.00 to 2.50)"


def test_a_ratio_of_one_round_is_that_round() -> None:
    assert ratio([3], [2]) == Ratio(1.5, 1.5, 1.5)


def test_ratios_need_as_many_rounds_of_both() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratio([1, 2], [1])


def test_tasks_take_turns_and_the_first_round_is_not_counted() -> None:
    done: list[str] = []
    tasks = {name: lambda name=name: done.append(name) for name in "abc"}
    found = interleaved(tasks, 3)
    assert "".join(done) == "abc" + "abc" + "bca" + "cab"
    assert {name: len(runs) for name, runs in found.items()} == {"a": 3, "b": 3, "c": 3}


def test_waiting_takes_time_on_the_wall_and_none_of_the_processor() -> None:
    used = spend(lambda: time.sleep(0.2))
    assert used.wall >= 0.2
    assert used.cpu < 0.1


def test_the_processor_time_of_a_child_is_counted() -> None:
    work = "import time\nwhile time.process_time() < 0.2: pass"
    used = spend(lambda: subprocess.run([sys.executable, "-c", work], check=True))
    assert used.cpu >= 0.2


@pytest.mark.parametrize(
    ("kind", "result", "met"),
    [
        ("at most", 1.0, True),
        ("at most", 1.01, False),
        ("below", 0.99, True),
        ("below", 1.0, False),
        ("at least", 1.0, True),
        ("at least", 0.99, False),
        ("at most", None, None),
    ],
)
def test_a_goal_is_met_on_its_side_of_the_bound(
    kind: str, result: float | None, met: bool | None
) -> None:
    assert goal(kind, result).met is met


def test_a_goal_says_what_it_is_and_whether_it_is_met() -> None:
    assert Goal("speed", "at least", 1.7, "times", 1.804, "1.7 to 1.9").cells() == [
        "speed",
        "at least 1.7 times",
        "1.80 times (1.7 to 1.9)",
        "met",
    ]
    assert Goal("memory", "below", 250, "MB", 312.4).cells()[2:] == ["312 MB", "**missed**"]
    assert Goal("speed", "at most", 1, "times", None, "nothing installed").cells()[2:] == [
        "nothing installed",
        "not measured",
    ]


def test_a_table_has_the_same_number_of_cells_in_every_line() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
    with pytest.raises(ValueError, match="2 cells"):
        table(["a", "b"], [["1"]])


def test_the_start_is_judged_by_the_slowest_clip() -> None:
    found = start.to_section(
        {
            start.ALONE: spent(1, 1, 1),
            "`python`: WAV": spent(1.2, 1.2, 1.2),
            "`python`: FLAC": spent(1.4, 1.6, 1.5),
            "`voxtrait predict`: WAV": spent(1.8, 1.7, 1.6),
            "`voxtrait predict`: FLAC": spent(1.6, 1.6, 1.6),
        }
    )
    python, command = found.goals
    assert (python.result, python.bound, python.met) == (1.5, 1.5, True)
    assert (command.result, command.bound) == (1.7, 1.9)
    assert python.what.endswith("`python`: FLAC")
    assert command.what.endswith("`voxtrait predict`: WAV")
    assert found.rows[0] == [start.ALONE, "1", "1"]


def steps_spent(*, opensmile: bool) -> dict[str, list[Spent]]:
    found = {
        "reading": spent(0.1),
        **{
            cost.ALONE.format(trait): spent(0.8 if trait == "age" else 0.6) for trait in cost.TRAITS
        },
        cost.WHOLE: spent(2.2),
        cost.LIBROSA: spent(1.0),
    }
    return {**found, cost.OPENSMILE: spent(10.0)} if opensmile else found


def test_the_cost_is_judged_by_the_slowest_trait_for_each_set() -> None:
    sets = {"9 s": steps_spent(opensmile=True), "1 s": steps_spent(opensmile=True)}
    found = cost.to_section(sets, {"9 s": 72.0, "1 s": 40.0})
    assert [goal.result for goal in found.goals] == pytest.approx([0.8, 2.2, 0.22] * 2)
    assert [goal.met for goal in found.goals] == [True, False, False] * 2
    assert "age" in found.goals[0].what
    # CPU time is half the wall's: 1 s over 72 s of sound, as much as librosa's own.
    assert ["reading", "0.00069 (0.10)", "0.00125 (0.10)"] in found.rows


def test_without_opensmile_its_row_says_so() -> None:
    found = cost.to_section({"9 s": steps_spent(opensmile=False)}, {"9 s": 72.0})
    assert found.rows[-1] == [cost.OPENSMILE, cost.ABSENT]
    assert found.goals[-1].met is None
    assert found.goals[-1].cells()[2] == cost.ABSENT


def test_two_jobs_are_measured_against_one() -> None:
    found = folder.to_section(
        {
            folder.LOOP: spent(10, 10),
            folder.ONE: spent(9, 9),
            folder.TWO: spent(5, 5),
            folder.APART: spent(4.5, 4.5),
        },
        1000,
    )
    one, two = found.goals
    assert (one.result, one.met) == (0.9, True)
    assert (two.result, two.met) == (1.8, True)
    assert "two processes reach 2.00" in two.note
    assert found.rows[2] == [folder.TWO, "0.50 (0.50 to 0.50)", "0.50 (0.50 to 0.50)"]


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_process_that_fails_is_not_taken_for_a_fast_one() -> None:
    def fails() -> None:
        raise SystemExit(3)

    with pytest.raises(RuntimeError, match="ended with 3"):
        folder._in_processes([lambda: None, fails])()


def test_memory_is_judged_by_the_long_recording() -> None:
    short, long = memory.Answered(90_000_000, 2, 600), memory.Answered(260_000_000, 72, 36_000)
    found = memory.to_section(short, long)
    assert [goal.met for goal in found.goals] == [False]
    assert list(found.rows) == [["10 min", "90 MB", "0.00333"], ["10 h", "260 MB", "0.00200"]]


def test_the_page_has_every_goal_before_the_details() -> None:
    section = Section("A part", "How.", ["step", "time"], [["reading", "1"]], [goal()])
    about = {"system": "Linux", "processor": "a processor", "cores": "2", "numpy": "2.4"}
    page = to_page([section, section], "the demonstration recordings", about)
    assert page.count("| speed | at most 1 times | 1.00 times | met |") == 2
    assert page.index("## Goals") < page.index("## A part\n\nHow.\n\n| step | time |")
    assert "* Linux, a processor, 2 cores; numpy 2.4.\n" in page
    assert "quick run" not in page
    assert "quick run" in to_page([section], "", about, quick=True)


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Half a second of a tone at 8 kHz."""
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.3 * np.sin(np.arange(4000) / 3), 8000)
    return path


def test_pieces_have_their_length_whatever_they_are_made_of(tone: Path) -> None:
    assert [len(w) for w in itertools.islice(nine_seconds([tone]), 2)] == [9 * RATE, 9 * RATE]
    (second,) = itertools.islice(one_second([tone]), 1)
    assert len(second) == RATE
    assert np.abs(second[: RATE // 5]).max() == 0
    assert np.abs(second[RATE // 2 - 800 : RATE // 2 + 800]).max() > 0.2


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor(
        [ModelFile.load(fake_model())], SpeechDetector(ModelFile.load(fake_detector()))
    )


def test_clips_are_files_and_the_same_at_16_khz(
    tone: Path, tmp_path: Path, predictor: Predictor
) -> None:
    clips = list(cut_clips(one_second([tone]), tmp_path / "clips", predictor, 2, 48_000))
    assert [clip.path.name for clip in clips] == ["0000.wav", "0001.wav"]
    assert [clip.seconds for clip in clips] == [1, 1]
    assert (len(clips[0].waveform), len(clips[0].at_16k)) == (48_000, 16_000)
    assert audio.probe(clips[0].path) == (1, 48_000)


def test_only_what_is_answered_is_measured(tmp_path: Path, predictor: Predictor) -> None:
    silence = np.zeros(RATE, np.float32)
    voice = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    clips = list(cut_clips([silence, voice, silence], tmp_path / "clips", predictor, 3))
    assert len(clips) == 1
    np.testing.assert_allclose(clips[0].waveform, voice, atol=1e-4)
    with pytest.raises(RuntimeError, match="100 recordings"):
        next(cut_clips(itertools.repeat(silence), tmp_path / "silent", predictor, 1))


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOXTRAIT_CORPORA", str(tmp_path / "nowhere"))


@pytest.mark.usefixtures("nowhere")
def test_without_corpora_the_demonstration_recordings_are_measured() -> None:
    what, sentences, words = sources()
    assert what == "the demonstration recordings"
    assert {path.name.split("-")[0] for path in sentences} == {"sentence"}
    assert {path.name.split("-")[0] for path in words} == {"digit", "digits"}


def test_a_long_recording_has_the_length_that_was_asked_for(tone: Path, tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    memory.write_long(path, [tone], 3.7)
    assert audio.probe(path) == (3.7, 8_000)
    waveform, _ = audio.read(path)
    assert np.abs(waveform[:4000]).max() > 0.2
    assert np.abs(waveform[4200:7800]).max() < 0.01


@pytest.mark.usefixtures("nowhere")
def test_a_quick_run_measures_every_part_and_writes_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    run = subprocess.run(
        [sys.executable, REPOSITORY / "benchmarks" / "runtime.py", "--quick", "--output", page],
        check=True,
        capture_output=True,
        text=True,
    )
    text = page.read_text(encoding="utf-8")
    assert run.stdout == text
    assert "the figures mean nothing" in text
    assert text.count("\n## ") == 5
    goals = text.partition("## Goals")[2].partition("\n## ")[0].strip().splitlines()[2:]
    assert len(goals) == 14
    assert all(
        row.rsplit("|", 2)[1].strip() in ("met", "**missed**", "not measured") for row in goals
    )
    assert list(tmp_path.glob(".page*")) == []
