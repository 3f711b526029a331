"""Which format a file has, by its content. Its name is never asked.

A format's module is imported when the first file of the format comes: all of them together would
be a tenth of the time from the start of a process to its first answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxtrait.audio import media
from voxtrait.audio.bounds import CONVERT
from voxtrait.audio.source import ANOTHER_FILE
from voxtrait.errors import UnreadableAudio
from voxtrait.system import install_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxtrait.audio.source import Source
    from voxtrait.audio.track import Track

__all__ = ["AUDIO_SUFFIXES", "open_track"]

# fmt: off
AUDIO_SUFFIXES = frozenset(
    {
        ".3gp", ".aac", ".ac3", ".aif", ".aifc", ".aiff", ".amr", ".ape", ".au", ".avi", ".bwf",
        ".caf", ".dsf", ".dts", ".eac3", ".flac", ".flv", ".m4a", ".m4b", ".mka", ".mkv", ".mov",
        ".mp1", ".mp2", ".mp3", ".mp4", ".mpc", ".mpeg", ".mpg", ".mpga", ".oga", ".ogg", ".ogv",
        ".opus", ".ra", ".rf64", ".rm", ".snd", ".spx", ".tak", ".tta", ".wav", ".wave", ".weba",
        ".webm", ".wma", ".wv",
    }
)
# fmt: on
"""Endings, in lower case, by which a walk through a folder tells recordings from other files."""

CONTAINERS = (  # offset, what stands there, what it is: all of them need PyAV
    (4, b"ftyp", "an m4a, mp4 or 3gp file"),
    (0, b"\x1a\x45\xdf\xa3", "a webm or Matroska file"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a WMA file"),
    (0, b"#!AMR", "an AMR file"),
    (0, b"ADIF", "an AAC file"),
    (0, b"wvpk", "a WavPack file"),
    (0, b"MAC ", "a Monkey's Audio file"),
    (0, b"TTA1", "a True Audio file"),
    (0, b"MPCK", "a Musepack file"),
    (0, b"FLV\x01", "a Flash video"),
    (8, b"AVI ", "an AVI film"),
    (0, b"\x0b\x77", "an AC-3 file"),
    (0, b"DSD ", "a DSD file"),
)
OTHERS = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
UNREAD = (
    (b"NIST_1A", "a NIST SPHERE file, which is not read"),
    (b"riff\x2e\x91\xcf\x11", "a Wave64 file, which is not read"),
    (b"Creative Voice File", "a VOC file, which is not read"),
)
MAX_TAGS = 4  # in a row


def open_track(source: Source) -> Track:
    """The sound of a file of any format that is read.

    Raises:
        UnreadableAudio: not audio, damaged, or of an unknown format.
        AudioOutOfBounds: its sample rate or number of channels.
        MissingExtra: of a format that needs PyAV, which is not installed.
    """
    start = _after_tags(source)
    head = source.at(start, 64)
    if head.startswith(b"fLaC"):
        from voxtrait.audio import flac

        return flac.open_flac(source, start)
    if not start:
        opener = _opener(head)
        if opener is not None:
            return opener(source)
        _refuse_others(source, head)
    elif not head.startswith(b"OggS") and _opener(head) is not None:
        raise source.refuse(
            "has an ID3 tag in front of a file of another kind, which readers do not expect",
            "Take it off, or convert it with: ffmpeg -i FILE OUT.wav",
        )
    for offset, magic, what in CONTAINERS:
        if head[offset:].startswith(magic):
            return media.open_media(source, what, (start, source.size))
    # ADTS differs from MP3 in its layer bits, which are 0.
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return media.open_media(source, "an AAC file", (start, source.size))
    from voxtrait.audio import mpeg

    return mpeg.find_mpeg(source) or _open_unknown(source, head)


def _opener(head: bytes) -> Callable[[Source], Track] | None:
    """What opens a file that begins so, if it can only be of one format."""
    if head[8:12] == b"WAVE":
        from voxtrait.audio import riff, wave

        return wave.open_wave if riff.is_wave(head) else None
    if head.startswith(b"OggS"):
        from voxtrait.audio import ogg

        return ogg.open_ogg
    from voxtrait.audio import aiff, au, caf

    formats = (
        (aiff.is_aiff, aiff.open_aiff),
        (au.is_au, au.open_au),
        (caf.is_caf, caf.open_caf),
    )
    return next((opener for matches, opener in formats if matches(head)), None)


def _after_tags(source: Source) -> int:
    """Offset behind ID3v2 tags, which some programs put before formats other than MP3 too."""
    start = 0
    for _ in range(MAX_TAGS):
        head = source.at(start, 10)
        if not head.startswith(b"ID3"):
            break
        from voxtrait.audio.mpeg_frames import id3_size

        start += id3_size(head)
    return start if start < source.size else 0


def _refuse_others(source: Source, head: bytes) -> None:
    for kinds, hint in ((OTHERS, ANOTHER_FILE), (UNREAD, CONVERT)):
        for magic, what in kinds:
            if head.startswith(magic):
                raise source.refuse(f"is {what}", hint)


def _is_text(sample: bytes) -> bool:
    if any(c < 32 and c not in b"\t\n\r\f\x1b" for c in sample):
        return False
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(sample) - 3  # a letter cut in two
    return True


def _open_unknown(source: Source, head: bytes) -> Track:
    if _is_text(source.at(0, 512)):
        raise source.refuse(
            "is text, not audio",
            "Give a WAV, FLAC, MP3 or Ogg file; on the command line @LIST reads a list of paths.",
        )
    unknown = f"is not audio of a known format (it begins with {head[:8]!r})"
    if not media.has_media():
        raise source.refuse(
            unknown, f"For rarer formats: {install_line('media')}. Raw samples need a header."
        )
    try:
        return media.open_media(source, "audio")
    except UnreadableAudio as error:
        raise source.refuse(unknown, "Raw samples without a header need one.") from error
