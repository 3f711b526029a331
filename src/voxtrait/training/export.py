"""A trained network to a model file."""

from __future__ import annotations

import io
import logging
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from voxtrait.errors import RunError
from voxtrait.model_file import Card, ModelFile, TraitCard, Window, with_card
from voxtrait.networks import FrameNet, TraitModel
from voxtrait.networks.frame_net import SpeechProbabilities
from voxtrait.training.materials import read_16k
from voxtrait.training.slim import slim
from voxtrait.traits import TRAITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voxtrait.corpora import Utterance
    from voxtrait.training.recipe import Recipe

__all__ = ["check_export", "export_model", "largest_difference"]

OPSET = 17
MOST_DIFFERENCE = 1e-4  # between torch and onnxruntime
COMPARED = 8  # recordings
FRAME_SECONDS = 0.01
# Of a speech detector. benchmarks/speech.py chooses `SURE` on the validation parts of five folds;
# the threshold was chosen on those of two, for words in noise.
THRESHOLD, SURE = 0.3, 0.96


def export_model(
    recipe: Recipe,
    model: TraitModel | FrameNet,
    *,
    trained_on: Sequence[dict[str, Any]] = (),
) -> bytes:
    """The model file of a trained network, not yet calibrated.

    Args:
        recipe: the recipe it was trained by; its text goes into the card.
        model: the network.
        trained_on: one table a corpus: corpus, speakers, hours, licence.
    """
    frames = isinstance(model, FrameNet)
    graph = SpeechProbabilities(model) if isinstance(model, FrameNet) else model
    outputs = ["speech"] if frames else list(recipe.traits)
    traits = {
        name: TraitCard(labels=TRAITS[name].labels, edges=TRAITS[name].edges)
        for name in ([] if frames else recipe.traits)
    }
    window = recipe.window
    card = Card(
        name=recipe.name,
        version=recipe.version,
        kind="frames" if frames else "traits",
        sample_rate=model.front_end.sample_rate,
        window=Window(window.seconds, window.hop, window.least),
        traits=traits,
        trained_on=tuple(trained_on),
        recipe=recipe.source,
        created=datetime.now(UTC).date().isoformat(),
        licence=recipe.licence,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        frame_seconds=FRAME_SECONDS if frames else 0.0,
        threshold=THRESHOLD if frames else 0.0,
        sure=SURE if frames else 0.0,
    )
    data = with_card(_graph(graph.eval(), outputs), card)
    ModelFile.load(data)  # refuses here what it would refuse later
    return data


def largest_difference(
    model: TraitModel | FrameNet, data: bytes, waveforms: Sequence[NDArray[np.float32]]
) -> float:
    """How far the model file's outputs lie from torch's at most, on some recordings at 16 kHz."""
    session = ModelFile.load(data).session()
    graph = SpeechProbabilities(model) if isinstance(model, FrameNet) else model
    graph = graph.eval()
    most = 0.0
    for waveform in waveforms:
        lengths = np.array([len(waveform)])
        rows = waveform[None].astype(np.float32)
        got = session.run(None, {"waveform": rows, "lengths": lengths})
        with torch.inference_mode():
            expected = graph(torch.from_numpy(rows), torch.from_numpy(lengths))
        expected = expected if isinstance(expected, tuple) else (expected,)
        for one, other in zip(got, expected, strict=True):
            most = max(most, float(np.abs(one - other.numpy()).max()))
    return most


def check_export(model: TraitModel | FrameNet, data: bytes, rows: Sequence[Utterance]) -> float:
    """How far the model file lies from torch at most, on eight of the recordings.

    Raises:
        RunError: further than 1e-4, or there is no recording to compare on.
    """
    if not rows:
        raise RunError(
            "There is no recording to compare the model file with the network on.",
            "Keep the recordings of the run where its manifest names them.",
        )
    some = rows[:: max(1, len(rows) // COMPARED)][:COMPARED]
    difference = largest_difference(model, data, [read_16k(row.path) for row in some])
    if difference > MOST_DIFFERENCE:
        raise RunError(
            f"The exported graph differs from the network by {difference:.2g}; "
            f"{MOST_DIFFERENCE:g} is allowed.",
            "Report this, with the run's folder.",
        )
    return difference


def _graph(module: nn.Module, outputs: list[str]) -> bytes:
    """The network as an ONNX graph, by the exporter that knows dynamic lengths everywhere."""
    file = io.BytesIO()
    waveform = torch.zeros(2, 16_000)
    lengths = torch.tensor([16_000, 12_000])
    axes: dict[str, dict[int, str]] = {
        "waveform": {0: "batch", 1: "samples"},
        "lengths": {0: "batch"},
        **{name: {0: "batch"} for name in outputs},
    }
    if outputs == ["speech"]:
        axes["speech"][1] = "frames"
    with warnings.catch_warnings():
        # The one exporter that takes a time axis of any length in seconds says that it is old.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", module="voxtrait")  # sizes that tracing fixes: none do
        warnings.filterwarnings("ignore", message="Constant folding")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        torch.onnx.export(
            module,
            (waveform, lengths),
            file,  # type: ignore[arg-type]  # a file object is taken, though not declared
            input_names=["waveform", "lengths"],
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    return slim(file.getvalue())
