"""From a recording to an answer."""

from __future__ import annotations

from voxtrait.runtime.answer import AgeAnswer, Answer, DigitAnswer, WordAnswer
from voxtrait.runtime.loading import load, predict
from voxtrait.runtime.prediction import Failure, Prediction
from voxtrait.runtime.predictor import Predictor

__all__ = [
    "AgeAnswer",
    "Answer",
    "DigitAnswer",
    "Failure",
    "Prediction",
    "Predictor",
    "WordAnswer",
    "load",
    "predict",
]
