"""Other detectors of speech, each as a function from a waveform to flags of 10 ms.

None of them is part of voxtrait. One that is not on this machine says how to get it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxtrait.model_file.session import start_session
from voxtrait.training.energy import speech_frames

__all__ = ["HOP", "SILERO_FILES", "Rival", "rivals", "spread"]

Waveform = NDArray[np.float32]
Flags = NDArray[np.bool_]
HOP = 160  # samples, 10 ms at 16 kHz
RATE = 16_000
SILERO_BLOCK, SILERO_CONTEXT = 512, 64  # samples
SILERO_THRESHOLD = 0.5
SILERO_FILES = ("silero_vad_16k_sequence.onnx", "silero_vad_16k_op15.onnx")
TEN_BLOCK = 256
FULL_SCALE = 32_767


@dataclass(frozen=True)
class Rival:
    """A detector.

    Args:
        name: as the page calls it.
        flags: a waveform of 16 kHz, ``[samples]``, to ``[1 + samples // 160]``; frame ``t`` is
            centred at sample ``160 t``. ``None`` where it is not on this machine.
        missing: why it is not, and how to get it.
        judged: whether it is asked about every recording, or only its cost is measured.
    """

    name: str
    flags: Callable[[Waveform], Flags] | None = None
    missing: str = ""
    judged: bool = True


def rivals(silero: Path) -> list[Rival]:
    """The five of the facts, thresholds as they come.

    Args:
        silero: folder with the ONNX files of the silero-vad wheel.
    """
    return [
        Rival("energy", speech_frames),
        _or_missing("webrtcvad, mode 3", _webrtcvad, "`pip install webrtcvad-wheels`"),
        _silero("Silero, sequence", silero / SILERO_FILES[0], _silero_sequence),
        # The same network: the same flags, at a step's cost.
        _silero("Silero, step by step", silero / SILERO_FILES[1], _silero_steps, judged=False),
        _or_missing("ten-vad", _ten_vad, "`pip install ten-vad`, where its licence lets you"),
    ]


def spread(values: NDArray[Any], block: int, frames: int) -> NDArray[Any]:
    """Values of blocks of samples as values of 10 ms frames: that of the block at the centre.

    Args:
        values: one for each block, ``[blocks]``; none gives zeros.
        block: samples of each.
        frames: how many frames there are.
    """
    if not len(values):
        return np.zeros(frames, values.dtype)
    return values[np.minimum(HOP * np.arange(frames) // block, len(values) - 1)]


def _or_missing(name: str, make: Callable[[], Callable[[Waveform], Flags]], how: str) -> Rival:
    try:
        return Rival(name, make())
    except (ImportError, OSError, NotImplementedError):
        return Rival(name, missing=f"not on this machine: {how}")


def _silero(
    name: str,
    path: Path,
    make: Callable[[Path], Callable[[Waveform], Flags]],
    *,
    judged: bool = True,
) -> Rival:
    if not path.exists():
        how = "`pip download --no-deps silero-vad`, and unzip its ONNX files into the folder"
        return Rival(name, missing=f"not on this machine: {how} of `--silero`", judged=judged)
    return Rival(name, make(path), judged=judged)


def _webrtcvad() -> Callable[[Waveform], Flags]:
    package = importlib.import_module("webrtcvad")

    def flags(waveform: Waveform) -> Flags:
        detector = package.Vad(3)
        data = _as_int16(waveform).tobytes()
        steps = range(0, len(data) - 2 * HOP + 1, 2 * HOP)
        found = [detector.is_speech(data[at : at + 2 * HOP], RATE) for at in steps]
        return spread(np.array(found, bool), HOP, 1 + len(waveform) // HOP)

    return flags


def _ten_vad() -> Callable[[Waveform], Flags]:
    package = importlib.import_module("ten_vad")
    package.TenVad(TEN_BLOCK)  # fails here where it has no library for this system

    def flags(waveform: Waveform) -> Flags:
        detector = package.TenVad(TEN_BLOCK)
        blocks = _blocks(_as_int16(waveform), TEN_BLOCK)
        found = [bool(detector.process(block)[1]) for block in blocks]
        return spread(np.array(found, bool), TEN_BLOCK, 1 + len(waveform) // HOP)

    return flags


def _silero_sequence(path: Path) -> Callable[[Waveform], Flags]:
    session = start_session(path.read_bytes(), path.stem, 1)

    def flags(waveform: Waveform) -> Flags:
        blocks = _with_context(waveform)
        state = np.zeros((1, 1, 128), np.float32)
        found = session.run(["speech_probs"], {"input": blocks, "h": state, "c": state})[0]
        return _silero_flags(found, waveform)

    return flags


def _silero_steps(path: Path) -> Callable[[Waveform], Flags]:
    session = start_session(path.read_bytes(), path.stem, 1)
    rate = np.array(RATE)

    def flags(waveform: Waveform) -> Flags:
        state = np.zeros((2, 1, 128), np.float32)
        found = []
        for block in _with_context(waveform):
            inputs = {"input": block[None], "state": state, "sr": rate}
            probability, state = session.run(None, inputs)
            found.append(probability[0, 0])
        return _silero_flags(np.array(found, np.float32), waveform)

    return flags


def _silero_flags(probabilities: NDArray[np.float32], waveform: Waveform) -> Flags:
    return spread(probabilities >= SILERO_THRESHOLD, SILERO_BLOCK, 1 + len(waveform) // HOP)


def _with_context(waveform: Waveform) -> NDArray[np.float32]:
    """Blocks, each behind the last samples of the one before, as the network was trained."""
    blocks = _blocks(waveform, SILERO_BLOCK)
    before = np.zeros((len(blocks), SILERO_CONTEXT), np.float32)
    before[1:] = blocks[:-1, -SILERO_CONTEXT:]
    return np.concatenate([before, blocks], axis=1)


def _blocks(waveform: NDArray[Any], size: int) -> NDArray[Any]:
    padded = np.zeros(-(-len(waveform) // size) * size, waveform.dtype)
    padded[: len(waveform)] = waveform
    return padded.reshape(-1, size)


def _as_int16(waveform: Waveform) -> NDArray[np.int16]:
    return (np.clip(waveform, -1, 1) * FULL_SCALE).astype(np.int16)
