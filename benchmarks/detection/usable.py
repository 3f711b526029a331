"""Which single words cannot be asked for an answer: cut or silent clips, by a stated rule.

The rule looks at the clean clip's energy alone, never at what the detector said of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxtrait.corpora import Utterance
from voxtrait.training.energy import speech_frames

__all__ = ["RULE", "fault"]

CORPUS = "speech_commands"  # the corpus known for such clips
FRAME = 400  # samples, 25 ms
QUIET = 0.003  # root mean square of the loudest 25 ms, -50 dB of full scale
FLAT = 10.0  # dB between the loudest and the quietest tenth of the clip
SHORT = 0.12  # seconds of speech by the energy labels
RULE = (
    f"the loudest 25 ms stay below {20 * np.log10(QUIET):.0f} dB of full scale (silent), or stand "
    f"less than {FLAT:.0f} dB above the clip's quietest tenth (nothing stands out), or less than "
    f"{SHORT:g} s are speech by the energy labels (cut)"
)


def fault(utterance: Utterance, waveform: NDArray[np.float32]) -> str:
    """Why a clip cannot be asked for an answer; empty for one that can.

    Args:
        utterance: only words of Speech Commands are looked at.
        waveform: the clip at 16 kHz, ``[samples]``.
    """
    if utterance.corpus != CORPUS:
        return ""
    frames = len(waveform) // FRAME
    level = np.sqrt(np.mean(waveform[: frames * FRAME].reshape(-1, FRAME) ** 2, axis=1))
    loudest = float(level.max(initial=0.0))
    if loudest < QUIET:
        return "silent"
    if 20 * np.log10(loudest / max(float(np.quantile(level, 0.1)), 1e-6)) < FLAT:
        return "nothing stands out"
    if speech_frames(waveform).mean() * len(waveform) / 16_000 < SHORT:
        return "cut"
    return ""
