"""Make the demonstration recordings with espeak-ng: ``python examples/make_recordings.py``.

The voices are synthetic. Nobody's age or gender stands behind them, so an answer about them is
neither right nor wrong; they show what an answer looks like. The digits are what was said.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr

RATE = 16_000
FOLDER = Path(__file__).parent / "recordings"

PAUSE = '<break time="400ms"/>'  # longer than any pause within a word

# File name: espeak-ng's voice, pitch (0 to 99), words a minute, and what is said.
RECORDINGS = {
    "digit-three": ("en-us", 40, 130, "three"),
    "digit-four": ("en-gb-scotland", 45, 130, "four"),
    "digit-seven": ("en-us+f2", 60, 130, "seven"),
    "digit-eight": ("en-gb-x-rp+f4", 55, 130, "eight"),
    "digits-two-five-nine": ("en-gb", 45, 130, f"two {PAUSE} five {PAUSE} nine"),
    "sentence-harbour": (
        "en-us+m3",
        40,
        150,
        "The boats left the harbour before the sun came up.",
    ),
    "sentence-kettle": (
        "en-gb-scotland+f3",
        60,
        150,
        "Please put the kettle on, it is raining again.",
    ),
    "sentence-train": (
        "en-gb-x-rp+klatt4",
        45,
        150,
        "The last train to the coast leaves from platform two.",
    ),
}


def hear(voice: str, pitch: int, speed: int, text: str) -> tuple[np.ndarray, int]:
    """What espeak-ng says, float32 mono, and its sample rate in Hz."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "spoken.wav"
        options = f"-m -v {voice} -p {pitch} -s {speed} -w".split()
        subprocess.run(["espeak-ng", *options, str(file), text], check=True)
        return soundfile.read(file, dtype="float32")


def speak(voice: str, pitch: int, speed: int, text: str) -> np.ndarray:
    """The recording of one line of ``RECORDINGS``: float32 mono at 16 kHz."""
    spoken, rate = hear(voice, pitch, speed, text)
    plain, variant = voice.partition("+")[::2]
    # espeak-ng says nothing about a variant that it does not apply, as with every one of "en-gb".
    if variant and np.array_equal(spoken, hear(plain, pitch, speed, text)[0]):
        raise SystemExit(f"espeak-ng ignores the variant of {voice!r}: choose another voice.")
    resampled = soxr.resample(spoken, rate, RATE, quality="HQ")
    quiet = np.zeros(RATE // 5, np.float32)
    whole = np.concatenate([quiet, resampled, quiet])
    # A faint hiss, as of a microphone: digital silence would make the pauses unlike any recording.
    hiss = np.random.default_rng(0).normal(0.0, 3e-5, len(whole))
    return (0.5 * whole / np.abs(whole).max() + hiss).astype(np.float32)


def main() -> None:
    """Write every recording as 16-bit FLAC, one below another in ``examples/recordings``."""
    FOLDER.mkdir(exist_ok=True)
    for name, spoken in RECORDINGS.items():
        soundfile.write(FOLDER / f"{name}.flac", speak(*spoken), RATE, subtype="PCM_16")


if __name__ == "__main__":
    main()
