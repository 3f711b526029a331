"""Sound as numbers: recordings of any common format as float32 mono waveforms.

A file's content says what it is; WAV, AIFF, AU and uncompressed CAF are read here, FLAC, MP3, Ogg
Vorbis and Opus by libsndfile, the rest by ffmpeg where the ``media`` extra is installed.
soundfile, soxr and PyAV are imported when the first recording needs them.
"""

from __future__ import annotations

from voxtrait.audio.bounds import check_levels
from voxtrait.audio.formats import AUDIO_SUFFIXES
from voxtrait.audio.read import AudioStream, open_stream, probe, read, stream
from voxtrait.audio.resample import Resampler, resample
from voxtrait.audio.source import AudioSource
from voxtrait.audio.warning import AudioWarning

__all__ = [
    "AUDIO_SUFFIXES",
    "AudioSource",
    "AudioStream",
    "AudioWarning",
    "Resampler",
    "check_levels",
    "open_stream",
    "probe",
    "read",
    "resample",
    "stream",
]
