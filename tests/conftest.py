"""Fixtures of every test."""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Whoever is started in the background ignores interrupts, and so does all that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# librosa keeps what numba compiles. Two test processes that compile at once spoil what both keep,
# and whoever loads it then crashes: each has a place of its own.
os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(prefix="numba-")
atexit.register(shutil.rmtree, os.environ["NUMBA_CACHE_DIR"], ignore_errors=True)

REPOSITORY = Path(__file__).parents[1]
RECORDINGS = REPOSITORY / "examples" / "recordings"
TONE = "a tone"


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of the demonstration recordings: synthetic voices, digits and sentences."""
    return RECORDINGS


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real corpora; a test that needs it is skipped where there is none."""
    place = Path(os.environ.get("VOXTRAIT_CORPORA") or REPOSITORY.parent / "shared" / "corpora")
    if not place.is_dir():
        pytest.skip(f"There are no corpora at {place}; VOXTRAIT_CORPORA names their folder.")
    return place


@pytest.fixture
def plant(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Make files below ``tmp_path``: a path to a text, or to ``TONE`` for a short recording."""

    def make(tree: dict[str, str]) -> Path:
        for name, content in tree.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content == TONE:
                time = np.arange(1600) / 8000
                soundfile.write(path, 0.3 * np.sin(2 * np.pi * 220 * time), 8000)
            else:
                path.write_text(content, encoding="utf-8")
        return tmp_path

    return make


@pytest.fixture
def fixture_corpora(plant: Callable[[dict[str, str]], Path]) -> Path:
    """Every corpus under its usual name, two computed recordings each."""
    return plant(
        {
            "audiomnist/data/01/0_01_0.wav": TONE,
            "audiomnist/data/12/7_12_0.flac": TONE,
            "audiomnist/data/audioMNIST_meta.txt": (
                '{"01": {"age": 30, "gender": "male", "accent": "german"},'
                ' "12": {"age": "26", "gender": "female", "accent": "German"}}'
            ),
            "common_voice/cv-corpus-18.0/en/validated.tsv": (
                "client_id\tpath\tsentence\tage\tgender\taccents\tlocale\n"
                'ab12\tclip_1.mp3\tShe said "no.\tfourties\tfemale_feminine\tIrish\ten\n'
            ),
            "common_voice/cv-corpus-18.0/en/clips/clip_1.mp3": TONE,
            "common_voice_1/cv-valid-dev.csv": (
                "filename,text,age,gender,accent,duration\n"
                "cv-valid-dev/sample-000004.mp3,hello,teens,male,us,\n"
            ),
            "common_voice_1/cv-valid-dev/sample-000004.mp3": TONE,
            "folders/female/ann/a.wav": TONE,
            "folders/male/b.flac": TONE,
            "fsdd/recordings/0_jackson_0.wav": TONE,
            "fsdd/recordings/7_george_12.flac": TONE,
            "synthetic/seven/en+f1_s170_p50.flac": TONE,
            "synthetic/tree/en-us_s120_p30.flac": TONE,
            "librispeech/LibriSpeech/SPEAKERS.TXT": (
                ";ID |SEX| SUBSET |MINUTES| NAME\n"
                "60 | M | train-clean-100 | 20.18 | | CBW|Simon\n"
                "84 | F | dev-clean | 8.02 | Christie Nowak\n"
            ),
            "librispeech/LibriSpeech/train-clean-100/60/1/60-1-0000.flac": TONE,
            "librispeech/LibriSpeech/dev-clean/84/2/84-2-0000.flac": TONE,
            "noise/files.csv": "path,kind\nesc10_rain/1-17367-A.opus,noise\nhall/a.flac,room\n",
            "noise/esc10_rain/1-17367-A.ogg": TONE,
            "noise/hall/a.flac": TONE,
            "speech_commands/seven/aa11_nohash_0.wav": TONE,
            "speech_commands/bed/bb22_nohash_3.flac": TONE,
            "table/recordings.csv": "path,speaker,sex,age\na.wav,ann,F,33\nb.wav,,M,60+\n",
            "table/a.wav": TONE,
            "table/b.flac": TONE,
        }
    )


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """For one test, permissions hold also for root: in this thread and in whatever it starts.

    An ordinary user has nothing to give up. Root keeps its name and loses its power: the
    capabilities to pass over permission bits, here, and every capability in a child process. To
    become ``nobody`` instead would not do, for the interpreter itself may lie in root's home.
    """
    if not hasattr(os, "geteuid"):
        pytest.skip("Windows has no permission bits to test.")
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("Root can only give up its power for a while on Linux; run as another user.")
    with _Powerless():
        yield


class _Words(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


class _Powerless:
    """Linux capabilities, given up on entering and taken back on leaving."""

    HEADER = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this thread
    OVER_PERMISSIONS = 1 << 1 | 1 << 2 | 1 << 3  # CAP_DAC_OVERRIDE, _READ_SEARCH, CAP_FOWNER
    GET_SECUREBITS, SET_SECUREBITS, NO_ROOT = 27, 28, 1

    def __enter__(self) -> None:
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.words = (_Words * 2)()
        self.bits = self.libc.prctl(self.GET_SECUREBITS, 0, 0, 0, 0)
        # With this bit a program started by root begins without any capability.
        refused = self.libc.prctl(self.SET_SECUREBITS, self.bits | self.NO_ROOT, 0, 0, 0)
        if refused or self.libc.capget(self.HEADER, self.words):
            pytest.skip("Root may not give up its power here; run as another user.")
        self.effective = self.words[0].effective
        self._set(self.effective & ~self.OVER_PERMISSIONS)

    def __exit__(self, *_: object) -> None:
        self._set(self.effective)
        self.libc.prctl(self.SET_SECUREBITS, self.bits, 0, 0, 0)

    def _set(self, effective: int) -> None:
        self.words[0].effective = effective
        if self.libc.capset(self.HEADER, self.words):
            raise OSError(ctypes.get_errno(), "capset")
