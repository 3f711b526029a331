"""Recordings in which nobody speaks: chords and tunes of the instruments of a soundfont.

``python benchmarks/instruments.py DIR`` plays each of the 128 programs that is no voice twice, as a
chord of three seconds and as a tune of eight notes, into ``DIR/chord`` and ``DIR/tune``; then
``python benchmarks/speech.py --without-voice DIR`` asks the speech detector about them. It needs
fluidsynth, a soundfont (on Debian: ``apt install fluidsynth timgm6mb-soundfont``) and mido
(``pip install mido``).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

SOUNDFONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
RATE = 16_000
BEAT = 480  # ticks; half a second
VOICES = (52, 53, 54, 85, 91)  # programs that sing
TUNES = {
    "chord": ([(48, 55, 60, 64)], 6 * BEAT),
    "tune": ([(note,) for note in (57, 60, 64, 62, 57, 55, 60, 52)], 3 * BEAT // 4),
}


def main() -> int:
    """Play every program."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("output", type=Path, metavar="DIR")
    parser.add_argument("--soundfont", type=Path, default=SOUNDFONT, metavar="FILE")
    options = parser.parse_args()
    if shutil.which("fluidsynth") is None or not options.soundfont.exists():
        print(f"fluidsynth or {options.soundfont} is not here.", file=sys.stderr)
        return 5
    if find_spec("mido") is None:
        print("mido is not here: pip install mido", file=sys.stderr)
        return 5
    for name, (chords, ticks) in TUNES.items():
        folder = options.output / name
        folder.mkdir(parents=True, exist_ok=True)
        for program in range(128):
            if program not in VOICES:
                play(options.soundfont, program, chords, ticks, folder / f"{program:03}.wav")
    return 0


def play(
    soundfont: Path, program: int, chords: Sequence[Sequence[int]], ticks: int, path: Path
) -> None:
    """One program plays the chords one after the other, each for so many ticks."""
    import mido

    track = mido.MidiTrack([mido.Message("program_change", program=program)])
    for chord in chords:
        track += [mido.Message("note_on", note=note, velocity=100) for note in chord]
        track += [
            mido.Message("note_off", note=note, time=ticks if first == 0 else 0)
            for first, note in enumerate(chord)
        ]
    with tempfile.NamedTemporaryFile(suffix=".mid") as file:
        mido.MidiFile(tracks=[track], ticks_per_beat=BEAT).save(file.name)
        rendered = ["fluidsynth", "-niq", "-r", str(RATE), "-F", path, soundfont, file.name]
        subprocess.run(rendered, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
