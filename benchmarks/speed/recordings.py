"""The recordings that are measured with: real ones where they are, else the demonstration's."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from voxtrait import Predictor, audio
from voxtrait.errors import NoSpeech

__all__ = ["Clip", "cut_clips", "nine_seconds", "one_second", "save", "sources"]

REPOSITORY = Path(__file__).parents[2]
DEMONSTRATION = REPOSITORY / "examples" / "recordings"
RATE = 16_000
# One corpus of sentences and one of single words, each with many speakers.
SENTENCES, WORDS = "librispeech", "speech_commands"
SEED = 1
PATIENCE = 100

Waveform = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A recording as a file and as numbers.

    Args:
        path: a WAV file of 16 bit.
        waveform: its samples, ``[samples]``.
        sample_rate: Hz.
        at_16k: the same sound at 16 kHz.
    """

    path: Path
    waveform: Waveform
    sample_rate: int
    at_16k: Waveform

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.waveform) / self.sample_rate


def sources() -> tuple[str, list[Path], list[Path]]:
    """What to make recordings of: its description, files of sentences, files of words."""
    root = Path(os.environ.get("VOXTRAIT_CORPORA") or REPOSITORY.parent / "shared" / "corpora")
    sentences, words = (_shuffled(root / name) for name in (SENTENCES, WORDS))
    if sentences and words:
        return "LibriSpeech (sentences) and Speech Commands (words)", sentences, words
    found = _shuffled(DEMONSTRATION)
    sentences = [path for path in found if path.name.startswith("sentence")]
    words = [path for path in found if path not in sentences]
    return "the demonstration recordings", sentences, words


def nine_seconds(files: Iterable[Path]) -> Iterator[Waveform]:
    """Pieces of 9 s at 16 kHz, endless: recordings one behind the other."""
    held = np.zeros(0, np.float32)
    for path in itertools.cycle(list(files)):
        held = np.concatenate([held, _read(path)])
        while len(held) >= 9 * RATE:
            yield held[: 9 * RATE]
            held = held[9 * RATE :]


def one_second(files: Iterable[Path]) -> Iterator[Waveform]:
    """Pieces of 1 s at 16 kHz, endless: the middle of a recording, or a short one in silence."""
    for path in itertools.cycle(list(files)):
        waveform = _read(path)
        short = max(0, RATE - len(waveform))
        waveform = np.pad(waveform, (short // 2, short - short // 2))
        first = (len(waveform) - RATE) // 2
        yield waveform[first : first + RATE]


def cut_clips(
    waveforms: Iterable[Waveform],
    folder: Path,
    predictor: Predictor,
    count: int,
    sample_rate: int = RATE,
) -> Iterator[Clip]:
    """The first ``count`` waveforms that are answered, as files of a new folder.

    Where a trait gets no answer nothing is measured: to find no speech would be quicker.

    Raises:
        RuntimeError: a hundred in a row are not answered; the detector cannot be right.
    """
    folder.mkdir()
    found = refused = 0
    for waveform in waveforms:
        path = folder / f"{found:04}.wav"
        save(path, audio.resample(waveform, RATE, sample_rate), sample_rate)
        if not _is_answered(path, predictor):
            refused += 1
            if refused == PATIENCE:
                raise RuntimeError(f"{PATIENCE} recordings of speech in a row were not answered")
            continue
        written, _ = audio.read(path)
        yield Clip(path, written, sample_rate, audio.resample(written, sample_rate, RATE))
        found, refused = found + 1, 0
        if found == count:
            return


def save(path: Path, waveform: Waveform, sample_rate: int) -> None:
    """Write a file; WAV and FLAC of 16 bit, by the suffix."""
    soundfile.write(path, np.clip(waveform, -1, 1), sample_rate, "PCM_16")


def _is_answered(path: Path, predictor: Predictor) -> bool:
    try:
        return predictor.predict(path).traits.keys() == set(predictor.traits)
    except NoSpeech:
        return False


def _read(path: Path) -> Waveform:
    waveform, rate = audio.read(path)
    return audio.resample(waveform, rate, RATE)


def _shuffled(folder: Path) -> list[Path]:
    """All recordings below a folder, neighbours of different speakers; always the same order."""
    if not folder.is_dir():
        return []
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".wav", ".flac"})
    order = np.random.default_rng(SEED).permutation(len(found))
    return [found[place] for place in order]
