"""Natural synthetic voices saying digits and other short English words, made with Kokoro.

    python recipes/natural_words.py --kokoro DIR --output DIR [--seed 0] [--clips 6000]

For training only, never for a test: 54 voices of Kokoro (82 million weights), two of them mixed are
a further one. Writes one folder a word (``zero`` .. ``nine``, ``tree``, ``line`` ...) with 16 kHz
FLAC files, and ``clips.csv`` with one row a file. What a clip is depends on the seed and its number
alone, so a run that was stopped goes on where it was, and more clips may be made later; about one a
second. ``recipes/kokoro.py`` gets Kokoro's files; espeak-ng tells how a word is pronounced.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import astuple, dataclass, fields
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile
import soxr
from ending import exit_code
from made_clips import RATE, check_espeak, progress, trimmed, write_clip, write_table
from synthetic_digits import DIGITS, FOREIGN, FOREIGN_SHARE, OTHERS

from voxtrait.errors import MissingRequirement
from voxtrait.model_file.session import start_session

if TYPE_CHECKING:
    from collections.abc import Sequence

# Besides the words that espeak-ng says: what is easily taken for a digit, or for a part of one.
NEAR_WORDS = (
    "trip try tray trim trick trace train truck triple trust straight strict agree degree throne "
    "throws thrice theory fright frighten freed freely reek reed read sex sax sixes stick stacks "
    "savage saving savvy siren severn given evan kevin elevens aches eights weighed waited hated "
    "native navy nines noon nuns nouns lion leans leaning yearn lawn loan lane long gong song john "
    "fond wonders wonderful ton tomb toots stew chew doom boom dune cooed forks forth forge "
    "foreign forest former formal afford award fifes vibe bribe tribe pipe ripe hide side sighed"
)
WORDS = [*OTHERS, *NEAR_WORDS.split()]
SPOKEN_RATE = 24_000
CLIPS = 6000
STYLE = 256  # numbers that are a voice: half of them its sound, half its melody
ENGLISH = {"a": "en-us", "b": "en-gb"}  # by the first letter of a voice's name
NATIVE = {"es": "e", "fr-fr": "f", "hi": "h", "it": "i", "ja": "j", "pt": "p"}
ENGLISH_SHARE = 0.6  # the others say English words with the accents of eight languages
ALONE = 0.4  # share of the clips of one voice
ENDS = "..?!,"  # each is a melody of its own
# What Kokoro has other letters for, in English and everywhere.
ENGLISH_LETTERS = str.maketrans({"r": "ɹ", "x": "k", "ʲ": "j", "ɬ": "l"})
LETTERS = str.maketrans({"ä": "a", "ʑ": "ʒ"})


@dataclass(frozen=True)
class Clip:
    """One word. The second voice has shares of the sound and of the melody."""

    number: int
    word: str
    text: str  # as ``accent``, a voice of espeak-ng, would read it
    accent: str
    voice: str
    second: str
    sound: float  # the second voice's share, 0..1
    melody: float
    end: str
    speed: float
    peak: float

    @property
    def path(self) -> Path:
        """Where it lies below the output folder."""
        return Path(self.word) / f"{self.voice}_{self.second}_{self.accent}_{self.number}.flac"


def drawn(number: int, seed: int, voices: Sequence[str]) -> Clip:
    """What clip of this number is: each fourth is a digit, the others take the words in turn."""
    rng = np.random.default_rng([seed, number])

    def some(low: float, high: float) -> float:
        return round(float(rng.uniform(low, high)), 2)

    if number % 4 == 0:
        word = DIGITS[number // 4 % len(DIGITS)]
    else:
        word = WORDS[(number - number // 4 - 1) % len(WORDS)]
    pool = [v for v in voices if v[0] in ENGLISH] if rng.uniform() < ENGLISH_SHARE else list(voices)
    voice, second = str(rng.choice(pool)), str(rng.choice(pool))
    if rng.uniform() < ALONE:
        second = voice
    sound, melody = some(0.25, 0.75), some(0, 1)
    accent = ENGLISH.get(voice[0]) or str(rng.choice(list(ENGLISH.values())))
    end, speed, peak = str(rng.choice(list(ENDS))), some(0.7, 1.3), some(0.3, 0.9)
    text = word
    if word in DIGITS and rng.uniform() < FOREIGN_SHARE:
        language = str(rng.choice(list(FOREIGN)))
        spelled = FOREIGN[language].split()[DIGITS.index(word)]
        if spelled != "-":  # what these speakers say is another English word
            text, accent = spelled, language
            own = [name for name in voices if name[0] == NATIVE.get(language)]
            voice = str(rng.choice(own)) if own else voice
    return Clip(number, word, text, accent, voice, second, sound, melody, end, speed, peak)


class Kokoro:
    """The network, its voices and its alphabet, out of the folder that ``kokoro.py`` fills.

    Raises:
        MissingRequirement: a file is not there.
        WrongModel: the network is damaged.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self.session = start_session((folder / "kokoro.onnx").read_bytes(), "kokoro", threads=1)
            self.symbols: dict[str, int] = json.loads((folder / "vocab.json").read_bytes())["vocab"]
            self.styles = {
                path.stem: np.fromfile(path, "<f4").reshape(-1, STYLE)
                for path in sorted((folder / "voices").glob("*.bin"))
            }
        except OSError as error:
            raise MissingRequirement(
                f"{error.filename} cannot be read ({error.strerror}).",
                how_to_get(folder),
            ) from error

    def say(self, clip: Clip) -> np.ndarray:
        """The word as int16 at 16 kHz, without the silence around it."""
        letters = pronounced(clip.text, clip.accent) + clip.end
        tokens = [self.symbols[letter] for letter in letters if letter in self.symbols]
        first, second = (self.styles[name][len(tokens) - 1] for name in (clip.voice, clip.second))
        share = np.repeat(np.array([clip.sound, clip.melody], np.float32), STYLE // 2)
        style = (1 - share) * first + share * second
        (sound,) = self.session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": style[None],
                "speed": np.array([clip.speed], np.float32),
            },
        )
        sound = soxr.resample(sound.ravel(), SPOKEN_RATE, RATE)
        sound *= clip.peak / (np.abs(sound).max() + 1e-9)
        return trimmed((sound * 32767).astype(np.int16))


@lru_cache
def pronounced(text: str, accent: str) -> str:
    """How espeak-ng says a text, in Kokoro's letters."""
    command = ["espeak-ng", "-q", "--ipa", "-v", accent, "--", text]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    letters = done.stdout.strip().translate(LETTERS)
    return letters.translate(ENGLISH_LETTERS) if accent in ENGLISH.values() else letters


@lru_cache(maxsize=1)
def kokoro(folder: Path) -> Kokoro:
    """Opened once in each process."""
    return Kokoro(folder)


def made(folder: Path, output: Path, clip: Clip) -> list[Any]:
    """Write a clip if it is not there; its row of the table."""
    target = output / clip.path
    if not target.exists():
        write_clip(target, kokoro(folder).say(clip))
    sound, _ = soundfile.read(target, dtype="int16")
    return [str(clip.path), *astuple(clip), hashlib.sha256(sound.tobytes()).hexdigest()]


def make(folder: Path, output: Path, seed: int, clips: int, jobs: int) -> None:
    """Fill the output folder with so many clips and their table.

    Raises:
        MissingRequirement: no espeak-ng, none of Kokoro's files, or a folder that cannot be used.
        OutOfSpace: the disk is full; the clips made before stay.
        WrongModel: Kokoro's network is damaged.
    """
    check_espeak()
    voices = sorted(path.stem for path in (folder / "voices").glob("*.bin"))
    if not voices:
        raise MissingRequirement(f"There are no voices in {folder / 'voices'}.", how_to_get(folder))
    drawings = [drawn(number, seed, voices) for number in range(clips)]
    rows = []
    work = partial(made, folder, output)
    with ExitStack() as stack:
        if jobs == 1:
            done = map(work, drawings)
        else:
            done = stack.enter_context(ProcessPoolExecutor(jobs)).map(work, drawings, chunksize=4)
        for row in done:
            rows.append(row)
            progress(len(rows), clips)
        write_table(output / "clips.csv", [field.name for field in fields(Clip)], rows)


def how_to_get(folder: Path) -> str:
    """The hint of every error about Kokoro's files."""
    return f"Get Kokoro's files with: python recipes/kokoro.py --output {folder}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, make, report; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kokoro", type=Path, required=True, help="folder of Kokoro's files")
    parser.add_argument("--output", type=Path, required=True, help="folder to fill")
    parser.add_argument("--seed", type=int, default=0, help="draws voices, speeds and melodies")
    parser.add_argument("--clips", type=int, default=CLIPS, help="how many, in all")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    options = parser.parse_args(arguments)
    return exit_code(
        lambda: make(options.kokoro, options.output, options.seed, options.clips, options.jobs)
    )


if __name__ == "__main__":
    raise SystemExit(main())
