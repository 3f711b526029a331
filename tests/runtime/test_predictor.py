"""One recording, from any kind of source, to its answers."""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from voxtrait.errors import (
    AudioOutOfBounds,
    MissingAudio,
    NoSpeech,
    UnreadableAudio,
    UsageError,
    WrongModel,
)
from voxtrait.model_file import ModelFile, TraitCard, Window, with_card
from voxtrait.runtime import AgeAnswer, DigitAnswer, Prediction, Predictor, load
from voxtrait.runtime.calibration import log_softmax
from voxtrait.speech import SpeechDetector
from voxtrait.testing import fake_detector, fake_model
from voxtrait.traits import TRAITS

RATE = 16_000
Voice = Callable[..., NDArray[np.float32]]


def same(one: Prediction, other: Prediction, tolerance: float = 1e-6) -> None:
    """Both say the same, numbers within a tolerance."""
    assert list(one.traits) == list(other.traits)
    assert one.duration_s == pytest.approx(other.duration_s, abs=1e-3)
    assert one.speech_s == pytest.approx(other.speech_s, abs=0.02)
    for name, answer in one.traits.items():
        assert answer.label == other[name].label
        np.testing.assert_allclose(
            list(answer.probabilities.values()),
            list(other[name].probabilities.values()),
            atol=tolerance,
        )


def test_all_traits_are_answered_in_their_order(predictor: Predictor, voice: Voice) -> None:
    prediction = predictor.predict(voice(1.2, (0.2, 0.9)), RATE)
    assert list(prediction.traits) == list(predictor.traits) == list(TRAITS)
    assert isinstance(prediction.digit, DigitAnswer)
    assert isinstance(prediction.age, AgeAnswer)
    assert prediction.path is None
    assert prediction.duration_s == 1.2
    assert prediction.speech_s == pytest.approx(0.8, abs=0.02)
    for answer in prediction.traits.values():
        assert sum(answer.probabilities.values()) == pytest.approx(1)
        assert answer.probability == answer.probabilities[answer.label]


def test_a_path_its_bytes_its_file_and_its_samples_are_answered_alike(
    predictor: Predictor, voice: Voice, tmp_path: Path
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, voice(2.0, (0.2, 0.9), (1.4, 1.8)), RATE, subtype="FLOAT")
    by_path = predictor.predict(path)
    assert by_path.path == str(path)
    assert predictor.predict(str(path)) == by_path
    samples, rate = soundfile.read(path, dtype="float32")
    for other in (path.read_bytes(), io.BytesIO(path.read_bytes())):
        assert predictor.predict(other).path is None
        same(predictor.predict(other), by_path)
    same(predictor.predict(samples, rate), by_path)


@pytest.mark.filterwarnings("ignore::voxtrait.audio.AudioWarning")
def test_what_is_missing_of_a_recording_is_part_of_its_prediction(
    predictor: Predictor, clips: list[Path]
) -> None:
    whole = clips[0].read_bytes()
    cut = whole[: len(whole) * 3 // 4]
    (warning,) = predictor.predict(cut).warnings
    assert "missing" in warning
    assert predictor.predict(whole).warnings == ()
    found = predictor.predict_many([whole, cut, clips[0]], jobs=2, batch_size=1)
    assert [one.warnings for one in found] == [(), (warning,), ()]


def test_another_rate_gives_nearly_the_same(predictor: Predictor) -> None:
    time = np.arange(2 * 48_000) / 48_000
    tone = (0.2 * np.sin(2 * np.pi * 300 * time) * (np.abs(time - 1) < 0.4)).astype(np.float32)
    same(predictor.predict(tone, 48_000), predictor.predict(tone[::3], RATE), tolerance=0.01)


@pytest.mark.parametrize(
    ("kind", "scale"),
    [("int16", 32_767), (">i2", 32_767), ("int32", 2**31 - 256), ("float64", 1.0)],
)
def test_integers_and_doubles_are_understood(
    predictor: Predictor, voice: Voice, kind: str, scale: float
) -> None:
    waveform = voice(1.0, (0.1, 0.9))
    given_as = (waveform.astype(np.float64) * scale).astype(kind)
    same(predictor.predict(given_as, RATE), predictor.predict(waveform, RATE), tolerance=1e-3)


def test_eight_bits_are_unsigned(predictor: Predictor, voice: Voice) -> None:
    waveform = voice(1.0, (0.1, 0.9))
    eight = np.round(waveform * 127 + 128).astype(np.uint8)
    same(predictor.predict(eight, RATE), predictor.predict(waveform, RATE), tolerance=0.05)


class TestWholeVoice:
    """Gender and age: windows of the speech, averaged by their seconds."""

    MODEL = ModelFile.load(fake_model(("gender", "age")))

    def expected(self, *windows: NDArray[np.float32]) -> NDArray[np.float64]:
        z = np.zeros(2)
        for window in windows:
            logits = self.MODEL.run(window[None], np.array([len(window)]))["gender"][0]
            z += len(window) * log_softmax(logits)
        return np.exp(log_softmax(z / sum(map(len, windows))))

    def answered(self, waveform: NDArray[np.float32]) -> list[float]:
        """Without a detector, so that the windows are known."""
        prediction = Predictor([self.MODEL]).predict(waveform, RATE)
        return list(prediction.gender.probabilities.values())

    def test_one_window(self, voice: Voice) -> None:
        waveform = voice(2.5, (0, 2.5))
        np.testing.assert_allclose(self.answered(waveform), self.expected(waveform), atol=1e-6)

    def test_several_windows(self, voice: Voice) -> None:
        waveform = voice(8.0, (0, 8.0))
        windows = waveform[:48_000], waveform[48_000:88_000], waveform[88_000:]
        np.testing.assert_allclose(self.answered(waveform), self.expected(*windows), atol=1e-6)

    def test_only_speech_counts(self, predictor: Predictor, voice: Voice) -> None:
        alone = voice(1.1, (0.05, 1.05))
        amid = np.concatenate([voice(20), alone, voice(20)])
        same_gender = predictor.predict(alone, RATE).gender, predictor.predict(amid, RATE).gender
        assert same_gender[0].probability == pytest.approx(same_gender[1].probability, abs=5e-3)


class TestDigits:
    """Digit: one word, or not a digit."""

    def test_one_word_is_answered_as_the_network_answers_it(
        self, predictor: Predictor, voice: Voice
    ) -> None:
        waveform = voice(3.0, (1.0, 1.6))
        answer = predictor.predict(waveform, RATE).digit
        (word,) = answer.segments
        assert (word.start_s, word.end_s) == pytest.approx((0.95, 1.65), abs=0.02)
        heard = waveform[round(word.start_s * RATE) - 2400 : round(word.end_s * RATE) + 2400]
        model = ModelFile.load(fake_model(("digit",), seed=1))
        logits = model.run(heard[None], np.array([len(heard)]))["digit"][0]
        expected = np.exp(log_softmax(logits))
        np.testing.assert_allclose(list(answer.probabilities.values()), expected, atol=1e-5)
        assert (answer.label, answer.probability) == (word.label, word.probability)

    def test_several_words_are_no_digit_and_each_is_told(
        self, predictor: Predictor, voice: Voice
    ) -> None:
        starts = (0.5, 1.5, 3.0)
        answer = predictor.predict(voice(4.0, *((s, s + 0.4) for s in starts)), RATE).digit
        assert (answer.label, answer.probability, answer.unsure) == ("not_a_digit", 0.999, False)
        assert sum(answer.probabilities.values()) == pytest.approx(1)
        assert [word.start_s for word in answer.segments] == pytest.approx(
            [s - 0.05 for s in starts], abs=0.02
        )
        assert len(answer.to_dict()["segments"]) == 3

    def test_what_is_too_long_for_a_word_is_no_digit(
        self, predictor: Predictor, voice: Voice
    ) -> None:
        answer = predictor.predict(voice(5.0, (0.5, 4.0)), RATE).digit
        assert answer.label == "not_a_digit"
        assert answer.probability >= 0.5
        assert answer.probability == max(answer.probabilities.values())
        assert sum(answer.probabilities.values()) == pytest.approx(1)
        assert "segments" not in answer.to_dict()

    def test_a_short_recording_is_one_word_also_with_a_break(
        self, predictor: Predictor, voice: Voice
    ) -> None:
        broken = predictor.predict(voice(1.5, (0.1, 0.3), (1.0, 1.3)), RATE).digit
        longer = predictor.predict(voice(1.6, (0.1, 0.3), (1.0, 1.3)), RATE).digit
        assert len(broken.segments) == 1
        assert len(longer.segments) == 2

    def test_a_network_of_ten_digits_still_hears_that_there_are_several(
        self, detector: SpeechDetector, voice: Voice
    ) -> None:
        eleven = ModelFile.load(fake_model(("digit",)))
        card = replace(eleven.card, traits={"digit": TraitCard(TRAITS["digit"].labels[:10])})
        model = ten_wide(fake_model(("digit",)), card)
        answer = Predictor([model], detector).predict(voice(3.0, (0.5, 1.0), (2.0, 2.5)), RATE)
        assert answer.digit.label == "not_a_digit"
        assert len(answer.digit.probabilities) == 11
        one = Predictor([model], detector).predict(voice(1.0, (0.2, 0.8)), RATE).digit
        assert one.probabilities["not_a_digit"] == 0.0


def ten_wide(data: bytes, card: Any) -> ModelFile:
    """The fake digit model without its last column."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load_from_string(data)
    for tensor in model.graph.initializer:
        if tensor.name in ("digit_weight", "digit_bias"):
            numbers = numpy_helper.to_array(tensor)[..., :10]
            tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(numbers), tensor.name))
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 10
    return ModelFile.load(with_card(model.SerializeToString(), card))


class TestTooLittleSpeech:
    """No answer but a reason."""

    def test_silence_is_refused_with_both_durations(
        self, predictor: Predictor, voice: Voice
    ) -> None:
        with pytest.raises(NoSpeech, match=r"0\.00 s of the 2\.50 s") as caught:
            predictor.predict(voice(2.5), RATE)
        assert (caught.value.duration_s, caught.value.speech_s) == (2.5, 0.0)

    @pytest.mark.parametrize("seconds", [1 / RATE, 0.005, 0.05])
    def test_a_few_samples_of_silence_too(
        self, predictor: Predictor, voice: Voice, seconds: float
    ) -> None:
        with pytest.raises(NoSpeech):
            predictor.predict(voice(seconds), RATE)

    def test_a_trait_that_needs_more_is_left_out_and_the_others_answered(
        self, detector: SpeechDetector, voice: Voice
    ) -> None:
        data = fake_model(("gender",))
        demanding = replace(ModelFile.load(data).card, window=Window(3.0, 3.0, least=1.0))
        models = [
            ModelFile.load(with_card(data, demanding)),
            ModelFile.load(fake_model(("digit",))),
        ]
        prediction = Predictor(models, detector).predict(voice(1.0, (0.2, 0.6)), RATE)
        assert list(prediction.traits) == ["digit"]
        reason = f"too little speech: {prediction.speech_s:.2f} s of 1.00 s needed"
        assert prediction.withheld == {"gender": reason}
        with pytest.raises(AttributeError, match=f"for gender: {reason}"):
            _ = prediction.gender
        with pytest.raises(NoSpeech, match=r"needs 1\.00 s"):
            Predictor(models[:1], detector).predict(voice(1.0, (0.2, 0.6)), RATE)


class TestBadArrays:
    """What is no waveform says why."""

    @pytest.mark.parametrize(
        ("samples", "rate", "error", "says"),
        [
            (np.zeros(8000, np.float32), None, UsageError, "without its sample rate"),
            (np.zeros(8000, np.float32), "16000", UsageError, "rate is '16000'; it must be a num"),
            ([0.0] * 8000, RATE, UsageError, "came as a list; it must be an array"),
            (np.zeros((2, 8000), np.float32), RATE, UsageError, r"shape \(2, 8000\)"),
            (np.zeros(8000, np.int64), RATE, UsageError, "type int64"),
            (np.array(["a"]), RATE, UsageError, "type <U1"),
            (np.zeros(0, np.float32), RATE, UnreadableAudio, "no samples"),
            (np.full(99, np.nan), RATE, AudioOutOfBounds, "not finite"),
            (np.full(99, 1e300), RATE, AudioOutOfBounds, "not finite"),
            (np.full(99, 30_000.0), RATE, AudioOutOfBounds, "16-bit integers"),
            (np.zeros(99, np.float32), 100, AudioOutOfBounds, "100 Hz"),
        ],
    )
    def test_it_is_refused(
        self, predictor: Predictor, samples: Any, rate: Any, error: type, says: str
    ) -> None:
        with pytest.raises(error, match=says) as caught:
            predictor.predict(samples, rate)
        assert caught.value.hint

    def test_one_that_is_too_long(self, predictor: Predictor, voice: Voice) -> None:
        with pytest.raises(AudioOutOfBounds, match="longer than the allowed 1 s"):
            predictor.predict(voice(1.01, (0, 1)), RATE, max_seconds=1)

    def test_a_file_with_a_rate(self, predictor: Predictor) -> None:
        with pytest.raises(UsageError, match="knows its own"):
            predictor.predict("a.wav", RATE)

    def test_a_missing_file(self, predictor: Predictor, tmp_path: Path) -> None:
        with pytest.raises(MissingAudio, match=r"none\.wav"):
            predictor.predict(tmp_path / "none.wav")


class TestWhatIsAsked:
    """Which models answer what."""

    @pytest.mark.parametrize("traits", ["age", ["age"]])
    def test_only_the_wanted_traits_are_answered(
        self, detector: SpeechDetector, voice: Voice, traits: str | list[str]
    ) -> None:
        model = ModelFile.load(fake_model())
        predictor = Predictor([model], detector, traits=traits)
        assert load(fake_model(), traits=traits).traits == ("age",)
        assert predictor.traits == ("age",)
        assert list(predictor.predict(voice(1.0, (0, 1)), RATE).traits) == ["age"]

    def test_two_models_for_one_trait_are_refused(self) -> None:
        model = ModelFile.load(fake_model())
        with pytest.raises(UsageError, match="answered by two models, both named fake"):
            Predictor([model, model])

    def test_a_trait_that_no_model_answers_is_refused(self) -> None:
        with pytest.raises(UsageError, match="No model that was given answers age"):
            Predictor([ModelFile.load(fake_model(("gender",)))], traits=["gender", "age"])

    def test_a_trait_that_was_not_asked_for_is_no_answer_to_another(self) -> None:
        with pytest.raises(UsageError, match="Asked for were gender, and not age"):
            load(["gender"], traits=["age"])
        assert load(["gender", "age"], traits=["age"]).traits == ("age",)

    def test_no_model_at_all_is_refused(self) -> None:
        with pytest.raises(UsageError, match="answers a trait"):
            Predictor([])

    def test_a_detector_answers_no_trait(self) -> None:
        with pytest.raises(WrongModel, match="kind frames"):
            Predictor([ModelFile.load(fake_detector())])

    def test_no_threads_are_too_few(self) -> None:
        with pytest.raises(UsageError, match="threads is 0"):
            Predictor([ModelFile.load(fake_model())], threads=0)

    def test_the_representation_names_traits_and_models(self, predictor: Predictor) -> None:
        assert repr(predictor) == "<Predictor of digit, gender, age by fake-tiny, fake-tiny>"

    def test_a_model_of_another_rate_is_given_that_rate(
        self, detector: SpeechDetector, voice: Voice
    ) -> None:
        model = ModelFile.load(fake_model(("gender",), sample_rate=8000))
        lengths: list[int] = []
        run = model.run
        model.run = lambda rows, n, threads: (lengths.extend(n), run(rows, n, threads))[1]  # type: ignore[method-assign]
        Predictor([model]).predict(voice(2.0, (0, 2)), RATE)
        assert lengths == [16_000]

    def test_a_graph_of_fixed_length_is_given_that_length(
        self, detector: SpeechDetector, voice: Voice
    ) -> None:
        import onnx

        data = fake_model(("gender",))
        graph = onnx.load_from_string(data)
        graph.graph.input[0].type.tensor_type.shape.dim[1].dim_value = RATE
        card = replace(ModelFile.load(data).card, window=Window(1.0, 1.0, 0.1))
        fixed = ModelFile.load(with_card(graph.SerializeToString(), card))
        free = ModelFile.load(with_card(data, card))
        for seconds in (0.4, 1.0, 2.7):
            waveform = voice(seconds, (0, seconds))
            same(
                Predictor([fixed]).predict(waveform, RATE),
                Predictor([free]).predict(waveform, RATE),
            )

    def test_unsure_is_what_is_less_probable_than_the_cards_threshold(self, voice: Voice) -> None:
        data = fake_model(("gender",))
        card = ModelFile.load(data).card
        waveform = voice(1.0, (0, 1))
        probability = Predictor([ModelFile.load(data)]).predict(waveform, RATE).gender.probability
        for threshold, unsure in ((probability - 1e-6, False), (probability + 1e-6, True)):
            trait = replace(card.traits["gender"], unsure_below=threshold)
            model = ModelFile.load(with_card(data, replace(card, traits={"gender": trait})))
            assert Predictor([model]).predict(waveform, RATE).gender.unsure is unsure


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seconds=st.floats(0.3, 25),
    block=st.integers(400, 200_000),
    rate=st.sampled_from([8000, RATE, 44_100]),
    seed=st.integers(0, 9),
)
def test_a_recording_in_any_blocks_is_answered_as_a_whole(
    predictor: Predictor, voice: Voice, seconds: float, block: int, rate: int, seed: int
) -> None:
    from voxtrait.runtime.batch import Batch
    from voxtrait.runtime.hearing import Hearing

    draw = np.random.default_rng(seed)
    starts = np.cumsum(draw.uniform(0.2, 2.0, 20))
    waveform = voice(seconds, (0.05, 0.25), *((s, s + 0.9) for s in starts), seed=seed)
    whole = predictor.predict(waveform, rate)
    batch = Batch()
    hearing = Hearing(predictor._questions, predictor.detector, batch, rate)
    for start in range(0, len(waveform), block):
        hearing.push(waveform[start : start + block])
    hearing.finish()
    batch.run()
    same(hearing.prediction(), whole, tolerance=1e-4)


def test_many_threads_get_the_answers_of_one(predictor: Predictor, clips: list[Path]) -> None:
    expected = [predictor.predict(path) for path in clips]
    fresh = pickle.loads(pickle.dumps(predictor))  # so that its sessions are made in a race
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(fresh.predict, clips * 4)) == expected * 4


def test_a_pickled_predictor_answers_the_same(predictor: Predictor, voice: Voice) -> None:
    waveform = voice(1.0, (0.1, 0.9))
    copy = pickle.loads(pickle.dumps(predictor))
    assert copy.predict(waveform, RATE) == predictor.predict(waveform, RATE)


def answer_in_child(predictor: Predictor, path: Path, results: Any) -> None:
    results.put(predictor.predict(path).to_dict())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork.")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_answers_the_same(
    predictor: Predictor, clips: list[Path], tmp_path: Path
) -> None:
    clip = tmp_path / "clip.flac"  # decoded by libsndfile
    soundfile.write(clip, *soundfile.read(clips[3]))
    expected = predictor.predict(clip).to_dict()
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    child = context.Process(target=answer_in_child, args=(predictor, clip, results))
    with soundfile.SoundFile._sf_error_lock:  # as when another thread is opening a file
        child.start()
    child.join(60)
    assert child.exitcode == 0
    assert results.get() == expected
