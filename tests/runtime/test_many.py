"""Many recordings: in order, the same as one by one, as they come, and cleanly interrupted."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from voxtrait.errors import MissingAudio, NoSpeech, UsageError
from voxtrait.model_file import ModelFile
from voxtrait.runtime import Failure, Prediction, Predictor
from voxtrait.runtime.batch import Batch
from voxtrait.runtime.calibration import log_softmax
from voxtrait.runtime.many import answer_many
from voxtrait.testing import fake_model

RATE = 16_000
Voice = Callable[..., NDArray[np.float32]]


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("batch_size", [1, 4, 32])
def test_answers_come_in_order_and_as_for_each_alone(
    predictor: Predictor, clips: list[Path], batch_size: int, jobs: int
) -> None:
    found = list(predictor.predict_many(clips, batch_size=batch_size, jobs=jobs))
    assert [one.path for one in found] == [str(path) for path in clips]
    for one, path in zip(found, clips, strict=True):
        alone = predictor.predict(path)
        assert isinstance(one, Prediction)
        assert (one.duration_s, one.speech_s) == (alone.duration_s, alone.speech_s)
        for name, answer in alone.traits.items():
            assert one[name].label == answer.label
            np.testing.assert_allclose(
                list(one[name].probabilities.values()),
                list(answer.probabilities.values()),
                atol=1e-5,
            )


class Silent:
    """A recording that has been heard and has nothing to say."""

    def prediction(self) -> Prediction:
        return Prediction(None, 0.0, 0.0, {}, (), {})


@pytest.mark.parametrize(
    ("jobs", "known", "last"),
    [(1, True, [16, 8, 4, 2, 1, 1]), (2, True, [4, 3, 2, 2, *[1] * 7]), (2, False, [32])],
)
def test_the_last_recordings_are_shared_evenly_among_jobs(
    jobs: int, known: bool, last: list[int]
) -> None:
    sizes: dict[int, int] = {}

    def hear(batch: Batch, source: bytes, stop: Callable[[], bool]) -> Silent:
        batches[id(batch)] = batch  # kept, so that no other gets its number
        sizes[id(batch)] = sizes.get(id(batch), 0) + 1
        first.setdefault(id(batch), int(source))
        return Silent()

    batches: dict[int, Batch] = {}
    first: dict[int, int] = {}
    recordings = [b"%d" % number for number in range(320)]
    sources = recordings if known else (recording for recording in recordings)
    found = list(answer_many(hear, sources, threads=1, batch_size=32, jobs=jobs, on_error="raise"))
    assert len(found) == 320
    in_order = [sizes[batch] for batch in sorted(first, key=first.__getitem__)]
    assert in_order[0] == 32
    assert in_order[-len(last) :] == last


class Counted(list[Path]):
    """Recordings whose number is told by somebody else."""

    def __init__(self, paths: list[Path], told: int | Exception) -> None:
        super().__init__(paths)
        self.told = told

    def __len__(self) -> int:
        if isinstance(self.told, Exception):
            raise self.told
        return self.told


@pytest.mark.parametrize("told", [0, 1, 10_000, NotImplementedError("streamed"), -1])
@pytest.mark.parametrize("jobs", [2, 8])
def test_a_wrong_number_of_recordings_loses_none(
    predictor: Predictor, clips: list[Path], jobs: int, told: int | Exception
) -> None:
    found = list(predictor.predict_many(Counted(clips, told), jobs=jobs))
    assert [one.path for one in found] == [str(path) for path in clips]


def test_arrays_are_taken_with_their_rate(predictor: Predictor, voice: Voice) -> None:
    waveforms = [voice(0.8, (0.1, 0.6), seed=seed) for seed in range(3)]
    found = list(predictor.predict_many(waveforms, sample_rate=RATE))
    assert [one.path for one in found] == [None] * 3
    assert found[1].gender.probability == pytest.approx(
        predictor.predict(waveforms[1], RATE).gender.probability, abs=1e-5
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failure_stands_in_its_place(
    predictor: Predictor, clips: list[Path], voice: Voice, jobs: int
) -> None:
    sources = [clips[0], "no such file.wav", voice(1.0), clips[1]]
    found = list(predictor.predict_many(sources, sample_rate=RATE, on_error="return", jobs=jobs))
    assert isinstance(found[1], Failure)
    assert isinstance(found[2], Failure)
    assert isinstance(found[1].error, MissingAudio)
    assert isinstance(found[2].error, NoSpeech)
    assert (found[1].path, found[2].path) == ("no such file.wav", None)
    assert [one.path for one in found[::3]] == [str(clips[0]), str(clips[1])]


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_first_failure_is_raised_after_what_was_answered_before(
    predictor: Predictor, clips: list[Path], jobs: int
) -> None:
    answers = predictor.predict_many([clips[0], "none.wav", clips[1]], jobs=jobs)
    assert next(answers).path == str(clips[0])
    with pytest.raises(MissingAudio, match=r"none\.wav"):
        next(answers)
    with pytest.raises(StopIteration):
        next(answers)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_endless_source_is_answered_as_it_comes(
    predictor: Predictor, voice: Voice, jobs: int
) -> None:
    taken = itertools.count()

    def endless() -> Iterator[NDArray[np.float32]]:
        for _ in taken:
            yield voice(0.5, (0.1, 0.4))

    answers = predictor.predict_many(endless(), sample_rate=RATE, batch_size=4, jobs=jobs)
    for _ in range(10):
        next(answers)
    answers.close()
    assert next(taken) <= 10 + 4 * (2 * jobs + 1)
    assert not [t for t in threading.enumerate() if t.name.startswith("voxtrait")]


def test_long_recordings_are_answered_one_by_one(predictor: Predictor, voice: Voice) -> None:
    taken = itertools.count()
    long = voice(70.0, (0.0, 2.0))  # above four megabytes

    def sources() -> Iterator[NDArray[np.float32]]:
        for _ in range(3):
            next(taken)
            yield long

    next(predictor.predict_many(sources(), sample_rate=RATE))
    assert next(taken) == 1


def test_an_error_of_the_source_comes_through(predictor: Predictor, voice: Voice) -> None:
    def sources() -> Iterator[NDArray[np.float32]]:
        yield voice(0.5, (0.1, 0.4))
        raise RuntimeError("the disk is gone")

    for jobs in (1, 2):
        with pytest.raises(RuntimeError, match="the disk is gone"):
            list(predictor.predict_many(sources(), sample_rate=RATE, batch_size=1, jobs=jobs))


def test_a_channel_that_one_recording_lacks_fails_that_one_only(
    predictor: Predictor, clips: list[Path], tmp_path: Path, voice: Voice
) -> None:
    stereo = tmp_path / "stereo.wav"
    soundfile.write(stereo, np.stack([voice(1.0), voice(1.0, (0.1, 0.9))], axis=1), RATE)
    found = list(predictor.predict_many([clips[0], stereo], channel=1, on_error="return"))
    assert isinstance(found[0], Failure)
    assert isinstance(found[0].error, UsageError)
    assert isinstance(found[1], Prediction)


@pytest.mark.parametrize("jobs", [1, 2])
def test_memory_stays_the_same_however_long_the_recordings(
    predictor: Predictor, voice: Voice, tmp_path: Path, jobs: int
) -> None:
    minute = voice(60.0, *((s, s + 0.7) for s in range(59)))

    def peak(minutes: int) -> int:
        path = tmp_path / f"{minutes}.wav"
        with soundfile.SoundFile(path, "w", RATE, 1) as file:
            for _ in range(minutes):
                file.write(minute)
        tracemalloc.start()
        list(predictor.predict_many([path, path], jobs=jobs, max_seconds=9999))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    # Only the list of words grows, by some hundred bytes each; how far two jobs overlap varies. The
    # eight minutes between them are 31 MB.
    assert peak(12) < peak(4) + 8_000_000


def test_nothing_gives_nothing(predictor: Predictor) -> None:
    assert list(predictor.predict_many([])) == []
    assert list(predictor.predict_many([], jobs=2)) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"sources": "a.wav"}, "one recording"),
        ({"sources": b"RIFF"}, "one recording"),
        ({"sources": Path("a.wav")}, "one recording"),
        ({"sources": [], "jobs": 0}, "jobs is 0"),
        ({"sources": [], "batch_size": 0}, "batch_size is 0"),
        ({"sources": [], "on_error": "ignore"}, "on_error is 'ignore'"),
    ],
)
def test_a_wrong_argument_is_refused_at_once(
    predictor: Predictor, arguments: dict[str, object], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        predictor.predict_many(**arguments)  # type: ignore[arg-type]


def test_rows_of_one_run_are_of_similar_length() -> None:
    model = ModelFile.load(fake_model(("gender",)))
    runs: list[list[int]] = []
    run = model.run
    model.run = lambda rows, n, threads: (runs.append(list(n)), run(rows, n, threads))[1]  # type: ignore[method-assign]
    batch = Batch()
    answers: dict[int, np.ndarray] = {}
    draw = np.random.default_rng(0)
    lengths = [int(n) for n in draw.integers(4000, 48_000, 60)]
    pieces = [draw.normal(0, 0.1, n).astype(np.float32) for n in lengths]
    for index, piece in enumerate(pieces):
        batch.ask(model, piece, lambda chances, i=index: answers.update({i: chances["gender"]}))
    batch.run()
    assert sorted(n for each in runs for n in each) == sorted(lengths)
    assert all(max(each) <= 1.1 * min(each) and len(each) <= 16 for each in runs)
    assert len(runs) < 40
    for index, piece in enumerate(pieces):
        alone = log_softmax(run(piece[None], np.array([len(piece)]))["gender"][0])
        np.testing.assert_allclose(answers[index], alone, atol=1e-5)


@pytest.mark.parametrize("labels", [2, 6, 11])
def test_rows_become_probabilities_together_as_each_does_alone(labels: int) -> None:
    logits = np.random.default_rng(labels).normal(0, 9, (16, labels)).astype(np.float32)
    together = log_softmax(logits)
    assert all(
        np.array_equal(row, log_softmax(one)) for row, one in zip(together, logits, strict=True)
    )


INTERRUPTED = """
import sys, threading, numpy as np, voxtrait
from voxtrait.testing import fake_model
predictor = voxtrait.load(fake_model(("gender",)), detect_speech=False)
def endless():
    while True:
        yield np.full(8000, 0.1, np.float32)
try:
    for answer in predictor.predict_many(endless(), sample_rate=16000, jobs=int(sys.argv[1])):
        print("answered", flush=True)
except KeyboardInterrupt:
    print("interrupted", threading.active_count(), flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process.")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_it_at_once_and_leaves_no_thread(jobs: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, jobs],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "answered\n"
    child.send_signal(signal.SIGINT)
    output, errors = child.communicate(timeout=60)
    assert output.endswith("interrupted 1\n")
    assert errors == ""
    assert child.returncode == 0
