"""WAVE files: uncompressed ones are read here, the others in a clean file made for the decoder."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Literal

from voxtrait.audio import media, sndfile
from voxtrait.audio.bounds import check_format
from voxtrait.audio.pcm import Encoding, pcm_track
from voxtrait.audio.riff import WaveLayout, read_layout
from voxtrait.audio.splice import Splice
from voxtrait.audio.surplus import warn_surplus
from voxtrait.audio.warning import warn_cut

if TYPE_CHECKING:
    from voxtrait.audio.source import Source
    from voxtrait.audio.track import Track

__all__ = ["open_wave"]

PCM, FLOAT, ALAW, ULAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
MPEG = (0x50, 0x55)
# Microsoft and IMA ADPCM, GSM 6.10, NMS, G.721: libsndfile decodes them.
COMPRESSED = (0x02, 0x11, 0x31, 0x38, 0x40)


def open_wave(source: Source) -> Track:
    """A RIFF, RIFX, RF64 or BW64 file of any encoding.

    Raises:
        UnreadableAudio: the format chunk contradicts itself, or the file has no samples.
        AudioOutOfBounds: its sample rate or number of channels.
        MissingExtra: of an encoding that needs PyAV.
    """
    layout = read_layout(source)
    if len(layout.format) < 14:
        raise source.refuse(f"has a format chunk of {len(layout.format)} bytes; 16 are needed")
    fields = layout.format[:16].ljust(16, b"\0")
    tag, channels, rate, bytes_a_second, align, bits = struct.unpack(
        layout.order + "HHIIHH", fields
    )
    if tag == EXTENSIBLE and len(layout.format) >= 26:
        tag = struct.unpack_from(layout.order + "H", layout.format, 24)[0]
    check_format(source.name, rate, channels)
    encoding = _encoding(source, tag, channels, align, bits, layout.order)
    warn_surplus(source, layout.surplus, rate * align if encoding else bytes_a_second)
    if encoding is not None:
        return pcm_track(source, encoding, rate, channels, layout.spans, layout.promised)
    there = sum(end - start for start, end in layout.spans)
    warn_cut(source.name, layout.promised, there)
    if tag in MPEG:
        from voxtrait.audio import mpeg

        return mpeg.open_mpeg(source, layout.spans)
    if tag in COMPRESSED and layout.order == "<":
        return _open_compressed(source, layout, there)
    return media.open_media(source, f"a WAV file of encoding {tag:#06x}")


def _encoding(
    source: Source, tag: int, channels: int, align: int, bits: int, order: Literal["<", ">"]
) -> Encoding | None:
    if tag not in (PCM, FLOAT, ALAW, ULAW):
        return None
    width, odd = divmod(align, channels)
    if odd or not 1 <= bits <= 64 or not (bits + 7) // 8 <= width <= 8:
        raise source.refuse(
            f"contradicts itself: {channels} channels of {bits} bits in frames of {align} bytes"
        )
    if tag == FLOAT:
        if (width, bits) not in ((4, 32), (8, 64)):
            raise source.refuse(f"has floats of {bits} bits in {width} bytes; 32 or 64 are known")
        return Encoding("float", width, order)
    if tag in (ALAW, ULAW):
        if width != 1:
            raise source.refuse(f"has A-law or mu-law samples of {width} bytes; they have 1")
        return Encoding("alaw" if tag == ALAW else "ulaw", 1)
    return Encoding("unsigned" if width == 1 else "signed", width, order)


def _open_compressed(source: Source, layout: WaveLayout, there: int) -> Track:
    """Samples that libsndfile decodes, behind a header of three chunks that cannot mislead it.

    Its own walk over the chunks of a 128-byte file with a wild size in a LIST never ends.
    """
    format_ = layout.format + b"\0" * (len(layout.format) % 2)
    body = b"WAVE" + struct.pack("<4sI", b"fmt ", len(layout.format)) + format_
    body += struct.pack("<4sII", b"fact", 4, 0) + struct.pack("<4sI", b"data", there)
    size = min(len(body) + there, 0xFFFFFFFF)
    head = struct.pack("<4sI", b"RIFF", size) + body
    return sndfile.open_sound(source, Splice(source, [head, *layout.spans]))
