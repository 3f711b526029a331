"""Synthetic voices saying digits and other short English words, made with espeak-ng.

    python recipes/synthetic_digits.py --output DIR [--seed 0] [--per-digit 220] [--others 4000]

For training only, never for a test: nobody's voice is in it. Writes one folder a word (``zero`` ..
``nine``, ``tree``, ``line`` ...) with 16 kHz FLAC files named after accent, variant, speed and
pitch, and ``clips.csv`` with one row a file. A run that was stopped goes on where
it was; another seed wants another folder.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr
from ending import exit_code
from made_clips import RATE, check_espeak, progress, trimmed, write_clip, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

# Near a digit first, then commands, then common words of many sounds.
OTHER_WORDS = (
    "tree free fee sea see key knee tea sick nice won't want fire fort fought form far fan fine "
    "late wait weight heaven line mine nights night fix sixty seventeen twenty thirty forty "
    "fifty eighty ninety eleven twelve thirteen fourteen fifteen eighteen nineteen hundred even "
    "oven leaven haven sever seventy send set sit sip since kicks picks mix ticks dive hive "
    "live find found fight file pint pine nigh nile nineties know no not none now non run sun "
    "son done gone wander wonder window once tune toot tool shoe true through threw throw "
    "thread throat thrive there they then today tomorrow do due new you who hero euro zebra zip "
    "zoo ear year near arrow narrow row borrow hello yes stop go up down left right on off cat "
    "dog bird house happy marvin sheila bed wow please thanks back front water fish apple "
    "orange music light door open close start begin end play pause next last more less high low "
    "big small hot cold red blue green white black yellow brown good bad morning evening time "
    "day week month name phone call message mail home work school street city country man woman "
    "child people friend mother father sister brother hand head eye foot face voice word book "
    "page number letter question answer maybe never always often half double dozen oh nought "
    "nothing something thousand million first second third fourth fifth ninth tenth "
    "forward backward learn follow visual fife wife knife life vive jive size sighs sacks socks "
    "seeks sixth seventh eighth nun mind mean main men moon mount tour floor pour war wore core "
    "ford horse force fleet treat trees threes it at hate gate age aid ape aim zeal sorrow "
    "serial tooth tube route root rude loose lose loon learned burn turn earn worn warn worm "
    "wand wants own iron arm ore oar sore saw law pharaoh fair fear fur fir further ward wood "
    "would could should thing think thin thick this that these those breathe breeze freeze "
    "frame fresh fruit stream strong string spring spread speak special shell seal cell sell "
    "sale sail save several severe server service summer sickness system text neck nickel lime "
    "like lake eat each edge egg aunt ant add odd old only under until upon use usual vision "
    "version very view visit vote vowel wall walk way we well went west what wheel when where "
    "which while wide wild will win wind wine wing winter wire wise wish with world worth wound "
    "write wrong yard yesterday yet young your zone zoom bag ball band bank bar base bath beach "
    "bear beat bell belt best better bill bit board boat body bone box boy brain bread bridge "
    "bright bring build bus busy buy cake camp cap car card care case chair chance change cheap "
    "check chest choose church circle class clean clear clock cloud coat coffee coin come cook "
    "cool copy corn cost count course cover cow cross cry cup cut dance dark deep desk dinner "
    "dish doctor dollar draw dream dress drink drive drop dry dust duty farm fast feel feet few "
    "field fill film finger finish fit flag flat flight flow flower fly fold food fool forget "
    "fork fox "
)


# Which voices read English ("en" is British; "en-gb" would drop every variant). Voices that sound
# alike are found by comparing what they say, not by trust.
ACCENT_NAMES = "en en-us en-029 en-gb-scotland en-gb-x-gbclan en-gb-x-gbcwmd en-gb-x-rp en-us-nyc"
VARIANT_NAMES = (
    "f1 f2 f3 f4 f5 m1 m2 m3 m4 m5 m6 m7 m8 klatt klatt2 klatt3 klatt4 klatt5 klatt6 Alex Alicia "
    "Andrea Andy Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Mario Michael Mike "
    "Nguyen adam anika antonio aunty belinda benjamin boris caleb david ed edward edward2 grandma "
    "grandpa gustave iven iven2 iven3 iven4 john linda marcelo max miguel norbert pablo paul pedro "
    "quincy rob robert sandro shelby steph steph2 steph3 travis victor zac"
)
OTHERS, ACCENTS, VARIANTS = OTHER_WORDS.split(), ACCENT_NAMES.split(), VARIANT_NAMES.split()

# English digits as other languages would spell what their speakers say.
FOREIGN = {
    "hi": "ज़ीरो वन टू थ्री फोर फाइव सिक्स सेवन एट नाइन",
    "mr": "झिरो वन टू थ्री फोर फाइव्ह सिक्स सेव्हन एट नाईन",
    "de": "siero uann tu sri foor faif sicks sewwen äjt nein",
    "es": "sirou uan tu sri for faiv siks séven eit nain",
    "it": "ziro uan tu - for faiv sics sèven eit nain",
    "pl": "ziro łan tu sri for fajf siks sewen ejt najn",
    "ru": "зиро уан ту сри фор файв сикс сэвэн эйт найн",
    "pt": "zirou uân tu - fór faiv siks séven eit nain",
    "nl": "ziero wan toe srie foor faaif siks sevven eet nain",
    "sv": "siråo oann to srii får fajv sicks sevven ejt najn",
    "fr-fr": "zirô ouane tou sri fore faïve sixe sévène éïte naïne",
    "bn": "জিরো ওয়ান টু থ্রি ফোর ফাইভ সিক্স সেভেন এইট নাইন",
    "ta": "ஜீரோ ஒன் டூ - ஃபோர் ஃபைவ் சிக்ஸ் செவன் எய்ட் நைன்",
    "te": "జీరో వన్ టూ - ఫోర్ ఫైవ్ సిక్స్ సెవెన్ ఎయిట్ నైన్",
    "ja": "ゼロ ワン ツー スリー フォー ファイブ シックス セブン エイト ナイン",
    "ko": "지로 원 투 쓰리 포 파이브 식스 세븐 에이트 나인",
    "id": "ziro wan tu - for faif siks sefen eit nain",
    "fa": "زیرو وان تو - فور فایو - سِوِن ایت ناین",
    "tr": "ziro van tu - for fayv siks sevın eyt nayn",
    "el": "ζίροου ουάν του θρι φορ φάιβ σιξ σέβεν έιτ νάιν",
    "ro": "zirou uan tu - for faiv sics seven eit nain",
    "hu": "zírou van tú szrí fór fájv sziksz szeven éjt nájn",
    "cs": "zírou uan tú srí fór fajv siks sevn ejt najn",
    "fi": "siirou uan tuu srii foor faiv siks seven eit nain",
    "uk": "зіро уан ту срі фор файв сікс севен ейт найн",
}
FOREIGN_SHARE = 0.35


@dataclass(frozen=True)
class Clip:
    """One word by one voice. ``text`` is what espeak-ng reads, ``word`` what is heard."""

    word: str
    text: str
    voice: str
    speed: int  # words a minute
    pitch: int  # 0..99

    @property
    def path(self) -> Path:
        """Where it lies below the output folder."""
        return Path(self.word) / f"{self.voice}_s{self.speed}_p{self.pitch}.flac"


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, make, report; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="folder to fill")
    parser.add_argument("--seed", type=int, default=0, help="draws voices, speeds and pitches")
    parser.add_argument("--per-digit", type=int, default=220, help="clips of each digit")
    parser.add_argument("--others", type=int, default=4000, help="clips of other words, in all")
    options = parser.parse_args(arguments)
    return exit_code(lambda: make(options.output, options.seed, options.per_digit, options.others))


def make(output: Path, seed: int, per_digit: int, others: int) -> None:
    """Fill the folder: so many clips of each digit and so many of the other words together.

    Where espeak-ng has too few voices that differ, there are fewer of a word; standard error says
    of which.

    Raises:
        MissingRequirement: there is no espeak-ng on this machine, or the folder cannot be used.
        OutOfSpace: the disk is full; the clips made before stay.
    """
    check_espeak()
    rng = np.random.default_rng(seed)
    voices = distinct_voices()
    wanted = [(word, per_digit) for word in DIGITS]
    wanted += [
        (word, others // len(OTHERS) + (place < others % len(OTHERS)))
        for place, word in enumerate(OTHERS)
    ]
    total, rows, short = sum(count for _, count in wanted), [], []
    for word, count in wanted:
        before = len(rows)
        for clip, digest in made(output, word, count, voices, rng):
            rows.append([str(clip.path), *(getattr(clip, f.name) for f in fields(Clip)), digest])
            progress(len(rows), total)
        if len(rows) - before < count:
            short.append(f"{word} ({len(rows) - before} of {count})")
    write_table(output / "clips.csv", [field.name for field in fields(Clip)], rows)
    if short:
        print(
            f"Only {len(rows)} of {total} clips: no further voice says these words otherwise: "
            + ", ".join(short),
            file=sys.stderr,
        )


def distinct_voices() -> list[str]:
    """Accents with variants that sound unlike each other and unlike the bare accent.

    espeak-ng takes an unknown variant silently for none, and some accents are the same voice.
    """
    heard: dict[str, str] = {}
    for accent in ACCENTS:
        for voice in (accent, *(f"{accent}+{variant}" for variant in VARIANTS)):
            sound = spoken(Clip("seven", "seven", voice, 170, 50))
            heard.setdefault(hashlib.sha256(sound.tobytes()).hexdigest(), voice)
    return list(heard.values())


def made(
    output: Path, word: str, count: int, voices: list[str], rng: np.random.Generator
) -> Iterator[tuple[Clip, str]]:
    """So many clips of the word, no two alike, each with the SHA-256 of its samples."""
    seen: set[str] = set()
    order = [voices[index] for index in rng.permutation(len(voices))]
    for attempt in range(20 * count):
        if len(seen) == count:
            return
        clip = drawn(word, order[attempt % len(order)], rng)
        target = output / clip.path
        if target.exists():
            sound, _ = soundfile.read(target, dtype="int16")
        else:
            sound = trimmed(spoken(clip))
        digest = hashlib.sha256(sound.tobytes()).hexdigest()
        if sound.size and digest not in seen:
            seen.add(digest)
            write_clip(target, sound)
            yield clip, digest


def drawn(word: str, voice: str, rng: np.random.Generator) -> Clip:
    """The word by this voice, or now and then a digit by a foreign one; how fast, how high."""
    foreign = str(rng.choice(list(FOREIGN)))
    speed, pitch = int(rng.integers(100, 226)), int(rng.integers(15, 86))
    text = word
    if rng.uniform() < FOREIGN_SHARE and word in DIGITS:
        spelled = FOREIGN[foreign].split()[DIGITS.index(word)]
        if spelled != "-":  # what these speakers say is another English word
            text = spelled
            voice = f"{foreign}{voice[voice.index('+') :]}" if "+" in voice else foreign
    return Clip(word, text, voice, speed, pitch)


def spoken(clip: Clip) -> np.ndarray:
    """What espeak-ng says, int16 at 16 kHz."""
    command = ["espeak-ng", "-v", clip.voice, "-s", str(clip.speed), "-p", str(clip.pitch)]
    done = subprocess.run([*command, "--stdout", "--", clip.text], capture_output=True, check=False)
    if done.returncode or len(done.stdout) <= 44:
        return np.zeros(0, np.int16)
    # The header of a piped WAV claims 2 GB: skip its 44 bytes, whose layout is known.
    samples = np.frombuffer(done.stdout[44 : len(done.stdout) // 2 * 2], np.int16)
    rate = int.from_bytes(done.stdout[24:28], "little")
    return np.asarray(soxr.resample(samples, rate, RATE))


if __name__ == "__main__":
    raise SystemExit(main())
